using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Thesis §6.4: reads that a follower answers.</summary>
public class FollowerReadTests
{
    private static readonly RaftOptions Options = new();

    [Fact]
    [Feature("A17")]
    [Rule(RaftRules.FollowerReads)]
    [Rule(RaftRules.QuestionsRestOnNothing)]
    public void A_follower_asks_once_for_all_reads_of_a_turn()
    {
        RaftMember follower = RaftScenes.Follower((1, null), (1, "a"));
        follower.Read(7);
        follower.Read(8);

        Assert.Equal(["send {m0} ReadIndex t1 life 1.1 batch 1 at once"], follower.Settle());
        Assert.Equal([], follower.Settle());
    }

    [Fact]
    [Feature("A17")]
    [Rule(RaftRules.FollowerReads)]
    public void A_read_runs_when_all_up_to_the_index_was_delivered()
    {
        RaftMember follower = Asking();

        Assert.Equal([], follower.Receive(0, Answer(1, index: 2)));
        Assert.Equal(
            ["deliver [r3+19,1] gate r3", "read-ready q7"],
            follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame()));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void What_is_delivered_already_is_read_at_once()
    {
        RaftMember follower = Asking();
        follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame());

        Assert.Equal(["read-ready q7"], follower.Receive(0, Answer(1, index: 2)));
        Assert.Equal([], follower.Receive(0, Answer(1, index: 2)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void An_answer_releases_no_read_that_came_after_its_batch()
    {
        RaftMember follower = Asking();
        follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame());
        follower.Receive(0, Answer(1, index: 2));
        follower.Read(8);

        Assert.Equal([], follower.Receive(0, Answer(1, index: 2)));
        follower.Settle();
        Assert.Equal([], follower.Receive(0, Answer(1, index: 2)));
        Assert.Equal(["read-ready q8"], follower.Receive(0, Answer(2, index: 2)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void An_answer_counts_for_the_batches_before_it()
    {
        RaftMember follower = Asking();
        follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame());
        follower.Read(8);
        follower.Settle();

        Assert.Equal(
            ["read-ready q7", "read-ready q8"], follower.Receive(0, Answer(2, index: 2)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [Rule(RaftRules.FollowerReads)]
    public void An_answer_to_another_life_or_boot_is_ignored(ulong boot, uint life)
    {
        RaftMember follower = Asking();
        follower.Crash();
        follower.Restart();
        follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame());
        follower.Read(8);

        Assert.Contains(
            "send {m0} ReadIndex t1 life 1.2 batch 1 at once", follower.Settle());
        Assert.Equal([], follower.Receive(0, Answer(1, index: 2, boot, life)));
        Assert.Equal(["read-ready q8"], follower.Receive(0, Answer(1, index: 2, 1, 2)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void An_answer_to_a_batch_that_was_never_asked_is_a_lie()
    {
        RaftMember follower = Asking();

        Assert.Equal(
            [$"violated by m0: {RaftRules.FollowerReads}"],
            follower.Receive(0, Answer(2, index: 2)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void A_new_leader_rejects_what_waits_and_the_old_one_answers_nothing_newer()
    {
        RaftMember follower = Asking();
        Assert.Contains(
            "reject q7 NotLeader",
            follower.Receive(2, new Append(2) { After = (2, 1), Commit = 2 }.Frame()));
        follower.Persisted();
        follower.Read(8);
        follower.Settle();

        Assert.Equal([], follower.Receive(0, Answer(1, index: 2)));
        Assert.Equal(["read-ready q8"], follower.Receive(2, Answer(2, index: 2, term: 2)));
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_read_ends_with_the_connection_to_the_leader_and_with_its_refusal()
    {
        Assert.Equal(["reject q7 NotLeader"], Asking().PeerDown(0));
        Assert.Equal(
            ["reject q7 NotLeader"],
            Asking().Receive(0, Refuse(1, RejectReason.NotLeader)));
    }

    [Fact]
    [Feature("A17")]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_refusal_says_why_and_ends_the_batches_up_to_it_and_no_others()
    {
        RaftMember follower = Asking();
        follower.Read(8);
        follower.Settle();
        follower.Read(9);
        follower.Settle();
        follower.Read(10);

        Assert.Equal(
            ["reject q7 Overloaded", "reject q8 Overloaded"],
            follower.Receive(0, Refuse(2, RejectReason.Overloaded)));
        follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame());
        Assert.Equal(["read-ready q9"], follower.Receive(0, Answer(3, index: 2)));
        Assert.Contains("send {m0} ReadIndex t1 life 1.1 batch 4 at once", follower.Settle());
    }

    // The leader's answer to a later batch has overtaken it, and counts for all before.
    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void A_refusal_that_was_overtaken_by_an_answer_ends_nothing()
    {
        RaftMember follower = Asking();
        follower.Read(8);
        follower.Settle();
        follower.Receive(0, Answer(2, index: 2));

        Assert.Equal([], follower.Receive(0, Refuse(1, RejectReason.Overloaded)));
        Assert.Equal(
            ["deliver [r3+19,1] gate r3", "read-ready q7", "read-ready q8"],
            follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame()));
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_read_whose_question_or_answer_is_lost_ends_in_time()
    {
        RaftMember follower = Asking();
        Instant due = follower.Now + Options.ElectionTimeout;
        follower.Now += Options.ElectionTimeout / 2;
        follower.Receive(0, new Append(1) { After = (2, 1) }.Frame());
        follower.Settle();

        Assert.Equal(due, follower.Due);
        Assert.Equal(["reject q7 NotLeader"], follower.WakeWhenDue());
        Assert.Equal([], follower.Receive(0, Answer(1, index: 2)));
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void Reads_at_a_follower_are_bounded_in_number()
    {
        RaftMember follower = RaftMember.Of(1, 3, new RaftOptions { FollowerReadsMax = 2 });
        follower.Receive(0, new Append(1) { Entries = [(1, null)] }.Frame());
        follower.Read(7);
        follower.Read(8);

        Assert.Equal(["reject q9 Overloaded"], follower.Read(9));
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void Batches_on_their_way_are_bounded_and_the_rest_goes_with_the_next()
    {
        RaftMember follower = RaftScenes.Follower((1, null));
        for (int read = 1; read <= 10; read++)
        {
            follower.Read(read);
            follower.Settle();
        }

        Assert.Equal(8, follower.Receive(0, Answer(8, index: 0)).Length);
        Assert.Equal(["send {m0} ReadIndex t1 life 1.1 batch 9 at once"], follower.Settle());
        Assert.Equal(
            ["read-ready q9", "read-ready q10"], follower.Receive(0, Answer(9, index: 0)));
    }

    [Fact]
    [Feature("A17")]
    [Rule(RaftRules.FollowerReads)]
    [Rule(RaftRules.ReadIndex)]
    public void A_leader_answers_a_follower_after_a_round_and_with_the_commit_index_before_it()
    {
        RaftMember leader = RaftScenes.Leader(3);

        Assert.Equal([], leader.Receive(1, Ask(1, batch: 5)));
        Assert.Equal(2, leader.Settle().Count(static line => line.Contains("round 1")));
        Assert.Equal(
            ["send {m1} ReadIndexReply t1 life 1.1 batch 5 at i1 at once"],
            leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    [Rule(RaftRules.ReadIndex)]
    public void A_leader_that_has_not_committed_in_its_term_answers_no_follower()
    {
        RaftMember leader = RaftScenes.NewLeader(3);
        leader.Receive(1, Ask(1, batch: 5));
        leader.Settle();

        Assert.Equal([], leader.Receive(2, RaftFrames.Accepted(1, index: 0)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    public void Who_does_not_lead_in_the_term_refuses()
    {
        Assert.Equal(
            ["send {m2} ReadIndexReply t1 life 1.1 batch 5 refused NotLeader gate r2"],
            RaftScenes.Follower((1, null)).Receive(2, Ask(1, batch: 5)));
        Assert.Equal(
            ["send {m2} ReadIndexReply t1 life 1.1 batch 5 refused NotLeader gate r2"],
            RaftScenes.Leader(3).Receive(2, Ask(2, batch: 5)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_leader_that_steps_down_refuses_whom_it_has_not_answered()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Receive(1, Ask(1, batch: 5));
        leader.Settle();
        leader.Receive(1, Ask(1, batch: 6));

        string[] lines = leader.Receive(2, RaftFrames.Vote(9, isGranted: false));
        Assert.Contains(
            "send {m1} ReadIndexReply t9 life 1.1 batch 5 refused NotLeader gate r3", lines);
        Assert.Contains(
            "send {m1} ReadIndexReply t9 life 1.1 batch 6 refused NotLeader gate r3", lines);
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void Reads_of_others_at_a_leader_are_bounded_in_number()
    {
        RaftMember leader = RaftScenes.Leader(3, new RaftOptions { LeaderReadsMax = 1 });
        leader.Receive(1, Ask(1, batch: 5));

        Assert.Equal(
            ["send {m2} ReadIndexReply t1 life 1.1 batch 5 refused Overloaded gate r2"],
            leader.Receive(2, Ask(1, batch: 5)));
    }

    [Fact]
    [Rule(RaftRules.FollowerReads)]
    [Rule(RaftRules.LeaseRead)]
    public void Under_a_lease_a_follower_is_answered_at_once_and_told_what_is_committed()
    {
        LeaseTerms terms = new() { Promise = TimeSpan.FromSeconds(1) };
        RaftMember leader = RaftScenes.Leader(3, lease: terms);
        leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: leader.Round()));
        leader.Receive(1, Ask(1, batch: 5));
        string[] lines = leader.Settle();

        Assert.Equal(2, lines.Length);
        Assert.StartsWith("send {m1} AppendEntries t1 after i1 t1 commit i1", lines[0]);
        Assert.Equal("send {m1} ReadIndexReply t1 life 1.1 batch 5 at i1 at once", lines[1]);
        leader.Receive(1, Ask(1, batch: 6));
        Assert.Equal(
            ["send {m1} ReadIndexReply t1 life 1.1 batch 6 at i1 at once"], leader.Settle());
    }

    // m1 of three follows m0 with i1 and i2 and has asked for q7 in batch 1.
    private static RaftMember Asking()
    {
        RaftMember follower = RaftScenes.Follower((1, null), (1, "a"));
        follower.Read(7);
        follower.Settle();
        return follower;
    }

    private static byte[] Ask(long term, long batch) =>
        RaftFrames.Encode(new ReadIndex<Term>(new Term(term), Ticket(batch)));

    private static byte[] Answer(long batch, long index, ulong boot = 1, uint life = 1) =>
        Encode(1, new ReadTicket((boot, life), batch), index);

    private static byte[] Answer(long batch, long index, int term) =>
        Encode(term, Ticket(batch), index);

    private static byte[] Encode(long term, ReadTicket ticket, long index) =>
        RaftFrames.Encode(
            new ReadIndexReply<Term>(new Term(term), ticket, new LogIndex(index), null));

    private static byte[] Refuse(long batch, RejectReason reason) =>
        RaftFrames.Encode(new ReadIndexReply<Term>(new Term(1), Ticket(batch), default, reason));

    private static ReadTicket Ticket(long batch) => new((1, 1), batch);
}
