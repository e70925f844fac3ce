using Synod.TestKit;

namespace Synod.Cli.Demo;

/// <summary>Checks a history of one counter to which only ones are added, directly: every
/// acknowledged increment has the value it made as its result, so the results give the
/// order.</summary>
/// <param name="Acknowledged">Increments that succeeded.</param>
/// <param name="Unknown">Increments that may have happened.</param>
/// <param name="Lost">Acknowledged increments that the final value does not contain, or that share
/// their result with another.</param>
/// <param name="Fault">What is wrong with the order; null if nothing is.</param>
internal sealed record CounterVerdict(int Acknowledged, int Unknown, long Lost, string? Fault)
{
    public static CounterVerdict Of(IReadOnlyList<Operation> history, long finalValue)
    {
        Operation[] increments =
            [.. history.Where(static entry => IsIncrement(entry) && IsOk(entry))];
        Operation[] unknown =
            [.. history.Where(static entry => IsIncrement(entry) && IsUnknown(entry))];
        Operation[] reads =
            [.. history.Where(static entry => !IsIncrement(entry) && IsOk(entry))];

        long shared = increments.Length - increments.DistinctBy(AnswerOf).LongCount();
        long beyond = increments.LongCount(increment => AnswerOf(increment) > finalValue);
        Operation[] answered = [.. increments, .. reads];
        string? fault = FinalFault(answered, finalValue)
            ?? UnknownFault(answered, unknown, finalValue)
            ?? OrderFault(answered);
        return new CounterVerdict(increments.Length, unknown.Length, shared + beyond, fault);
    }

    /// <summary>The same of several counters, each on a key of its own.</summary>
    public static CounterVerdict OfAll(
        IReadOnlyList<Operation> history, IReadOnlyDictionary<string, long> finalValues)
    {
        CounterVerdict all = new(0, 0, 0, null);
        foreach ((string key, long finalValue) in finalValues)
        {
            CounterVerdict one = Of([.. history.Where(entry => entry.Key == key)], finalValue);
            string? fault = one.Fault is null ? null : $"{key}: {one.Fault}";
            all = new CounterVerdict(
                all.Acknowledged + one.Acknowledged,
                all.Unknown + one.Unknown,
                all.Lost + one.Lost,
                all.Fault ?? fault);
        }

        return all;
    }

    private static bool IsIncrement(Operation entry) => entry.F == RunHistory.Increment;

    private static bool IsOk(Operation entry) => entry.Type == OperationType.Ok;

    private static bool IsUnknown(Operation entry) => entry.Type == OperationType.Info;

    private static long AnswerOf(Operation entry) => entry.Output.AsInt64();

    private static string? FinalFault(Operation[] answered, long finalValue)
    {
        long highest = answered.Select(AnswerOf).DefaultIfEmpty().Max();
        return highest > finalValue
            ? $"the final value is {finalValue}, below {highest}, which was answered"
            : null;
    }

    // A value that no acknowledged increment made was made by an unknown one, each by another, that
    // was called before anybody was answered this value or a higher one.
    private static string? UnknownFault(
        Operation[] answered, Operation[] unknown, long finalValue)
    {
        long[] calls = [.. unknown.Select(static entry => entry.Call).Order()];
        long[] firstSeen = FirstSeen(answered, finalValue);
        HashSet<long> made = [.. answered
            .Where(IsIncrement)
            .Select(AnswerOf)];
        int used = 0;
        for (long value = 1; value <= finalValue; value++)
        {
            if (made.Contains(value))
                continue;
            if (used == calls.Length || calls[used] > firstSeen[value])
            {
                return $"value {value} was made by nobody: {used} of {calls.Length} unknown "
                    + "increments are needed for lower values, and no other had been called when "
                    + "it was seen";
            }

            used++;
        }

        return null;
    }

    // When an answer first showed that the counter has come to a value.
    private static long[] FirstSeen(Operation[] answered, long finalValue)
    {
        long[] seen = new long[finalValue + 1];
        Array.Fill(seen, long.MaxValue);
        foreach (Operation entry in answered)
        {
            long value = AnswerOf(entry);
            seen[value] = Math.Min(seen[value], entry.Return ?? long.MaxValue);
        }

        for (long value = finalValue - 1; value >= 0; value--)
            seen[value] = Math.Min(seen[value], seen[value + 1]);
        return seen;
    }

    // In the order of calls, an operation must see at least the highest value that was answered
    // before it was called; an increment must see more than that.
    private static string? OrderFault(Operation[] answered)
    {
        Operation[] byReturn = [.. answered.OrderBy(static entry => entry.Return)];
        Operation[] byCall = [.. answered.OrderBy(static entry => entry.Call)];
        long seen = 0;
        int returned = 0;
        foreach (Operation entry in byCall)
        {
            for (; byReturn[returned].Return < entry.Call; returned++)
                seen = Math.Max(seen, AnswerOf(byReturn[returned]));

            long least = IsIncrement(entry) ? seen + 1 : seen;
            if (AnswerOf(entry) < least)
            {
                return $"process {entry.Process} was answered {AnswerOf(entry)} to a call at "
                    + $"{entry.Call} us, after {seen} had been answered: time went backwards";
            }
        }

        return null;
    }
}
