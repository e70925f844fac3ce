using Synod.Abstractions;

namespace Synod.Transport;

/// <summary>What all peer links of a transport share.</summary>
internal sealed record PeerLinkContext
{
    public required TcpTransportOptions Options { get; init; }

    public required ITransportSink Sink { get; init; }

    public required Doorkeeper Doorkeeper { get; init; }

    public required Dialler Dialler { get; init; }

    public required Traffic Traffic { get; init; }

    /// <summary>The Hello of this node, but for whom it calls.</summary>
    public required Hello Hello { get; init; }
}
