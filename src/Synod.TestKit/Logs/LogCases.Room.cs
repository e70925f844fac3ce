using System.Diagnostics;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <content>Logs that fill up.</content>
internal static partial class LogCases
{
    private const long RoomBytesMax = 64L << 20;
    private const int SmallBytes = 900;
    private const int RecordsPerFlush = 16;

    public static IReadOnlyList<LogCase> OfRoom { get; } =
    [
        new(
            "A log that fills up says so before, and loses nothing",
            LogAbilities.FillsUp,
            FillsUp),
        new(
            "Service resumes when there is room again",
            LogAbilities.HasRoomAgain,
            Resumes),
    ];

    private static void FillsUp(LogRun run)
    {
        run.Open();
        List<StoragePressure> seen = [run.Log.Pressure];
        long bytes = 0;
        while (run.Log.Poison is null)
        {
            Require(bytes < RoomBytesMax, $"{RoomBytesMax} bytes were appended without an end.");
            try
            {
                bytes += Fill(run);
            }
            catch (LogException)
            {
                Require(run.Log.Poison is not null, "It has thrown and is not poisoned.");
            }

            if (seen[^1] != run.Log.Pressure)
                seen.Add(run.Log.Pressure);
        }

        StoragePressure[] expected =
            [StoragePressure.None, StoragePressure.High, StoragePressure.Full];
        Require(
            seen.SequenceEqual(expected),
            $"Before it was full to the last byte its pressure went {string.Join(", ", seen)}, and "
            + $"not {string.Join(", ", expected)}.");
        run.CheckReads();
        if (!run.Storage.Abilities.HasFlag(LogAbilities.Reopens))
            return;

        run.Kill();
        run.Open();
        run.CheckReads();
    }

    // Nobody asks for anything, so only the log itself can say when it is to be polled.
    private static TimeSpan LeftAlone(LogRun run)
    {
        TimeSpan within = run.Log.PollWithin;
        return within == Timeout.InfiniteTimeSpan || within > run.Storage.Patience
            ? run.Storage.Patience
            : within;
    }

    // Large steps far from the reserve, small ones near it.
    private static long Fill(LogRun run)
    {
        int length = run.Log.Pressure == StoragePressure.None
            ? Math.Min(run.Log.RecordBytesMax, 4 * SmallBytes)
            : SmallBytes;
        for (int record = 0; record < RecordsPerFlush; record++)
        {
            StoragePressure before = run.Log.Pressure;
            run.Append(1, length, isStatement: false);
            if (before != run.Log.Pressure)
                break;
        }

        run.Flush();
        while (run.Log.Poison is null && run.Log.Durable < run.Log.Appended)
            run.Advance();
        return (long)length * RecordsPerFlush;
    }

    private static void Resumes(LogRun run)
    {
        run.Open();
        run.Append();
        run.Settle();
        run.Note("no more room");
        run.Storage.Fill(true);
        long bytes = 0;
        while (run.Log.Pressure == StoragePressure.None)
        {
            Require(bytes < RoomBytesMax, $"{RoomBytesMax} bytes were appended, and no pressure.");
            bytes += Fill(run);
            run.RequireWell();
        }

        run.Append(2, 20, isStatement: true);
        run.Settle();
        for (int rest = 0; rest < RestsMax && run.Work(); rest++)
            run.Poll();
        run.Note("room again");
        run.Storage.Fill(false);
        Stopwatch waited = Stopwatch.StartNew();
        while (run.Log.Pressure != StoragePressure.None)
        {
            Require(
                waited.Elapsed < run.Storage.Patience,
                $"There is room again, and for {run.Storage.Patience} its pressure stays "
                + $"{run.Log.Pressure}.");
            if (!run.Work())
                run.IsWokenWithin(LeftAlone(run));
            run.Poll();
        }

        run.Wander(StepsMax);
        run.Settle();
        run.CheckReads();
    }
}
