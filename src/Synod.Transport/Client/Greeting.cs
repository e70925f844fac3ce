using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Who has accepted the connection of a client.</summary>
/// <param name="Cluster">The cluster, for a client that called whatever cluster it is.</param>
/// <param name="Node">The node.</param>
/// <param name="RoundTrip">How long the handshake took.</param>
public readonly record struct Greeting(ClusterId Cluster, PeerIdentity Node, TimeSpan RoundTrip);
