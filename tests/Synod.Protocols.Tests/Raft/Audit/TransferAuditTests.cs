using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>The audit finds broken transfers of leadership, and broken forwards.</summary>
public class TransferAuditTests
{
    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void A_target_that_has_not_all_is_asked_to_campaign()
    {
        AuditScene scene = AuditScene.Led();

        scene.Leaves(scene.M0, scene.M1, RaftFrames.TimeoutNow(1, last: 2, transfer: 1));
        Assert.Equal(RaftRules.LeadershipTransfer, AuditScene.RuleOf(() => scene.Leaves(
            scene.M0, scene.M2, RaftFrames.TimeoutNow(1, last: 2, transfer: 1))));
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void A_candidate_says_that_it_was_asked_and_was_not()
    {
        AuditScene scene = AuditScene.Led();
        scene.Store(scene.M1, new VoteRecord(new Term(2), scene.M1.Self));
        byte[] asks = RaftFrames.RequestVote(2, lastIndex: 2, lastTerm: 1, transfer: 1);

        Assert.Equal(
            RaftRules.LeadershipTransfer,
            AuditScene.RuleOf(() => scene.Leaves(scene.M1, scene.M2, asks)));
        scene.Leaves(scene.M0, scene.M1, RaftFrames.TimeoutNow(1, last: 2, transfer: 1));
        scene.Leaves(scene.M1, scene.M2, asks);
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void Who_does_not_lead_asks_another_to_campaign()
    {
        AuditScene scene = AuditScene.Led();

        Assert.Equal(RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(() => scene.Leaves(
            scene.M1, scene.M0, RaftFrames.TimeoutNow(1, last: 2, transfer: 1))));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void A_command_is_passed_on_twice()
    {
        AuditScene scene = AuditScene.Led();
        byte[] forward = RaftFrames.Forward(1, tag: 1, "a");
        scene.Leaves(scene.M1, scene.M0, forward);

        Assert.Equal(
            RaftRules.ForwardedOnce,
            AuditScene.RuleOf(() => scene.Leaves(scene.M1, scene.M0, forward)));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void A_command_that_was_passed_on_has_two_ends()
    {
        AuditScene scene = AuditScene.Led();
        scene.Leaves(scene.M1, scene.M0, RaftFrames.Forward(1, tag: 1, "a"));
        byte[] refused = RaftFrames.ForwardRefused(1, tag: 1, RejectReason.Overloaded);
        scene.Leaves(scene.M0, scene.M1, refused);

        Assert.Equal(RaftRules.ForwardedOnce, AuditScene.RuleOf(
            () => scene.Leaves(scene.M0, scene.M1, refused)));
        Assert.Equal(RaftRules.ForwardedOnce, AuditScene.RuleOf(
            () => scene.Leaves(scene.M0, scene.M1, RaftFrames.Forwarded(1, tag: 2, index: 2))));
    }

    [Fact]
    [Rule(RaftRules.LogMatching)]
    public void Another_command_stands_where_one_is_said_to_be()
    {
        AuditScene scene = AuditScene.Led();
        scene.Leaves(scene.M1, scene.M0, RaftFrames.Forward(1, tag: 1, "a"));

        Assert.Equal(RaftRules.LogMatching, AuditScene.RuleOf(
            () => scene.Leaves(scene.M0, scene.M1, RaftFrames.Forwarded(1, tag: 1, index: 2))));
    }
}
