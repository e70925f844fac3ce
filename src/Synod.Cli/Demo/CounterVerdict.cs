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
        string? fault = UnknownFault(increments, unknown, finalValue)
            ?? OrderFault([.. increments, .. reads]);
        return new CounterVerdict(increments.Length, unknown.Length, shared + beyond, fault);
    }

    // A value that no acknowledged increment made was made by an unknown one, once each.
    private static string? UnknownFault(
        HistoryEntry[] increments, HistoryEntry[] unknown, long finalValue)
    {
        long unexplained = finalValue - increments.DistinctBy(static i => i.Out).LongCount();
        if (unexplained > unknown.Length)
        {
            return $"{unexplained} values were made by nobody, but only {unknown.Length} increments "
                + "are unknown: something was counted twice";
        }

        return unexplained < 0 ? "the final value is below the acknowledged increments" : null;
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
