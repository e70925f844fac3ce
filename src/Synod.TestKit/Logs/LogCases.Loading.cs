using Synod.Abstractions;

namespace Synod.TestKit;

/// <content>What is not in memory any more, and logs that are left alone.</content>
internal static partial class LogCases
{
    private const int LoadTurns = 12;
    private const int LoadsMax = 3;
    private const int LoadedMax = 20;
    private const int RestsMax = 100;
    private const long MemoryBytesMax = 3L << 20;

    public static IReadOnlyList<LogCase> OfLoading { get; } =
    [
        new(
            "What is loaded is as it was appended, and the log goes on meanwhile",
            LogAbilities.None,
            Loads),
        new(
            "What is released while it is loaded is left out and never wrong",
            LogAbilities.Releases,
            LoadsWhatGoes),
        new("A log that has nothing to do comes to rest", LogAbilities.None, ComesToRest),
    ];

    private static void Loads(LogRun run)
    {
        run.Open();
        if (!OutgrowsMemory(run))
            return;

        for (int turn = 0; turn < LoadTurns; turn++)
        {
            for (long loads = 1 + run.Random.Below(LoadsMax); loads > 0; loads--)
                run.Load(Some(run));
            run.Wander(run.Random.Below(StepsMax / 4));
            run.AwaitLoads();
        }

        run.Settle();
        run.CheckReads();
    }

    // What is on its way must not be overwritten, whatever comes to stand where it was.
    private static void LoadsWhatGoes(LogRun run)
    {
        run.Open();
        if (!OutgrowsMemory(run))
            return;

        run.Load(Some(run));
        run.Load([run.Written[0]]);
        for (int turn = 0; turn < LoadTurns; turn++)
        {
            for (ulong group = 1; group <= 3; group++)
                run.Append(group, FillerBytes, isStatement: false);
            run.Settle();
            ReleaseAll(run);
        }

        run.AwaitLoads();
        run.CheckReads();
    }

    private static void ComesToRest(LogRun run)
    {
        run.Open();
        run.Wander(StepsMax);
        run.Settle();
        for (int rest = 0; rest < RestsMax; rest++)
        {
            run.Poll();
            TimeSpan within = run.Log.PollWithin;
            Require(
                within >= TimeSpan.Zero || within == Timeout.InfiniteTimeSpan,
                $"{nameof(ILog.PollWithin)} is {within}.");
            if (within != TimeSpan.Zero)
                return;

            run.Work();
        }

        throw LogRun.Broken(
            $"It has nothing to do, and {RestsMax} times it wanted to be polled at once.");
    }

    // Says whether there is anything to load at all.
    private static bool OutgrowsMemory(LogRun run)
    {
        WrittenRecord first = run.Append(1, FillerBytes, isStatement: false);
        long bytes = 0;
        while (run.Log.TryRead(first.Position, out _))
        {
            if (bytes > MemoryBytesMax)
                return false;

            run.Append(1 + (ulong)run.Random.Below(3), FillerBytes, isStatement: false);
            bytes += FillerBytes;
            if (run.Random.Chance(1, 4))
                run.Settle();
        }

        return true;
    }

    // One at least is not in memory.
    private static List<WrittenRecord> Some(LogRun run)
    {
        List<WrittenRecord> some = [];
        for (long count = run.Random.Below(LoadedMax); count > 0; count--)
            some.Add(run.Written[(int)run.Random.Below(run.Written.Count)]);
        some.Add(run.Written[0]);
        return some;
    }
}
