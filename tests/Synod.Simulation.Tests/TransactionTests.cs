using Synod.Kernel;
using Synod.Samples.Workloads;

namespace Synod.Simulation.Tests;

/// <summary>A whole machine with footprints, on each protocol that orders commands.</summary>
public sealed class TransactionTests
{
    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [InlineData("epaxos")]
    [Feature("A01")]
    public void Transactions_over_two_registers_are_strictly_serializable(string protocol)
    {
        SimulationOptions options = Setup.Options(protocol, seconds: 3) with
        {
            Workload = new TransactionWorkload(),
        };

        for (ulong seed = 1; seed <= 2; seed++)
            Setup.MustPass(Simulator.Run(options, seed));
    }

    [Fact]
    [Feature("A01")]
    public void Where_commands_have_no_order_there_are_no_transactions()
    {
        SimulationOptions options = Setup.Options("register") with
        {
            Workload = new TransactionWorkload(),
        };

        ArgumentException refusal =
            Assert.Throws<ArgumentException>(() => Simulator.Run(options, seed: 1));

        Assert.Equal("register runs no whole machines.", refusal.Message);
    }
}
