using Synod.Abstractions;

namespace Synod.TestKit;

/// <content>Disks that fail.</content>
internal static partial class LogCases
{
    public static IReadOnlyList<LogCase> OfFaults { get; } =
    [
        new(
            "The first write that fails poisons for ever",
            LogAbilities.FailsWrites,
            static run => Poisons(run, LogFault.Write)),
        new(
            "The first flush that fails poisons for ever",
            LogAbilities.FailsFlushes,
            static run => Poisons(run, LogFault.Flush)),
        new(
            "What is read after a failed flush is made durable before it is shown",
            LogAbilities.FailsFlushes | LogAbilities.LosesPower | LogAbilities.Reopens,
            FlushesAnew),
        new(
            "An opening that fails loses nothing",
            LogAbilities.FailsFlushes | LogAbilities.FailsWrites | LogAbilities.Reopens,
            OutlivesOpening),
    ];

    private static void Poisons(LogRun run, LogFault fault)
    {
        run.Open();
        run.Wander(run.Random.Below(StepsMax));
        LogException poison = Poison(run, fault);
        Require(poison.Message.Length > 0, "The poison does not say what has happened.");
        LogPosition durable = run.Log.Durable;
        for (int again = 0; again < 3; again++)
        {
            RequirePoisoned(run, poison);
            run.Flush();
            while (run.Work())
                run.Poll();
            run.Poll();
        }

        Require(
            run.Log.Durable == durable,
            $"Durable moved from {durable} to {run.Log.Durable} after the poison.");
        if (!run.Storage.Abilities.HasFlag(LogAbilities.Reopens))
            return;

        run.Kill();
        run.Open();
        run.Append();
        run.Settle();
        run.CheckReads();
    }

    // What is appended from now on is written and flushed by what fails, or after it.
    private static LogException Poison(LogRun run, LogFault fault)
    {
        run.Note($"the next {fault} fails");
        run.Storage.FailNext(fault);
        WrittenRecord doomed = run.Append();
        run.Flush();
        while (true)
        {
            if (run.Log.Poison is LogException poison)
                return poison;

            Require(
                run.Log.Durable < doomed.Position,
                $"A {fault} was to fail, and {doomed}, which came after, counts as durable.");
            run.Advance();
        }
    }

    private static void RequirePoisoned(LogRun run, LogException poison)
    {
        try
        {
            run.Append();
        }
        catch (LogException)
        {
            Require(
                ReferenceEquals(poison, run.Log.Poison),
                $"The poison was '{poison.Message}' and is '{run.Log.Poison?.Message}'.");
            return;
        }

        throw LogRun.Broken($"It takes a record although it is poisoned: {poison.Message}");
    }

    private static void FlushesAnew(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            run.Wander(run.Random.Below(StepsMax));
            Poison(run, LogFault.Flush);
            run.Kill();
            run.Open();
            run.CutPower(run.Random.Below(5));
            run.Open();
            run.CheckReads();
        }
    }

    private static void OutlivesOpening(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            run.Wander(run.Random.Below(StepsMax));
            run.Kill();
            LogFault fault = run.Random.Chance(1, 2) ? LogFault.Write : LogFault.Flush;
            run.Note($"the next {fault} fails");
            run.Storage.FailNext(fault);
            bool isOpen = run.TryOpen(out ShownLog shown) is null && run.Log.Poison is null;
            if (isOpen)
                run.CheckUnhurt(shown);
            run.Kill();
            run.Open();
            run.CheckReads();
        }
    }
}
