using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>The audit finds frames that promise more than the disk of their sender holds: the
/// durability table, row by row.</summary>
public class DurabilityAuditTests
{
    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void Votes_and_terms_that_are_on_no_disk()
    {
        AssertBreaks(RaftFrames.RequestVote(2));
        AssertBreaks(RaftFrames.Vote(1));
        AssertBreaks(RaftFrames.Vote(2));
        AssertBreaks(RaftFrames.Vote(2, isGranted: false));
        AssertBreaks(RaftFrames.Promise(2, isGranted: false));
        AssertBreaks(RaftFrames.Refused(2, index: 0, hint: (0, 0)));
        AssertBreaks(new Append(1).Frame());
        AssertBreaks(new Append(2).Frame());
    }

    [Fact]
    [Rule(RaftRules.PreVote)]
    public void A_pre_vote_promises_nothing()
    {
        AuditScene scene = AuditScene.Led();

        scene.Leaves(scene.M1, scene.M2, RaftFrames.PreVote(7));
        scene.Leaves(scene.M1, scene.M2, RaftFrames.Promise(7));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void An_acknowledgement_of_what_is_written_and_not_durable()
    {
        AuditScene scene = AuditScene.Led();
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Group.Settle(scene.M0);
        scene.Group.Deliver(scene.Group.Flights.Last(flight => flight.To == scene.M1));
        scene.Leaves(scene.M1, scene.M0, RaftFrames.Accepted(1, index: 2));

        Assert.Equal(3, scene.M1.Kernel.Status.Last);
        Assert.Equal(RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M0, RaftFrames.Accepted(1, index: 3))));
    }

    [Fact]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void An_acknowledgement_to_who_does_not_lead()
    {
        AuditScene scene = AuditScene.Led();

        Assert.Equal(RaftRules.AcceptProvesItsEntries, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M2, RaftFrames.Accepted(1, index: 2))));
    }

    // m1 leads t2 by now and has i4 of t2; what it says late of t1 is held against its disk in t1.
    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_late_acknowledgement_is_held_against_the_disk_of_its_term()
    {
        AuditScene scene = AuditScene.Succeeded();
        scene.Store(scene.M1, new EntryRecord(new LogIndex(4), new Term(2), RaftEntryKind.NoOp));
        scene.Leaves(scene.M1, scene.M0, RaftFrames.Accepted(1, index: 3));

        Assert.Equal(4, scene.M1.OnDisk.Status.Last);
        Assert.Equal(RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M0, RaftFrames.Accepted(1, index: 4))));
    }

    [Fact]
    [Rule(RaftRules.OneVotePerTerm)]
    public void A_late_vote_is_held_against_the_disk_of_its_term()
    {
        AuditScene scene = AuditScene.Succeeded();
        scene.Leaves(scene.M1, scene.M0, RaftFrames.Vote(1));

        Assert.Equal(2, scene.M1.OnDisk.Status.Term);
        Assert.Equal(RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M2, RaftFrames.Vote(1))));
    }

    [Fact]
    [Rule(RaftRules.LeaderWritesInParallel)]
    public void Anything_but_entries_that_leaves_at_once()
    {
        AuditScene scene = AuditScene.Led();
        Outbox outbox = AuditScene.OutboxOf(scene.M1);
        outbox.SendAtOnce(
            MemberSet.Of(scene.M0.Self),
            new VoteReply(new Term(1), IsPreVote: false, IsGranted: false),
            RaftRules.LeaderWritesInParallel);

        Assert.Equal(
            RaftRules.LeaderWritesInParallel,
            AuditScene.RuleOf(() => scene.Stepped(scene.M1, outbox)));
    }

    [Fact]
    [Rule(RaftRules.LeaderWritesInParallel)]
    public void A_leader_that_counts_its_own_log_before_the_flush()
    {
        AuditScene scene = AuditScene.Written();
        scene.M0.Kernel.State.DurableThrough(scene.M0.Appended);

        Assert.Equal(RaftRules.LeaderWritesInParallel, AuditScene.RuleOf(
            () => scene.Stepped(scene.M0, AuditScene.OutboxOf(scene.M0))));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_life_that_begins_with_more_than_is_durable()
    {
        AuditScene scene = AuditScene.Fresh();
        RaftMember lucky = RaftScenes.Follower((1, null));
        RaftMember empty = RaftMember.Of(1, 3);

        Assert.Equal(RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(
            () => scene.Audit.Began(new Member(1), lucky.Kernel, empty.OnDisk)));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_member_that_goes_by_what_it_never_wrote()
    {
        AuditScene scene = AuditScene.Led();
        scene.Audit.Check();
        scene.M2.Kernel.State.SetVote(new Term(5), null);

        Assert.Equal(
            RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(() => scene.Audit.Check()));
    }

    [Fact]
    public void Bytes_that_are_no_message()
    {
        AuditScene scene = AuditScene.Led();

        Assert.Equal(RaftRules.FramesAreMessages, AuditScene.RuleOf(
            () => scene.Leaves(scene.M0, scene.M1, [1, 99])));
    }

    [Fact]
    public void Only_kernels_of_raft_are_audited()
    {
        AuditScene scene = AuditScene.Fresh();

        Assert.Throws<ArgumentException>(
            () => scene.Audit.Began(new Member(1), null!, scene.M1.OnDisk));
    }

    private static void AssertBreaks(byte[] frame)
    {
        AuditScene scene = AuditScene.Led();

        Assert.Equal(RaftRules.DurableBeforeAnswer, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M2, frame)));
    }
}
