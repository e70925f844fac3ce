using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What was last seen of a member.</summary>
internal sealed class RaftSeat(Member member) : AuditSeat<RaftReplica>(member)
{
    public Term Term { get; private set; }

    public KernelRole Role { get; private set; }

    public LogIndex Commit { get; private set; }

    /// <summary>The newest entry that was delivered in this life, or needs not be.</summary>
    public LogIndex Delivered { get; set; }

    /// <summary>How far the disk holds what is committed, over all lives.</summary>
    public LogIndex Held { get; set; }

    public void Remember()
    {
        if (Live is not RaftReplica live)
            return;

        Role = live.Status.Role;
        Term = live.State.CurrentTerm;
        Commit = live.State.Commit;
    }

    protected override void Began(RaftReplica live)
    {
        Role = KernelRole.Following;
        Term = live.State.CurrentTerm;
        Commit = LogIndex.Zero;
        Delivered = LogIndex.Zero;
    }
}
