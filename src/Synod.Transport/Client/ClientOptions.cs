using System.Net;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>What a <see cref="ClientConnection"/> must know, and its limits.</summary>
public sealed record ClientOptions
{
    /// <summary>Where the node is. A name (<see cref="DnsEndPoint"/>) is resolved when
    /// dialled.</summary>
    public required EndPoint Address { get; init; }

    /// <summary>The cluster; zero for whatever cluster it is, which a node allows only to processes
    /// of its own machine.</summary>
    public ClusterId Cluster { get; init; }

    /// <summary>The node that is called; zero for whatever node it is.</summary>
    public NodeId Node { get; init; }

    /// <summary>Shows a certificate to the node, and accepts only a member of the cluster. Null: no
    /// TLS.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>The largest frame that is sent or received.</summary>
    public int FrameBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>How much may wait to leave.</summary>
    public int QueueBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long connecting and the handshake may take together.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
