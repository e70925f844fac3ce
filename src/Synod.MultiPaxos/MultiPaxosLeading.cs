using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Phase 2: proposes, as the distinguished proposer. What phase 1 told of must be chosen
/// before it answers reads.</summary>
internal sealed class MultiPaxosLeading(PeerProgress[] peers, (LogIndex Base, LogIndex Fresh) of)
    : Leading(peers, of.Fresh)
{
    private readonly LogIndex?[] _known = new LogIndex?[peers.Length];

    /// <summary>The last slot that is not proposed in the own ballot, since it was known to be
    /// chosen.</summary>
    public LogIndex Base => of.Base;

    /// <summary>Whose whole promises it was elected by.</summary>
    public required MemberSet ElectedBy { get; init; }

    /// <summary>Whose disks are full, as they last told.</summary>
    public MemberSet Full { get; private set; }

    /// <summary>Up to where a member knows what is chosen, as far as it has told; before, it is
    /// taken to know what the leader knew at its election.</summary>
    public LogIndex KnownBy(Member peer) => _known[peer.Index] ?? Base;

    /// <summary>A member has told up to where it knows what is chosen.</summary>
    public void Knows(Member peer, LogIndex chosen) => _known[peer.Index] = chosen;

    /// <summary>A member has told whether its disk is full.</summary>
    public void IsFull(Member peer, bool isFull) =>
        Full = isFull ? Full.With(peer) : Full.Without(peer);

    public override void Digest(ref StateHash hash)
    {
        base.Digest(ref hash);
        hash.Add(Base.Number);
        hash.Add(Full.Bits);
        foreach (LogIndex? known in _known)
            hash.Add(known?.Number ?? -1);
    }
}
