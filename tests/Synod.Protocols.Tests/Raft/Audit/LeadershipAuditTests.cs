using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Audit;

/// <summary>The audit finds broken elections.</summary>
public class LeadershipAuditTests
{
    [Fact]
    [Rule(RaftRules.MajorityElects)]
    public void A_leader_without_the_votes_of_a_majority()
    {
        AuditScene scene = AuditScene.Fresh();
        Campaign(scene, scene.M0, scene.M1);

        Assert.Equal(RaftRules.MajorityElects, RuleOf(
            () => scene.Forge(scene.M1, scene.M0, RaftFrames.Vote(1))));
    }

    [Fact]
    [Rule(RaftRules.ElectionSafety)]
    public void A_second_leader_in_a_term()
    {
        AuditScene scene = AuditScene.Led();
        Campaign(scene, scene.M2, scene.M1);

        Assert.Equal(RaftRules.ElectionSafety, RuleOf(
            () => scene.Forge(scene.M1, scene.M2, RaftFrames.Vote(1))));
    }

    [Fact]
    [Rule(RaftRules.CommittedStays)]
    public void A_leader_without_what_was_committed_before()
    {
        AuditScene scene = AuditScene.Led();
        scene.Forge(scene.M1, scene.M2, RaftFrames.Vote(1, isGranted: false));
        Campaign(scene, scene.M2, scene.M1);
        scene.Store(scene.M1, new VoteRecord(new Term(2), scene.M2.Self));
        scene.Leaves(scene.M1, scene.M2, RaftFrames.Vote(2));

        Assert.Equal(RaftRules.CommittedStays, RuleOf(
            () => scene.Forge(scene.M1, scene.M2, RaftFrames.Vote(2))));
    }

    [Fact]
    [Rule(RaftRules.UpToDateLogWins)]
    public void A_vote_for_a_log_that_is_less_up_to_date()
    {
        AuditScene scene = AuditScene.Led();
        scene.Forge(scene.M1, scene.M2, RaftFrames.Vote(1, isGranted: false));
        Campaign(scene, scene.M2, scene.M1);
        Outbox outbox = AuditScene.OutboxOf(scene.M1);
        outbox.Persist(new VoteRecord(new Term(2), scene.M2.Self));

        Assert.Equal(RaftRules.UpToDateLogWins, RuleOf(() => scene.Stepped(scene.M1, outbox)));
    }

    [Fact]
    [Rule(RaftRules.OneVotePerTerm)]
    public void A_vote_that_a_lost_disk_has_forgotten()
    {
        AuditScene scene = AuditScene.Led();
        Wipe(scene, scene.M1);
        scene.Store(scene.M1, new VoteRecord(new Term(1), scene.M2.Self));

        Assert.Equal(RaftRules.OneVotePerTerm, RuleOf(
            () => scene.Leaves(scene.M1, scene.M2, RaftFrames.Vote(1))));
    }

    [Fact]
    [Rule(RaftRules.TermsGrow)]
    public void A_life_that_begins_in_an_older_term()
    {
        AuditScene scene = AuditScene.Led();
        RaftMember empty = RaftMember.Of(1, 3);
        scene.Audit.Ended(new Member(1));

        Assert.Equal(RaftRules.TermsGrow, RuleOf(
            () => scene.Audit.Began(new Member(1), empty.Kernel, empty.OnDisk)));
    }

    [Fact]
    [Rule(RaftRules.NoOpAtElection)]
    [Rule(RaftRules.ReadIndex)]
    public void A_read_before_the_first_commit_of_the_term()
    {
        AuditScene scene = AuditScene.Succeeded();
        Outbox outbox = AuditScene.OutboxOf(scene.M1);
        outbox.ReadReady(new RequestId(9));

        Assert.Equal(RaftRules.ReadIndex, RuleOf(() => scene.Stepped(scene.M1, outbox)));
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void A_read_that_is_confirmed_by_an_older_round()
    {
        AuditScene scene = AuditScene.Led();
        scene.Group.Read(scene.M0);
        scene.Work(scene.M0, scene.M1);
        scene.Audit.Reads(scene.M0.Self, new RequestId(9), Footprint.Universal);
        Outbox outbox = AuditScene.OutboxOf(scene.M0);
        outbox.ReadReady(new RequestId(9));

        Assert.Equal(RaftRules.ReadIndex, RuleOf(() => scene.Stepped(scene.M0, outbox)));
    }

    // The answer to the round has left, and did not arrive.
    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void A_read_that_is_confirmed_by_what_is_on_its_way()
    {
        AuditScene scene = AuditScene.Led();
        scene.Group.Read(scene.M0);
        scene.Audit.Reads(scene.M0.Self, new RequestId(9), Footprint.Universal);
        scene.Finish(scene.M0);
        scene.DeliverTo(scene.M1);
        scene.Finish(scene.M1);

        Assert.Equal(RaftRules.ReadIndex, RuleOfRead(scene, scene.M0));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void A_read_at_a_follower_by_an_answer_that_is_on_its_way()
    {
        AuditScene scene = AuditScene.Led();
        scene.Group.Wake(scene.M0);
        scene.Work(scene.M0, scene.M1);
        scene.Group.Read(scene.M1);
        scene.Audit.Reads(scene.M1.Self, new RequestId(9), Footprint.Universal);
        scene.Finish(scene.M1);
        scene.DeliverTo(scene.M0);
        scene.Finish(scene.M0);
        scene.DeliverTo(scene.M1);
        scene.Finish(scene.M1);
        scene.DeliverTo(scene.M0);

        Assert.Equal(RaftRules.FollowerReads, RuleOfRead(scene, scene.M1));
    }

    [Fact]
    public void A_member_that_blames_an_honest_one()
    {
        AuditScene scene = AuditScene.Led();
        Outbox outbox = AuditScene.OutboxOf(scene.M1);
        outbox.Violated(RaftRules.ElectionSafety, scene.M0.Self);

        Assert.Equal(RaftRules.ElectionSafety, RuleOf(() => scene.Stepped(scene.M1, outbox)));
    }

    private static string RuleOf(Action broken) => AuditScene.RuleOf(broken);

    private static string RuleOfRead(AuditScene scene, RaftMember member)
    {
        Outbox outbox = AuditScene.OutboxOf(member);
        outbox.ReadReady(new RequestId(9));
        return RuleOf(() => scene.Stepped(member, outbox));
    }

    /// <summary>A member campaigns on the forged promise of another; its own vote is
    /// durable.</summary>
    private static void Campaign(AuditScene scene, RaftMember candidate, RaftMember other)
    {
        scene.Group.PeerDown(candidate, other);
        candidate.WakeWhenDue();
        long term = candidate.Kernel.Status.Term + 1;
        scene.Forge(other, candidate, RaftFrames.Promise(term));
        scene.Group.Flush(candidate, candidate.Appended);
        scene.Group.SayPersisted(candidate);
    }

    private static void Wipe(AuditScene scene, RaftMember member)
    {
        scene.Group.Crash(member);
        scene.Audit.Lost(member.Self);
        member.Wipe();
        scene.Group.Restart(member);
    }
}
