using Synod.EPaxos;
using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Raft;
using Synod.Samples.Workloads;

namespace Synod.Simulation.Tests.WideArea;

/// <summary>Sites far from each other, and runs over them.</summary>
internal static class Maps
{
    /// <summary>Five regions of the EPaxos literature.</summary>
    public static RoundTrips Five { get; } = RoundTrips.Parse("""
        ,CA,VA,EU,OR,JP
        CA,0.2,72,151,59,113
        VA,72,0.2,88,93,162
        EU,151,88,0.2,145,220
        OR,59,93,145,0.2,121
        JP,113,162,220,121,0.2
        """);

    /// <summary>The first three of them.</summary>
    public static RoundTrips Three { get; } = RoundTrips.Parse("""
        ,CA,VA,EU
        CA,0.2,72,151
        VA,72,0.2,88
        EU,151,88,0.2
        """);

    /// <summary>So many sites, anywhere.</summary>
    public static RoundTrips Random(int sites, SeededRandom random, int farthest = 300)
    {
        long[,] times = new long[sites, sites];
        for (int row = 0; row < sites; row++)
        {
            for (int column = 0; column < row; column++)
                times[row, column] = times[column, row] = 1 + random.Below(farthest);
        }

        IEnumerable<int> all = Enumerable.Range(0, sites);
        string[] rows =
        [
            "," + string.Join(',', all.Select(static site => $"s{site}")),
            .. all.Select(row =>
                $"s{row}," + string.Join(',', all.Select(column => times[row, column]))),
        ];
        return RoundTrips.Parse(string.Join('\n', rows));
    }

    public static WideAreaOptions Run(string protocol, RoundTrips roundTrips, int leader = 0) =>
        new()
        {
            Protocol = Protocol(protocol, roundTrips.Longest),
            RoundTrips = roundTrips,
            Machine = WideAreaRegister.Machine,
            Leader = protocol == "epaxos" ? null : leader,
            ClientsPerSite = 3,
            Duration = TimeSpan.FromSeconds(10),
        };

    private static IProtocol Protocol(string name, TimeSpan longest) => name switch
    {
        "raft" => new RaftProtocol(new RaftOptions { ElectionTimeout = 5 * longest }),
        "paxos" => new MultiPaxosProtocol(
            new MultiPaxosOptions { ElectionTimeout = 5 * longest }),
        "epaxos" => new EPaxosProtocol(new EPaxosOptions
        {
            RecoverAfter = 5 * longest,
            ResendAfter = 3 * longest,
            FastWait = longest,
        }),
        _ => throw new ArgumentException($"There is no protocol '{name}'.", nameof(name)),
    };
}
