using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>The audit finds entries that are committed or delivered and must not be.</summary>
public class CommitmentAuditTests
{
    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_commit_without_a_majority_of_disks()
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(() =>
        {
            scene.Forge(scene.M1, scene.M0, RaftFrames.Accepted(1, index: 3));
            scene.Forge(scene.M2, scene.M0, RaftFrames.Accepted(1, index: 3));
        }));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_disk_that_was_lost_counts_with_what_it_held()
    {
        AuditScene scene = AuditScene.Written();
        scene.Group.Crash(scene.M1);
        scene.Audit.Lost(scene.M1.Self);
        scene.Group.Flush(scene.M0, scene.M0.Appended);
        scene.Group.SayPersisted(scene.M0);
        scene.Forge(scene.M1, scene.M0, RaftFrames.Accepted(1, index: 3));
        scene.Audit.Check();

        Assert.Equal(3, scene.M0.Kernel.Status.Committed);
    }

    [Fact]
    [Rule(RaftRules.OwnTermCommits)]
    public void A_commit_by_counting_an_entry_of_an_older_term()
    {
        AuditScene scene = AuditScene.Succeeded();
        scene.Group.Flush(scene.M0, scene.M0.Appended);

        Assert.Equal(RaftRules.OwnTermCommits, RuleOfCommit(scene, scene.M1, 3));
    }

    [Fact]
    [Rule(RaftRules.FollowerCommits)]
    public void A_follower_that_commits_what_no_leader_has()
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(RaftRules.FollowerCommits, RuleOfCommit(scene, scene.M1, 3));
    }

    [Fact]
    [Rule(RaftRules.FollowerCommits)]
    public void A_leader_that_says_more_than_is_committed()
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(RaftRules.FollowerCommits, AuditScene.RuleOf(() => scene.Leaves(
            scene.M0, scene.M1, new Append(1) { After = (3, 1), Commit = 3 }.Frame())));
    }

    [Fact]
    [Rule(RaftRules.AppliedInOrder)]
    public void An_entry_that_is_delivered_twice()
    {
        AuditScene scene = AuditScene.Led();

        Assert.Equal(
            RaftRules.AppliedInOrder, RuleOfDelivery(scene, CommandOf(scene.M0, 2)));
    }

    [Fact]
    [Rule(RaftRules.AppliedInOrder)]
    public void An_entry_that_is_committed_and_not_delivered()
    {
        AuditScene scene = Committable();

        Assert.Equal(RaftRules.AppliedInOrder, RuleOfCommit(scene, scene.M0, 3));
    }

    [Fact]
    [Rule(RaftRules.AppliedInOrder)]
    public void Entries_that_are_delivered_out_of_order()
    {
        AuditScene scene = Committable();
        scene.M0.Kernel.State.CommitTo(new LogIndex(4));

        Assert.Equal(RaftRules.AppliedInOrder, RuleOfDelivery(
            scene, CommandOf(scene.M0, 4), CommandOf(scene.M0, 3)));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_delivery_that_does_not_wait_for_its_record()
    {
        AuditScene scene = Committable();
        scene.M0.Kernel.State.CommitTo(new LogIndex(4));

        Assert.Equal(RaftRules.DurableBeforeAnswer, RuleOfDelivery(
            scene, CommandOf(scene.M0, 2)));
    }

    [Fact]
    [Rule(RaftRules.AppliedInOrder)]
    public void What_is_delivered_in_order_is_right()
    {
        AuditScene scene = Committable();
        scene.M0.Kernel.State.CommitTo(new LogIndex(4));

        scene.Stepped(scene.M0, Deliveries(
            scene.M0, CommandOf(scene.M0, 3), CommandOf(scene.M0, 4)));
    }

    /// <summary>m0 leads t1; i3 and i4 are on the disks of a majority, and it does not
    /// know.</summary>
    private static AuditScene Committable()
    {
        AuditScene scene = AuditScene.Led();
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Group.Settle(scene.M0);
        scene.Group.Flush(scene.M0, scene.M0.Appended);
        scene.Work(scene.M1);
        return scene;
    }

    private static Payload CommandOf(RaftMember member, long index) =>
        member.Kernel.State.Log[new LogIndex(index)].Command;

    private static string RuleOfCommit(AuditScene scene, RaftMember member, long index)
    {
        member.Kernel.State.CommitTo(new LogIndex(index));
        return AuditScene.RuleOf(() => scene.Stepped(member, AuditScene.OutboxOf(member)));
    }

    private static string RuleOfDelivery(AuditScene scene, params Payload[] commands) =>
        AuditScene.RuleOf(() => scene.Stepped(scene.M0, Deliveries(scene.M0, commands)));

    private static Outbox Deliveries(RaftMember member, params Payload[] commands)
    {
        Outbox outbox = AuditScene.OutboxOf(member);
        foreach (Payload command in commands)
            outbox.Deliver(command);
        return outbox;
    }
}
