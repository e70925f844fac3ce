using Synod.Kernel;
using Synod.Samples.Workloads;

namespace Synod.Simulation.Tests;

/// <summary>Every fault, many seeds, every oracle. The longer soak is a command, see CONTRIBUTING.
/// </summary>
public sealed class SeedTests
{
    private const ulong SeedsDefault = 4;
    private const int SeedsMax = 60;

    // A run without a leader costs two to three times as much.
    private const ulong SeedsWithoutLeader = 2;

    private static readonly FaultKind[] SeenByErrors =
        [FaultKind.FailFlush, FaultKind.FailWrite, FaultKind.FailRead, FaultKind.FullDisk];

    private static readonly string[] Rarely =
    [
        "Create failed",
        "Flush failed",
        "Write failed",
        "Read failed",
        "a record was loaded",
        "a member became damaged",
        "a member became whole",
        "damage hit no record",
        "damage hit records",
        "a node is silent",
        "a replica rests in a lull",
        "a silent node is heard again",
        "a starved turn left something to the next one",
        "a torn tail was dropped",
        "a watch was told a gap",
        "a watch was told a state",
        "a leader died where disks are full",
        "an outcome is unknown",
        "power loss with several unflushed sectors",
    ];

    public static TheoryData<string, string, int> Cases
    {
        get
        {
            TheoryData<string, string, int> cases = [];
            foreach (string workload in WorkloadNames.OnKeys)
            {
                foreach (string protocol in ProtocolsOf(workload))
                {
                    cases.Add(protocol, workload, 3);
                    cases.Add(protocol, workload, 5);
                }
            }

            return cases;
        }
    }

    // What the store is made of runs on all four already.
    private static string[] ProtocolsOf(string workload) => workload == "store"
        ? ["raft", "register"]
        : ["raft", "paxos", "epaxos", "register"];

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
    [Feature("E11")]
    public void No_fault_breaks_a_promise(string protocol, string workload, int nodes)
    {
        string? count = Environment.GetEnvironmentVariable("SYNOD_SEEDS");
        ulong seeds = count is null ? SeedsOf(protocol) : ulong.Parse(count);
        SimulationOptions options = Setup.Options(protocol, seconds: 6) with
        {
            Workload = WorkloadNames.Find(workload),
            Nodes = nodes,
            Leases = LeaseUse.Sometimes,
        };
        for (ulong seed = 1; seed <= seeds; seed++)
            Setup.MustPass(Simulator.Run(options, seed));
    }

    [Theory]
    [InlineData("raft", 3)]
    [InlineData("paxos", 3)]
    [InlineData("raft", 5)]
    [InlineData("paxos", 5)]
    [Feature("A16")]
    public void No_fault_breaks_a_lease(string protocol, int nodes)
    {
        SimulationOptions options = Setup.Options(protocol, seconds: 6) with
        {
            Nodes = nodes,
            Leases = LeaseUse.Always,
            OperationsPerSecondMin = 5,
        };
        for (ulong seed = 1; seed <= SeedsDefault; seed++)
            Setup.MustPass(Simulator.Run(options, seed));
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [Feature("C02")]
    [Feature("C05")]
    [Feature("C06")]
    public void Every_fault_takes_effect_in_some_run(string protocol)
    {
        SimulationOptions options =
            Setup.Options(protocol, seconds: 10) with { Leases = LeaseUse.Sometimes };
        HashSet<string> missing =
        [
            .. Enum.GetValues<FaultKind>().Except(SeenByErrors).Select(static kind => $"{kind}"),
            .. Rarely,
        ];
        for (ulong seed = 1; seed <= SeedsMax && missing.Count > 0; seed++)
        {
            SimulationReport report = Simulator.Run(options, seed);
            Setup.MustPass(report);
            missing.ExceptWith(report.Effects.Keys);
        }

        Assert.Empty(missing);
    }

    // Rare in the plans of seeds: here the disks are full again and again.
    [Fact]
    [Feature("C05")]
    public void A_full_disk_takes_a_value_by_name_in_some_run()
    {
        SimulationOptions options = Setup.Options("paxos", seconds: 10);
        FaultPlan plan = Setup.Plan(Enumerable.Range(0, 6).Select(static time =>
            (500 + (1500 * time), FaultKind.FullDisk, 1, 1000, 1L)));
        bool isSeen = false;
        for (ulong seed = 1; seed <= SeedsMax && !isSeen; seed++)
        {
            SimulationReport report = Simulator.Run(options, seed, null, plan);
            Setup.MustPass(report);
            isSeen = report.Effects.ContainsKey("a full disk took a value by name");
        }

        Assert.True(isSeen);
    }

    private static ulong SeedsOf(string protocol) =>
        protocol is "epaxos" or "register" ? SeedsWithoutLeader : SeedsDefault;
}
