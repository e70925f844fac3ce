namespace Synod.Transport;

/// <summary>Who has come in through the listener.</summary>
/// <param name="Member">A peer, or null for a client.</param>
internal sealed record Guest(PeerConnection? Member);
