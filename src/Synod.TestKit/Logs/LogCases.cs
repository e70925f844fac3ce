using Synod.Abstractions;

namespace Synod.TestKit;

/// <summary>The cases, by what they are about.</summary>
internal static partial class LogCases
{
    private const int Openings = 10;
    private const int StepsMax = 40;

    public static IReadOnlyList<LogCase> OfAppending { get; } =
    [
        new("Records are read and shown as they were appended", LogAbilities.None, Reads),
        new("What is too large is refused and changes nothing", LogAbilities.None, Refuses),
        new("A place without a record is refused", LogAbilities.None, FindsNothing),
    ];

    public static IReadOnlyList<LogCase> OfDurability { get; } =
    [
        new("Only a poll makes durable, and the wake says when", LogAbilities.None, Polls),
        new("A flush is followed by one that takes the rest", LogAbilities.None, Follows),
        new(
            "What was durable outlives a loss of power, and the rest is torn without complaint",
            LogAbilities.LosesPower,
            OutlivesPower),
        new(
            "What an opening has shown is durable",
            LogAbilities.LosesPower | LogAbilities.Reopens,
            ShowsWhatIsDurable),
    ];

    private static void Reads(LogRun run)
    {
        run.Open();
        Require(run.Written.Count == 0, "A new log is not empty.");
        int[] lengths = [0, 1, 7, 8, 9, 500, 4095, 4096, 4097, run.Log.RecordBytesMax];
        foreach (int length in lengths)
            run.Append(1, Math.Min(length, run.Log.RecordBytesMax), isStatement: false);
        run.Append(2, run.Log.StatementBytesMax, isStatement: true);
        run.Append(2, 0, isStatement: true);
        run.CheckReads();
        run.Settle();
        run.CheckReads();
        run.Wander(3 * StepsMax);
        run.Settle();
        run.CheckReads();
    }

    private static void Refuses(LogRun run)
    {
        run.Open();
        run.Append();
        LogPosition appended = run.Log.Appended;
        RequireRefused(run, run.Log.RecordBytesMax + 1, isStatement: false);
        RequireRefused(run, run.Log.StatementBytesMax + 1, isStatement: true);
        Require(run.Log.Appended == appended, "What was refused has moved Appended.");
        run.Append();
        run.Settle();
        run.CheckReads();
    }

    private static void RequireRefused(LogRun run, int length, bool isStatement)
    {
        try
        {
            run.Probe(length, isStatement);
        }
        catch (ArgumentException)
        {
            return;
        }

        throw LogRun.Broken(
            $"A {(isStatement ? "statement" : "record")} of {length} bytes, one more than the "
            + "most, was not refused by an ArgumentException.");
    }

    private static void FindsNothing(LogRun run)
    {
        run.Open();
        run.Append();
        run.Settle();
        RequireNothing(run, default);
        RequireNothing(run, new LogPosition(run.Log.Appended.Bytes + 1));
        RequireNothing(run, new LogPosition(long.MaxValue));
        run.CheckReads();
    }

    private static void RequireNothing(LogRun run, LogPosition position)
    {
        try
        {
            _ = run.Log.Read(position);
        }
        catch (Exception cause) when (cause is ArgumentException or LogException)
        {
            return;
        }

        throw LogRun.Broken($"Nothing was appended at {position}, and Read gives bytes.");
    }

    private static void Polls(LogRun run)
    {
        run.Open();
        for (int turn = 0; turn < StepsMax; turn++)
        {
            for (long records = 1 + run.Random.Below(4); records > 0; records--)
                run.Append();
            LogPosition appended = run.Log.Appended;
            run.Settle();
            Require(run.Log.Appended == appended, "A flush has moved Appended.");

            // Nothing is under way any more, so this must do nothing, and not wait either.
            run.Flush();
            run.Poll();
        }
    }

    // The second flush is asked for while the first is under way, and never again.
    private static void Follows(LogRun run)
    {
        run.Open();
        for (int turn = 0; turn < StepsMax; turn++)
        {
            run.Append();
            run.Flush();
            for (long works = run.Random.Below(3); works > 0; works--)
                run.Work();
            run.Append();
            run.Flush();
            while (run.Log.Durable < run.Log.Appended)
            {
                run.RequireWell();
                run.Advance();
            }
        }
    }

    private static void OutlivesPower(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            run.Wander(run.Random.Below(StepsMax));
            if (run.Random.Chance(1, 3))
                AwaitNews(run);
            run.CutPower(run.Random.Below(5));
            run.Open();
            run.CheckReads();
        }
    }

    // The power fails right after something became durable.
    private static void AwaitNews(LogRun run)
    {
        run.Append();
        LogPosition durable = run.Log.Durable;
        run.Flush();
        while (run.Log.Durable == durable)
        {
            run.RequireWell();
            run.Advance();
        }
    }

    private static void ShowsWhatIsDurable(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            run.Wander(run.Random.Below(StepsMax));

            // What was written and not flushed can be read by the next opening.
            run.Kill();
            run.Open();
            run.CutPower(quarters: 0);
            run.Open();
        }
    }

    private static void Require(bool holds, string what) => LogRun.Require(holds, what);
}
