using Synod.Abstractions;

namespace Synod.TestKit;

/// <content>Processes end and begin.</content>
internal static partial class LogCases
{
    public static IReadOnlyList<LogCase> OfReopening { get; } =
    [
        new(
            "A log that is opened again shows what it held and goes on",
            LogAbilities.Reopens,
            GoesOn),
        new(
            "What was durable outlives a process that is killed, and the rest is a prefix",
            LogAbilities.Reopens,
            OutlivesKill),
        new(
            "The newest statement of each replica outlives many openings",
            LogAbilities.Reopens,
            KeepsStatements),
        new("Who opens second is refused", LogAbilities.IsExclusive, Excludes),
    ];

    private static void GoesOn(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            run.Wander(run.Random.Below(StepsMax));
            run.Settle();
            int before = run.Written.Count;
            if (run.Random.Chance(1, 2))
                run.Close();
            else
                run.Kill();
            run.Open();
            Require(run.Written.Count == before, "Something that was durable is not shown.");
            run.CheckReads();
        }
    }

    private static void OutlivesKill(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            run.Wander(run.Random.Below(StepsMax));
            run.Kill();
            run.Open();
            run.CheckReads();
        }
    }

    private static void KeepsStatements(LogRun run)
    {
        run.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            for (ulong group = 1; group <= 3; group++)
            {
                for (long more = run.Random.Below(4); more > 0; more--)
                    run.Append(group, (int)run.Random.Below(60), isStatement: true);
            }

            for (long more = run.Random.Below(20); more > 0; more--)
                run.Append(1, (int)run.Random.Below(5000), isStatement: false);
            run.Settle();
            run.Kill();
            run.Open();
        }
    }

    private static void Excludes(LogRun run)
    {
        run.Open();
        run.Append();
        run.Settle();
        try
        {
            run.Storage.Open(static () => { });
        }
        catch (LogException)
        {
            run.Append();
            run.Settle();
            run.CheckReads();
            run.Close();
            run.Open();
            return;
        }

        throw LogRun.Broken("It was opened a second time while it was open.");
    }
}
