using Synod.Kernel;

namespace Synod.Simulation.Tests;

/// <summary>Leadership that is handed over, on whole nodes. The run is made twice: until the fault
/// both are the same, so the first tells who leads.</summary>
public sealed class TransferTests
{
    private static readonly TimeSpan FaultAt = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [Feature("B16")]
    public void Leadership_moves_where_an_administrator_wants_it(string protocol)
    {
        long done = 0;
        for (ulong seed = 1; seed <= 5; seed++)
        {
            (int leader, Recorder recorder, SimulationReport report) =
                Run(protocol, seed, FaultKind.Transfer);

            done += report.Effects.GetValueOrDefault("a transfer ended Done");
            Assert.NotEqual(leader, recorder.LeaderAt(FaultAt + TimeSpan.FromMilliseconds(100)));
        }

        Assert.Equal(5, done);
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    public void A_node_that_is_told_to_stop_is_not_missed(string protocol)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            (int leader, Recorder recorder, SimulationReport report) =
                Run(protocol, seed, FaultKind.Retire);

            Assert.Equal(1, report.Effects["a node that was told to stop was no longer needed "
                + "when it closed"]);
            Assert.NotEqual(leader, recorder.LeaderAt(FaultAt + TimeSpan.FromMilliseconds(100)));
            TraceEvent stopped = recorder.Events.First(happened =>
                happened.Kind == TraceKind.Stopped && happened.Node.Number == leader);
            TraceEvent led = recorder.Events.Last(happened =>
                happened.Kind == TraceKind.Role
                && happened.At < stopped.At
                && happened.Text.StartsWith("Leading", StringComparison.Ordinal));
            Assert.NotEqual(leader, (int)led.Node.Number);
        }
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    public void A_leader_with_a_slow_disk_hands_over_and_nothing_is_lost(string protocol)
    {
        long handedOver = 0;
        for (ulong seed = 1; seed <= 5; seed++)
        {
            (int leader, Recorder recorder, SimulationReport report) =
                Run(protocol, seed, FaultKind.SlowDisk, SlowestOf(seed));

            long here = report.Effects.GetValueOrDefault("a leader with a slow disk handed over");
            handedOver += here;
            bool moved = recorder.Events.Any(happened =>
                happened.Kind == TraceKind.Role
                && happened.At.Ticks > FaultAt.Ticks
                && happened.Node.Number != leader
                && happened.Text.StartsWith("Leading", StringComparison.Ordinal));
            Assert.Equal(here > 0, moved);
        }

        Assert.InRange(handedOver, 3, 50);
    }

    private static (int Leader, Recorder Recorder, SimulationReport Report) Run(
        string protocol, ulong seed, FaultKind kind, long amount = 0)
    {
        SimulationOptions calm = Setup.Options(protocol) with { Faults = FaultClasses.None };
        int leader = Setup.LeaderAt(FaultAt, calm, seed);
        Recorder recorder = new();
        FaultPlan plan = Setup.Plan((2000, kind, leader, 2500, amount));
        SimulationReport report = Simulator.Run(calm, seed, recorder, plan);
        Setup.MustPass(report);
        return (leader, recorder, report);
    }

    // The amount from which the slowest of disks is drawn.
    private static long SlowestOf(ulong seed)
    {
        long amount = 0;
        while (new SeededRandom(StableHash.Combine(seed, (ulong)amount)).Below(10) != 9)
            amount++;
        return amount;
    }
}
