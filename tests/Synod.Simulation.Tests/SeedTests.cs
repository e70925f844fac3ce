using Synod.Kernel;
using Synod.Samples.Workloads;

namespace Synod.Simulation.Tests;

/// <summary>Every fault, many seeds, every oracle. The longer soak is a command, see CONTRIBUTING.
/// </summary>
public sealed class SeedTests
{
    private const int SeedsDefault = 8;

    public static TheoryData<string, string, int> Cases
    {
        get
        {
            TheoryData<string, string, int> cases = [];
            foreach (string workload in WorkloadNames.All)
            {
                cases.Add("raft", workload, 3);
                cases.Add("raft", workload, 5);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Feature("A03")]
    [Feature("A04")]
    [Feature("A07")]
    [Feature("B22")]
    [Feature("C02")]
    [Feature("C06")]
    [Feature("C07")]
    [Feature("D03")]
    public void No_fault_breaks_a_promise(string protocol, string workload, int nodes)
    {
        string? count = Environment.GetEnvironmentVariable("SYNOD_SEEDS");
        ulong seeds = count is null ? SeedsDefault : ulong.Parse(count);
        SimulationOptions options = Setup.Options(protocol) with
        {
            Workload = WorkloadNames.Find(workload),
            Nodes = nodes,
            OperationsPerSecondMin = 0,
        };
        for (ulong seed = 1; seed <= seeds; seed++)
            Setup.MustPass(Simulator.Run(options, seed));
    }
}
