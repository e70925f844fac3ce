using Synod.Kernel;

namespace Synod.Simulation.Tests;

/// <summary>What a leader does when it is cut off, and who cannot disturb it. The run is made
/// twice: until the fault both are the same, so the first tells who will lead.</summary>
public sealed class LeadershipTests
{
    private static readonly TimeSpan ElectionTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FaultAt = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [Feature("B19")]
    public void A_leader_that_is_cut_off_stops_to_lead(string protocol)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            int leader = Setup.LeaderAt(FaultAt, Calm(protocol), seed);
            Recorder recorder = new();
            FaultPlan plan = Setup.Plan((2000, FaultKind.Isolate, leader, 2000, 0));

            Setup.MustPass(Simulator.Run(Calm(protocol), seed, recorder, plan));

            TraceEvent stepsDown = recorder.Events.First(happened =>
                happened.Kind == TraceKind.Role
                && happened.Node.Number == leader
                && happened.At.Ticks > FaultAt.Ticks);
            Assert.StartsWith("Following", stepsDown.Text);
            TimeSpan latest = FaultAt + (2 * ElectionTimeout);
            Assert.InRange(stepsDown.At.Ticks, FaultAt.Ticks, latest.Ticks);
        }
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [Feature("B20")]
    public void A_former_member_does_not_disturb(string protocol)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            int leader = Setup.LeaderAt(FaultAt, Calm(protocol), seed);
            Recorder recorder = new();
            FaultPlan plan = Setup.Plan((2000, FaultKind.Wipe, (leader % 3) + 1, 100, 0));

            Setup.MustPass(Simulator.Run(Calm(protocol), seed, recorder, plan));

            Assert.Contains(recorder.Events, happened =>
                happened.Kind == TraceKind.Started && happened.At.Ticks > FaultAt.Ticks);
            Assert.DoesNotContain(recorder.Events, happened =>
                happened.Kind == TraceKind.Role
                && happened.At.Ticks > FaultAt.Ticks
                && happened.At.Ticks < Calm(protocol).Duration.Ticks);
        }
    }

    private static SimulationOptions Calm(string protocol) =>
        Setup.Options(protocol) with { Faults = FaultClasses.None };
}
