using System.Net;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>What a <see cref="TcpTransport"/> must know, and its limits.</summary>
public sealed record TcpTransportOptions
{
    /// <summary>The cluster; members and clients of another are refused.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>This node.</summary>
    public required PeerIdentity Self { get; init; }

    /// <summary>Where to listen; port 0 takes any free one. Loopback unless there is
    /// <see cref="Tls"/>, or <see cref="AllowInsecure"/>.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The other nodes, which are dialled, and from whom alone members are
    /// accepted.</summary>
    public IReadOnlyList<NodeId> Peers { get; init; } = [];

    /// <summary>Where a peer is now; asked at every try, by any thread. A name
    /// (<see cref="DnsEndPoint"/>) is resolved anew at every try. Null: not known; then the peer is
    /// reached once it has called and said where it listens.</summary>
    public Func<NodeId, EndPoint?> Resolve { get; init; } = static _ => null;

    /// <summary>What peers are told about where this node listens, as <c>host:port</c>; the bound
    /// address if null.</summary>
    public string? Advertise { get; init; }

    /// <summary>Peers and clients must show a certificate, in both directions. Null: nothing is
    /// encrypted, and everyone who reaches the port may do everything.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Listens at an address that other machines reach although there is no
    /// <see cref="Tls"/>.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>The largest frame that is sent or received.</summary>
    public int FrameBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>How much may wait for one peer; more is dropped.</summary>
    public int PeerQueueBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>How much may wait for one client; with more it is disconnected.</summary>
    public int ClientQueueBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many clients may be connected; more are refused. Default 10 000.</summary>
    public int ClientsMax { get; init; } = 10_000;

    /// <summary>How many connections may be in their handshake. Beyond, the one that has taken
    /// longest is closed for the newest. Default 256.</summary>
    public int HandshakesMax { get; init; } = 256;

    /// <summary>How long connecting and the handshake may take, each.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause after the first try to reach a peer that failed; it doubles.</summary>
    public TimeSpan RedialMin { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest pause between two tries, but for up to half as much jitter.</summary>
    public TimeSpan RedialMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads the connections that were accepted in the thread that waits there, which
    /// then also calls the sink. Null: threads of the pool do.</summary>
    public SocketPoller? Poller { get; init; }

    /// <summary>Is told what an operator may want to read.</summary>
    public ITransportEvents? Events { get; init; }
}
