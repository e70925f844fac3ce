using Synod.Abstractions;

namespace Synod.Transport;

/// <summary>Who has come in through the listener.</summary>
/// <param name="Member">A peer, or null for a client.</param>
/// <param name="Role">What a client may do.</param>
internal sealed record Guest(PeerConnection? Member, ClientRole Role);
