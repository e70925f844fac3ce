namespace Synod.Transport;

/// <summary>A connection of a peer whose handshake is over.</summary>
/// <param name="Claim">Who the peer has said it is.</param>
/// <param name="Connection">The connection.</param>
/// <param name="IsInbound">Whether the peer has dialled.</param>
/// <param name="Address">Where the peer is, for people.</param>
internal sealed record PeerConnection(
    Claim Claim, Connection Connection, bool IsInbound, string Address);
