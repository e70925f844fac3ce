using Synod.Abstractions;

namespace Synod.TestKit;

/// <content>What nobody needs any more.</content>
internal static partial class LogCases
{
    private const int ReleasesMax = 400;
    private const int FillerBytes = 8000;

    public static IReadOnlyList<LogCase> OfReleasing { get; } =
    [
        new(
            "What is released goes, and all that is needed stays",
            LogAbilities.Releases,
            Releases),
        new(
            "What is released goes, and all that is needed outlives a process that is killed",
            LogAbilities.Releases | LogAbilities.Reopens,
            OutlivesRelease),
        new(
            "A floor that is no record is refused",
            LogAbilities.Releases,
            RefusesFloors),
    ];

    // All replicas release what they have, again and again, so the log must begin later at last.
    private static void Releases(LogRun run)
    {
        run.Open();
        WrittenRecord first = run.Append(1, 10, isStatement: true);
        for (int release = 0; run.Log.Base <= first.Position; release++)
        {
            Require(
                release < ReleasesMax,
                $"{ReleasesMax} times all was released, and the log begins at {run.Log.Base}.");
            for (ulong group = 1; group <= 3; group++)
                run.Append(group, FillerBytes, isStatement: false);
            run.Settle();
            ReleaseAll(run);
            run.Append();
            run.Settle();
            run.CheckReads();
        }

        // The newest statement is never lost by this.
        if (!run.Written.Any(record => record != first && IsNewer(record, first)))
            run.CheckRead(first);
        RequireGone(run);
    }

    private static bool IsNewer(WrittenRecord record, WrittenRecord than) =>
        record.Header.IsStatement
        && record.Header.Group == than.Header.Group
        && record.Header.Owner == than.Header.Owner;

    private static void RequireGone(LogRun run)
    {
        WrittenRecord? gone = run.Written.FirstOrDefault(
            record => record.Position < run.Log.Base && !record.Header.IsStatement);
        if (gone is null)
            return;

        try
        {
            _ = run.Log.Read(gone.Position);
        }
        catch (LogException)
        {
            return;
        }

        throw LogRun.Broken(
            $"{gone} was released, the log begins at {run.Log.Base}, and Read gives bytes.");
    }

    private static void OutlivesRelease(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            run.Wander(run.Random.Below(StepsMax));
            if (run.Random.Chance(1, 2))
                run.Settle();
            if (run.Random.Chance(2, 3))
                ReleaseAll(run);
            run.Wander(run.Random.Below(StepsMax));
            run.Kill();
            run.Open();
            run.CheckReads();
        }
    }

    // Each replica from one of its newer records on that are durable.
    private static void ReleaseAll(LogRun run)
    {
        foreach (ulong group in (ulong[])[1, 2, 3])
        {
            WrittenRecord[] durable =
            [
                .. run.Written.Where(record => record.Header.Group.Number == group
                    && run.IsNeeded(record)
                    && record.Position >= run.Log.Base
                    && record.Position <= run.Log.Durable),
            ];
            if (durable.Length > 0)
                run.Release(durable[^(1 + (int)run.Random.Below(Math.Min(durable.Length, 3)))]);
        }
    }

    private static void RefusesFloors(LogRun run)
    {
        run.Open();
        WrittenRecord record = run.Append();
        run.Settle();
        LogPosition behind = new(run.Log.Appended.Bytes + 1);
        try
        {
            run.Log.Release(new LogFloor(record.Header.Group, record.Header.Number, behind));
        }
        catch (ArgumentException)
        {
            run.CheckReads();
            return;
        }

        throw LogRun.Broken($"There is no record at {behind}, and Release has taken it.");
    }
}
