using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Cli.Demo;

/// <summary>What a demo does.</summary>
internal sealed record DemoPlan
{
    public required string Protocol { get; init; }

    /// <summary>Whether the protocol has a leader.</summary>
    public bool HasLeader => Protocols.HasLeader(Protocol);

    /// <summary>The position of the node that a client prefers: where nobody leads they are spread
    /// over all.</summary>
    public int? NodeOf(int client) => HasLeader ? null : client % Nodes;

    /// <summary>Whether a client of a node uses a key, or may.</summary>
    public bool IsUsedAt(int key, int node)
    {
        for (int client = key; client < Clients; client += Keys)
        {
            if (NodeOf(client) is not int preferred || preferred == node)
                return true;
        }

        return false;
    }

    public required int Nodes { get; init; }

    public required int Clients { get; init; }

    /// <summary>How many counters there are: each client uses one, in turn.</summary>
    public required int Keys { get; init; }

    /// <summary>The keys of the counters.</summary>
    public IReadOnlyList<string> KeyNames => Keys == 1
        ? [CountingClient.Key]
        : [.. Enumerable.Range(0, Keys).Select(static key => $"{CountingClient.Key}-{key}")];

    public required TimeSpan Duration { get; init; }

    public required IReadOnlySet<string> Faults { get; init; }

    public required Durability Durability { get; init; }

    /// <summary>Whether only the JSON line goes to the standard output.</summary>
    public required bool IsQuiet { get; init; }

    /// <summary>Where the history goes; null for nowhere.</summary>
    public string? HistoryFile { get; init; }
}
