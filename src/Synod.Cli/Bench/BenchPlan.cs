using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary>What a bench does: a cluster for each protocol, count of nodes and count of groups, and
/// in each a row for each payload, count of clients and rate.</summary>
internal sealed record BenchPlan
{
    public required IReadOnlyList<string> Protocols { get; init; }

    public required IReadOnlyList<int> Nodes { get; init; }

    /// <summary>How many groups there are on all nodes; the clients take them in turn.</summary>
    public required IReadOnlyList<int> Groups { get; init; }

    public required Durability Durability { get; init; }

    /// <summary>How many clients call at the same time.</summary>
    public required IReadOnlyList<int> Clients { get; init; }

    /// <summary>The most connections to each node; clients share them.</summary>
    public required int Connections { get; init; }

    public required IReadOnlyList<int> PayloadBytes { get; init; }

    /// <summary>How many of a hundred calls read.</summary>
    public required int ReadPercent { get; init; }

    /// <summary>How many keys the clients share; with 0 each has its own.</summary>
    public required int Keys { get; init; }

    /// <summary>How many calls a second begin; 0: as many as are answered.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    public required TimeSpan WarmUp { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The clusters, with the first payload.</summary>
    public IEnumerable<BenchSetting> Clusters() =>
        from protocol in Protocols
        from nodes in Nodes
        from groups in Groups
        select new BenchSetting(protocol, nodes, groups, PayloadBytes[0]);

    /// <summary>The rows of a cluster.</summary>
    public IEnumerable<(BenchSetting Setting, LoadShape Shape)> RowsOf(BenchSetting cluster) =>
        from payload in PayloadBytes
        from clients in Clients
        from rate in Rates
        select (cluster with { PayloadBytes = payload }, new LoadShape
        {
            Clients = clients,
            Rate = rate,
            ReadPercent = ReadPercent,
            WarmUp = WarmUp,
            Duration = Duration,
        });
}
