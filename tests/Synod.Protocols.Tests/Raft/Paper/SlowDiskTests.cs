using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Safety §7: a leader whose disk holds back what others have hands over.</summary>
public class SlowDiskTests
{
    private static readonly RaftOptions Options = new();

    [Fact]
    [Rule(LeaderRules.SlowDiskHandsOver)]
    public void A_leader_whose_disk_is_late_with_what_others_have_hands_over()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(6, "a");
        leader.Settle();
        Instant written = leader.Now;
        Beat(leader, index: 2, until: static leader => leader.Status.Successor is not null);

        Assert.InRange(
            leader.Now - written, Options.ElectionTimeout, Options.ElectionTimeout * 1.5);
        Assert.Equal(
            ["send {m1} TimeoutNow t1 last i2 transfer 1 at once"], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.SlowDiskHandsOver)]
    public void A_leader_whose_followers_are_as_late_goes_on()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(6, "a");
        leader.Settle();
        Beat(leader, index: 1, until: static _ => false);

        Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);
    }

    [Fact]
    [Rule(LeaderRules.SlowDiskHandsOver)]
    public void A_leader_whose_disk_is_slow_and_not_late_goes_on()
    {
        RaftMember leader = RaftScenes.Leader(3);
        for (int command = 0; command < 10; command++)
        {
            leader.Propose(6 + command, "a");
            leader.Settle();
            Instant written = leader.Now;
            Beat(leader, 2 + command, at => at.Status.Successor is not null
                || leader.Now - written > Options.ElectionTimeout - Options.HeartbeatInterval);
            leader.Persisted();
        }

        Assert.Null(leader.Kernel.Status.Successor);
        Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);
    }

    [Fact]
    [Rule(LeaderRules.SlowDiskHandsOver)]
    public void A_hand_over_that_does_not_help_is_not_tried_again_at_once()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(6, "a");
        leader.Settle();
        Beat(leader, index: 2, until: static leader => leader.Status.Successor is not null);
        Beat(leader, index: 2, until: static leader => leader.Status.Successor is null);
        Instant failed = leader.Now;
        Assert.StartsWith("persist", leader.Propose(7, "b")[0]);

        Beat(leader, index: 2, until: static leader => leader.Status.Successor is not null);

        Assert.True(leader.Now - failed > Options.ElectionTimeout * 2);
    }

    // Time passes, and both followers answer; the own disk does nothing.
    private static void Beat(RaftMember leader, int index, Func<RaftReplica, bool> until)
    {
        for (int beat = 0; beat < 100 && !until(leader.Kernel); beat++)
        {
            leader.Receive(1, RaftFrames.Accepted(1, index));
            leader.Receive(2, RaftFrames.Accepted(1, index));
            leader.WakeWhenDue();
        }
    }
}
