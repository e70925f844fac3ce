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
    public static CounterVerdict Of(IReadOnlyList<HistoryEntry> history, long finalValue)
    {
        HistoryEntry[] increments =
            [.. history.Where(static entry => entry.IsIncrement && entry.IsOk)];
        HistoryEntry[] unknown =
            [.. history.Where(static entry => entry.IsIncrement && entry.IsUnknown)];
        HistoryEntry[] reads = [.. history.Where(static entry => !entry.IsIncrement && entry.IsOk)];

        long shared = increments.Length - increments.DistinctBy(static i => i.Out).LongCount();
        long beyond = increments.LongCount(increment => increment.Out > finalValue);
        HistoryEntry[] answered = [.. increments, .. reads];
        string? fault = FinalFault(answered, finalValue)
            ?? UnknownFault(answered, unknown, finalValue)
            ?? OrderFault(answered);
        return new CounterVerdict(increments.Length, unknown.Length, shared + beyond, fault);
    }

    private static string? FinalFault(HistoryEntry[] answered, long finalValue)
    {
        long highest = answered.Max(static entry => entry.Out) ?? 0;
        return highest > finalValue
            ? $"the final value is {finalValue}, below {highest}, which was answered"
            : null;
    }

    // A value that no acknowledged increment made was made by an unknown one, each by another, that
    // was called before anybody was answered this value or a higher one.
    private static string? UnknownFault(
        HistoryEntry[] answered, HistoryEntry[] unknown, long finalValue)
    {
        long[] calls = [.. unknown.Select(static entry => entry.Call).Order()];
        long[] firstSeen = FirstSeen(answered, finalValue);
        HashSet<long> made = [.. answered
            .Where(static entry => entry.IsIncrement)
            .Select(static entry => entry.Out ?? 0)];
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
    private static long[] FirstSeen(HistoryEntry[] answered, long finalValue)
    {
        long[] seen = new long[finalValue + 1];
        Array.Fill(seen, long.MaxValue);
        foreach (HistoryEntry entry in answered)
        {
            long value = entry.Out ?? 0;
            seen[value] = Math.Min(seen[value], entry.Ret ?? long.MaxValue);
        }

        for (long value = finalValue - 1; value >= 0; value--)
            seen[value] = Math.Min(seen[value], seen[value + 1]);
        return seen;
    }

    // In the order of calls, an operation must see at least the highest value that was answered
    // before it was called; an increment must see more than that.
    private static string? OrderFault(HistoryEntry[] answered)
    {
        HistoryEntry[] byReturn = [.. answered.OrderBy(static entry => entry.Ret)];
        HistoryEntry[] byCall = [.. answered.OrderBy(static entry => entry.Call)];
        long seen = 0;
        int returned = 0;
        foreach (HistoryEntry entry in byCall)
        {
            for (; byReturn[returned].Ret < entry.Call; returned++)
                seen = Math.Max(seen, byReturn[returned].Out ?? 0);

            long least = entry.IsIncrement ? seen + 1 : seen;
            if (entry.Out < least)
            {
                return $"process {entry.Process} was answered {entry.Out} to a call at "
                    + $"{entry.Call} us, after {seen} had been answered: time went backwards";
            }
        }

        return null;
    }
}
