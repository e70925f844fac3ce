using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A client's connection to a node.</summary>
internal sealed class ClientLink(SimulatedClient client, SimulatedNode node, ConnectionId id)
{
    public SimulatedClient Client => client;

    public SimulatedNode Node => node;

    public ConnectionId Id => id;

    /// <summary>Which process of the node it leads to.</summary>
    public int Boot { get; set; }

    /// <summary>How long a frame takes at the least.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>When the newest frame to the client arrives.</summary>
    public Instant ToClientAt { get; set; }

    /// <summary>When the newest frame to the node arrives.</summary>
    public Instant ToNodeAt { get; set; }

    /// <summary>Whether nothing arrives any more.</summary>
    public bool IsClosed { get; set; }
}
