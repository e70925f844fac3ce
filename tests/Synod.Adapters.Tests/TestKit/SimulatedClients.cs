using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>Clients that each call one operation after the other, against a machine in which every
/// operation takes effect at a random time between its call and its return.</summary>
internal sealed class SimulatedClients<TState>(ClientCalls<TState> calls, SeededRandom random)
    where TState : notnull, IEquatable<TState>
{
    private readonly PriorityQueue<int, long> _free = new();
    private readonly List<(Operation Asked, long Point)> _asked = [];

    public int Processes { get; init; } = 16;

    public int Keys { get; init; } = 1;

    /// <summary>How long a client waits at most before it calls again.</summary>
    public int ThinkMax { get; init; } = 40;

    /// <summary>How long an operation takes at most.</summary>
    public int ServeMax { get; init; } = 100;

    /// <summary>How many of a hundred answers are from another state than the right one.</summary>
    public int WrongPercent { get; init; }

    /// <summary>How many of a thousand outcomes are unknown; half of these take effect.</summary>
    public int UnknownPermille { get; init; }

    public IReadOnlyList<Operation> Run(int count)
    {
        for (int process = 0; process < Processes; process++)
            _free.Enqueue(process, random.Below(ThinkMax));
        int next = Processes;
        for (int number = 0; number < count; number++)
        {
            _free.TryDequeue(out int process, out long now);
            Operation asked = Ask(process, number, now);
            bool isUnknown = asked.Type == OperationType.Info;
            long free = now + 1 + random.Below(ServeMax);
            _free.Enqueue(
                isUnknown ? next++ : process, (asked.Return ?? free) + 1 + random.Below(ThinkMax));
        }

        return [.. Answer()];
    }

    /// <summary>The same, with the answer of one operation, after so many percent, that was right
    /// for an earlier one.</summary>
    public static IReadOnlyList<Operation> Spoil(
        IReadOnlyList<Operation> operations, string f, int percent)
    {
        Operation[] spoilt = [.. operations.OrderBy(static operation => operation.Call)];
        for (int place = spoilt.Length * percent / 100; place < spoilt.Length; place++)
        {
            Operation late = spoilt[place];
            Operation? early = spoilt
                .Take(place - (spoilt.Length / 20))
                .LastOrDefault(other => other.F == f
                    && other.Key == late.Key
                    && other.Type == OperationType.Ok
                    && !other.Output.IsNull
                    && other.Output != late.Output);
            if (late.F != f || late.Type != OperationType.Ok || early is null)
                continue;

            spoilt[place] = late with { Output = early.Output, Value = Echo(late, early) };
            break;
        }

        return spoilt;
    }

    private static HistoryValue Echo(Operation late, Operation early) =>
        late.F == "txn" ? early.Value : late.Value;

    private Operation Ask(int process, int number, long now)
    {
        bool isUnknown = random.Chance(UnknownPermille, 1000);
        (string f, HistoryValue value) = calls.Next(random, number);
        long end = now + 1 + random.Below(ServeMax);
        Operation asked = new(
            process,
            f,
            $"k{random.Below(Keys)}",
            value,
            now,
            isUnknown ? null : end,
            isUnknown ? OperationType.Info : OperationType.Ok,
            default);
        bool isLost = isUnknown && random.Chance(1, 2);
        long late = isUnknown ? 5 * ServeMax : 0;
        _asked.Add((asked, isLost ? long.MaxValue : now + random.Below(end - now + 1 + late)));
        return asked;
    }

    private IEnumerable<Operation> Answer()
    {
        Dictionary<string, List<TState>> statesOf = [];
        foreach ((Operation asked, long point) in _asked.OrderBy(static asked => asked.Point))
        {
            string key = calls.Model.IsPartitioned ? asked.Key : "";
            if (!statesOf.TryGetValue(key, out List<TState>? states))
                statesOf[key] = states = [calls.Model.Initial];
            bool isWrong = WrongPercent > 0 && random.Chance(WrongPercent, 100);
            int place = isWrong ? (int)random.Below(states.Count) : states.Count - 1;
            yield return AnswerIn(states[place], asked);
            if (point != long.MaxValue)
                states.Add(After(states[^1], asked));
        }
    }

    private Operation AnswerIn(TState state, Operation asked) => asked.Type == OperationType.Ok
        ? asked with { Output = calls.Answer(state, asked) }
        : asked;

    private TState After(TState state, Operation asked)
    {
        Operation right = AnswerIn(state, asked);
        return calls.Model.TryApply(state, right, out TState after)
            ? after
            : throw new InvalidOperationException($"{right} is refused");
    }
}
