using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What was last seen of a member.</summary>
internal sealed class MultiPaxosSeat(Member member) : AuditSeat<MultiPaxosReplica>(member)
{
    public Ballot Promised { get; private set; }

    public KernelRole Role { get; private set; }

    public LogIndex Chosen { get; private set; }

    /// <summary>The newest slot that was delivered in this life, or needs not be.</summary>
    public LogIndex Delivered { get; set; }

    /// <summary>Whether it has left it to others to campaign.</summary>
    public bool HasGivenWay { get; private set; }

    public void Remember()
    {
        if (Live is not MultiPaxosReplica live)
            return;

        Role = live.Status.Role;
        HasGivenWay = live.HasGivenWay;
        Promised = live.State.Promised;
        Chosen = live.State.Chosen;
    }

    protected override void Began(MultiPaxosReplica live)
    {
        Role = KernelRole.Following;
        HasGivenWay = false;
        Promised = live.State.Promised;
        Chosen = LogIndex.Zero;
        Delivered = LogIndex.Zero;
    }
}
