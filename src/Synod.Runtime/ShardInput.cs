using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>One piece of news; its bytes are in the inbox.</summary>
internal readonly record struct ShardInput(
    ShardInputKind Kind, PeerIdentity Peer, ConnectionId Client, int Start, int Length);
