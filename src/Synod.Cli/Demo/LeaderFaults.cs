using Synod.Cli.Processes;

namespace Synod.Cli.Demo;

/// <summary>Does to the leader, or without one to each node in turn, what the plan says, again and
/// again, and measures how long nobody was served.</summary>
internal sealed class LeaderFaults(DemoPlan plan, ProcessCluster cluster, RunHistory history)
{
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CycleMax = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly List<(long Time, int Node)> _kills = [];
    private readonly List<TimeSpan> _killGaps = [];
    private readonly List<TimeSpan> _pauseGaps = [];

    /// <summary>How often a leader was killed.</summary>
    public int Kills => _kills.Count;

    /// <summary>When, in microseconds of the history, and which node by its position.</summary>
    public IReadOnlyList<(long Time, int Node)> KillTimes => _kills;

    /// <summary>How often a leader was paused.</summary>
    public int Pauses { get; private set; }

    /// <summary>How often a leader was told to stop, and started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>From each kill to the first success of a call that began after it.</summary>
    public IReadOnlyList<TimeSpan> KillGaps => _killGaps;

    /// <summary>The same for pauses.</summary>
    public IReadOnlyList<TimeSpan> PauseGaps => _pauseGaps;

    /// <summary>Whether it is a fault of this kind.</summary>
    public static bool Knows(string fault) => fault is "kill" or "pause" or "restart";

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(AskAgainAfter);
        TimeSpan calmUntil = Calm;
        while (Elapsed + CycleMax < plan.Duration)
        {
            await timer.WaitForNextTickAsync(cancellation);
            if (Elapsed < calmUntil)
                continue;
            int turn = Kills + Pauses + Restarts;
            if (await cluster.FindVictimAsync(turn, cancellation) is not NodeProcess leader)
                continue;

            await DisturbAsync(leader, cancellation);
            calmUntil = Elapsed + Calm;
        }
    }

    private TimeSpan Elapsed => TimeSpan.FromMicroseconds(history.Now);

    // What is asked for takes turns.
    private Task DisturbAsync(NodeProcess leader, CancellationToken cancellation)
    {
        (string Name, int Count, Func<NodeProcess, CancellationToken, Task> Do)[] known =
        [
            ("kill", Kills, KillAsync),
            ("pause", Pauses, PauseAsync),
            ("restart", Restarts, RestartAsync),
        ];
        return known
            .Where(fault => plan.Faults.Contains(fault.Name))
            .MinBy(static fault => fault.Count)
            .Do(leader, cancellation);
    }

    // It hands over first, so the longest time without a success is all that there is to measure.
    private async Task RestartAsync(NodeProcess leader, CancellationToken cancellation)
    {
        Restarts++;
        await leader.StopAsync(cancellation);
        leader.Start();
        await cluster.WaitUntilServesAsync(leader, cancellation);
    }

    private Task KillAsync(NodeProcess leader, CancellationToken cancellation)
    {
        _kills.Add((history.Now, leader.Number - 1));
        return DisturbAsync(leader, (leader.Kill, leader.Start), _killGaps, cancellation);
    }

    private Task PauseAsync(NodeProcess leader, CancellationToken cancellation)
    {
        Pauses++;
        return DisturbAsync(leader, (leader.Pause, leader.Resume), _pauseGaps, cancellation);
    }

    private async Task DisturbAsync(
        NodeProcess leader,
        (Action Begin, Action End) fault,
        List<TimeSpan> gaps,
        CancellationToken cancellation)
    {
        long begun = history.Now;
        fault.Begin();
        try
        {
            await MeasureGapAsync(gaps, begun, cancellation);
        }
        finally
        {
            fault.End();
        }

        await cluster.WaitUntilServesAsync(leader, cancellation);
    }

    // The node comes back when each key is served again: that its start takes processor time from
    // the others is not what is measured. Without a quorum, as with one node of two, there is no
    // success before the node is back.
    private async Task MeasureGapAsync(
        List<TimeSpan> gaps, long begun, CancellationToken cancellation)
    {
        try
        {
            long[] successes = await Task
                .WhenAll(plan.KeyNames.Select(key => history.FirstSuccessBegunAfter(key, begun)))
                .WaitAsync(CycleMax, cancellation);
            gaps.Add(TimeSpan.FromMicroseconds(successes.Min() - begun));
        }
        catch (TimeoutException)
        {
            // The longest time without a success shows it.
        }
    }
}
