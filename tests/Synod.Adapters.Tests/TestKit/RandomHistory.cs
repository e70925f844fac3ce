using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>A machine that clients use at random, with answers that are right, except for some.
/// </summary>
internal sealed class RandomHistory<TState>(
    HistoryModel<TState> model, RandomCalls calls, SeededRandom random)
    where TState : notnull, IEquatable<TState>
{
    private readonly List<(Operation Asked, long Point)> _asked = [];

    /// <summary>How many of a hundred answers are wrong.</summary>
    public int WrongPercent { get; init; }

    /// <summary>How many of a thousand outcomes are unknown; half of these take effect.</summary>
    public int UnknownPermille { get; init; }

    public required int Processes { get; init; }

    public required int Keys { get; init; }

    /// <summary>How long an operation takes at most.</summary>
    public int TicksMax { get; init; } = 6;

    public History Make(int count)
    {
        long[] free = new long[Processes];
        int[] names = [.. Enumerable.Range(0, Processes)];
        for (int made = 0; made < count; made++)
        {
            int process = (int)random.Below(Processes);
            long call = free[process] + random.Below(3);
            long end = call + random.Below(TicksMax);
            free[process] = end == call ? end + 1 : end;
            Ask(names[process], call, end);
            if (_asked[^1].Asked.Type == OperationType.Info)
                names[process] = Processes + made;
        }

        return new History(model.Name, Answer());
    }

    private void Ask(int process, long call, long end)
    {
        bool isUnknown = random.Chance(UnknownPermille, 1000);
        (string f, HistoryValue value) = calls.Next(random);
        string key = $"k{random.Below(Keys)}";
        Operation asked = new(
            process,
            f,
            key,
            value,
            call,
            isUnknown ? null : end,
            isUnknown ? OperationType.Info : OperationType.Ok,
            default);
        bool takesEffect = !isUnknown || random.Chance(1, 2);
        long late = isUnknown ? 5 * TicksMax : 0;
        long point = call + random.Below(end - call + 1 + late);
        _asked.Add((asked, takesEffect ? point : long.MaxValue));
    }

    private IEnumerable<Operation> Answer()
    {
        Dictionary<string, TState> states = [];
        foreach ((Operation asked, long point) in _asked.OrderBy(static asked => asked.Point))
        {
            if (point == long.MaxValue)
            {
                yield return asked;
                continue;
            }

            string key = model.IsPartitioned ? asked.Key : "";
            TState state = states.GetValueOrDefault(key, model.Initial);
            yield return Answer(asked, state, out TState next);
            states[key] = next;
        }
    }

    private Operation Answer(Operation asked, TState state, out TState next)
    {
        if (asked.Type == OperationType.Info)
            return model.TryApply(state, asked, out next) ? asked : Failed(asked, state, out next);

        TState after = state;
        Operation? right = calls.Answers(asked)
            .Select(answer => asked with { Output = answer })
            .FirstOrDefault(answered => model.TryApply(state, answered, out after));
        next = after;
        if (right is null)
            return Failed(asked, state, out next);
        if (!random.Chance(WrongPercent, 100))
            return right;

        HistoryValue[] answers = [.. calls.Answers(asked)];
        return asked with { Output = answers[random.Below(answers.Length)] };
    }

    private static Operation Failed(Operation asked, TState state, out TState next)
    {
        next = state;
        return asked.Type == OperationType.Info
            ? asked
            : asked with { Type = OperationType.Fail };
    }
}
