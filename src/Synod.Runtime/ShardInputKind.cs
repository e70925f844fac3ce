namespace Synod.Runtime;

/// <summary>What kinds of news an inbox holds.</summary>
internal enum ShardInputKind
{
    PeerUp,
    PeerDown,
    PeerFrame,
    ClientFrame,
    ClientGone,
}
