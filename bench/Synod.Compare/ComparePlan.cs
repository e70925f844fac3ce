using Synod.Cli.Bench;

namespace Synod.Compare;

/// <summary>What is compared, and how long.</summary>
internal sealed record ComparePlan
{
    public const int Nodes = 3;

    /// <summary>The path of etcd; null to leave it out.</summary>
    public string? Etcd { get; init; }

    /// <summary>The path of <c>zookeeper.jar</c>; null to leave ZooKeeper out.</summary>
    public string? ZooKeeper { get; init; }

    public required IReadOnlyList<string> Protocols { get; init; }

    public required int Clients { get; init; }

    public required int Connections { get; init; }

    public required int PayloadBytes { get; init; }

    /// <summary>How many windows each contender has of each load.</summary>
    public required int Rounds { get; init; }

    public required TimeSpan Window { get; init; }

    /// <summary>How long each has each load before it counts: until code is compiled for speed, and
    /// the log has come to its size.</summary>
    public required TimeSpan Settling { get; init; }

    /// <summary>Before each window, since others had the machine until then.</summary>
    public required TimeSpan WarmUp { get; init; }

    public TargetSize SizeOf(LoadKind load)
    {
        int clients = load == LoadKind.OnePut ? 1 : Clients;
        return new TargetSize
        {
            Clients = clients,
            Connections = Math.Min(clients, Connections),
            PayloadBytes = PayloadBytes,
            Keys = clients,
        };
    }

    public LoadShape ShapeOf(LoadKind load) => new()
    {
        Clients = SizeOf(load).Clients,
        ReadPercent = load == LoadKind.Reads ? 100 : 0,
        WarmUp = WarmUp,
        Duration = Window,
    };
}
