using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>The audit finds leases that hold where they must not.</summary>
public class LeaseAuditTests
{
    // All clocks kept within their bound, m1 could not have been elected yet.
    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void A_lease_beside_the_leader_of_a_newer_term()
    {
        AuditScene scene = AuditScene.Leased();
        scene.Group.PeerDown(scene.M1, scene.M0);

        Assert.Equal(
            RaftRules.LeaseRead, AuditScene.RuleOf(() => scene.Elect(scene.M1, scene.M2)));
    }

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void A_lease_that_has_ended_is_none()
    {
        AuditScene scene = AuditScene.Leased();
        scene.Group.PeerDown(scene.M1, scene.M0);
        scene.M0.Now += TimeSpan.FromMilliseconds(300);

        scene.Elect(scene.M1, scene.M2);
        Assert.Equal(KernelRole.Leading, scene.M0.Kernel.Status.Role);
        Assert.Equal(KernelRole.Leading, scene.M1.Kernel.Status.Role);
    }

    [Fact]
    [Rule(RaftRules.TransferVoidsLease)]
    public void A_lease_that_holds_after_another_was_asked_to_campaign()
    {
        AuditScene scene = AuditScene.Leased();
        scene.Stepped(scene.M0, AuditScene.OutboxOf(scene.M0));
        scene.Leaves(scene.M0, scene.M1, RaftFrames.TimeoutNow(1, last: 1, transfer: 1));

        Assert.Equal(
            RaftRules.TransferVoidsLease,
            AuditScene.RuleOf(() => scene.Stepped(scene.M0, AuditScene.OutboxOf(scene.M0))));
    }
}
