using Synod.EPaxos;
using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Raft;
using Synod.Register;
using Synod.Samples.Workloads;

namespace Synod.Simulation.Tests;

/// <summary>Short runs of the protocols that there are.</summary>
internal static class Setup
{
    /// <summary>The protocols by name.</summary>
    public static IProtocol Protocol(string name) => name switch
    {
        "raft" => new RaftProtocol(),
        "paxos" => new MultiPaxosProtocol(),
        "epaxos" => new EPaxosProtocol(),
        "register" => new RegisterProtocol(),
        _ => throw new ArgumentException($"There is no protocol '{name}'.", nameof(name)),
    };

    public static SimulationOptions Options(string protocol, int seconds = 5) => new()
    {
        Protocol = Protocol(protocol),
        Workload = new CounterWorkload(),
        Duration = TimeSpan.FromSeconds(seconds),
        ThinkTime = TimeSpan.FromMilliseconds(30),
        OperationsPerSecondMin = 30,

        // Plans by hand hit so often that members would hardly come to vote between two restarts.
        Leases = LeaseUse.Never,
    };

    /// <summary>A plan of faults, each from a time in milliseconds and for a time.</summary>
    public static FaultPlan Plan(
        params IEnumerable<(int At, FaultKind Kind, int Node, int For, long Amount)> faults) =>
        new([.. faults.Select(static fault => new Fault
        {
            At = TimeSpan.FromMilliseconds(fault.At),
            Kind = fault.Kind,
            Node = new NodeId((uint)fault.Node),
            Peer = new NodeId((uint)(fault.Node % 3) + 1),
            Duration = TimeSpan.FromMilliseconds(fault.For),
            Amount = fault.Amount,
        })]);

    /// <summary>Who leads at a time in a run without faults. With a fault from that time on, the
    /// run is the same until then.</summary>
    public static int LeaderAt(TimeSpan time, SimulationOptions calm, ulong seed)
    {
        Recorder recorder = new();
        Simulator.Run(calm with { Duration = time }, seed, recorder, FaultPlan.Nothing);
        return recorder.LeaderAt(time);
    }

    /// <summary>Fails with the reason unless the run kept every promise and did enough.</summary>
    public static void MustPass(SimulationReport report) => Assert.True(
        report.Verdict == Verdict.Passed, $"seed {report.Seed}: {report.Verdict}: {report.Reason}");
}
