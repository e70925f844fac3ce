using Synod.Kernel;

namespace Synod.Simulation.Tests;

/// <summary>Several groups on the same nodes, with different members.</summary>
public sealed class GroupsTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [Feature("A22")]
    public void No_fault_breaks_a_promise_of_any_group(int nodes)
    {
        SimulationOptions options = Setup.Options("raft", seconds: 6) with
        {
            Nodes = nodes,
            Groups = 3,
            Clients = 6,
        };

        for (ulong seed = 1; seed <= 4; seed++)
            Setup.MustPass(Simulator.Run(options, seed));
    }

    [Fact]
    [Feature("A22")]
    [Feature("B22")]
    public void Restarts_of_replicas_in_place_stop_no_group()
    {
        SimulationOptions options = Setup.Options("raft", seconds: 6) with
        {
            Groups = 2,
            Clients = 4,
            Faults = FaultClasses.Restart,
        };

        long restarts = 0;
        for (ulong seed = 1; seed <= 4; seed++)
        {
            SimulationReport report = Simulator.Run(options, seed);
            Setup.MustPass(report);
            restarts += report.Effects.GetValueOrDefault(nameof(FaultKind.RestartInPlace));
        }

        Assert.NotEqual(0, restarts);
    }
}
