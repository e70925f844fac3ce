using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Thesis §6.4: reads that write nothing.</summary>
public class ReadIndexTests
{
    private const string Beat = "AppendEntries t1 after i1 t1 commit i1 round 1 entries 0 at once";

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void A_read_waits_for_a_majority_that_answers_a_round_sent_after_it()
    {
        RaftMember leader = RaftScenes.Leader(3);

        Assert.Equal([], leader.Read(7));
        Assert.Equal([$"send {{m1}} {Beat}", $"send {{m2}} {Beat}"], leader.Settle());
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 0)));
        Assert.Equal(
            ["read-ready q7"], leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 1)));
        Assert.Equal([], leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1)));
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void A_refusal_in_the_same_term_confirms_as_well()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Read(7);
        leader.Settle();

        Assert.Equal(
            ["read-ready q7"],
            leader.Receive(1, RaftFrames.Refused(1, index: 1, hint: (0, 0), round: 1)));
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void Answers_to_different_rounds_count_for_the_older()
    {
        RaftMember leader = RaftScenes.Leader(5);
        leader.Read(7);
        leader.Settle();
        leader.Read(8);
        leader.Settle();
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 2));

        Assert.Equal(
            ["read-ready q7"], leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1)));
        Assert.Equal(
            ["read-ready q8"], leader.Receive(3, RaftFrames.Accepted(1, index: 1, round: 2)));
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void Reads_of_one_turn_share_a_round()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Read(7);
        leader.Read(8);

        Assert.Equal([$"send {{m1}} {Beat}", $"send {{m2}} {Beat}"], leader.Settle());
        Assert.Equal(
            ["read-ready q7", "read-ready q8"],
            leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1)));
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void A_read_stands_behind_what_was_committed_before_its_round_was_answered()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(7, "a");
        leader.Read(8);
        leader.Settle();
        leader.Persisted();

        Assert.Equal(
            ["deliver [r3+19,1] for q7 gate r3", "read-ready q8"],
            leader.Receive(1, RaftFrames.Accepted(1, index: 2, round: 1)));
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void A_read_waits_for_a_commit_in_the_leaders_term()
    {
        RaftMember leader = RaftScenes.NewLeader(3);

        Assert.Equal([], leader.Read(7));
        Assert.Equal([], leader.Settle());
        leader.Persisted();
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 1)));
        Assert.Equal($"send {{m1}} {Beat}", leader.Settle()[0]);
        Assert.Equal(
            ["read-ready q7"], leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1)));
    }

    // Both followers answer, and take nothing: they lack a command before the no-op, and are full.
    [Fact]
    [Feature("A17")]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_read_that_waits_for_the_first_commit_of_the_term_ends_in_time()
    {
        RaftMember leader = RaftScenes.NewLeader(3);
        leader.Persisted();
        leader.Read(7);
        leader.Receive(1, RaftFrames.Encode(
            new ReadIndex<Term>(new Term(1), new ReadTicket((1, 1), 5))));
        Instant due = leader.Now + new RaftOptions().ElectionTimeout;
        List<string> ends = [];
        while (leader.Now < due)
        {
            ends.AddRange(leader.Settle());
            leader.WakeWhenDue();
            leader.Receive(1, RaftFrames.Accepted(1, index: 0));
            leader.Receive(2, RaftFrames.Accepted(1, index: 0));
        }

        Assert.DoesNotContain(ends, static line => line.Contains("q7"));
        Assert.Equal(due, leader.Now);
        Assert.Equal(
            [
                "reject q7 NoQuorum",
                "send {m1} ReadIndexReply t1 life 1.1 batch 5 refused NoQuorum gate r2",
            ],
            leader.Settle()[..2]);
        Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);

        // Those that come later know it at once, until something is committed.
        leader.Read(8);
        Assert.Contains("reject q8 NoQuorum", leader.Settle());
        leader.Receive(1, RaftFrames.Accepted(1, index: 1));
        leader.Read(9);
        Assert.DoesNotContain(leader.Settle(), static line => line.StartsWith("reject"));
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    public void One_member_alone_reads_at_once()
    {
        RaftMember only = RaftMember.Of(0, 1);
        only.WakeWhenDue();
        only.Persisted();
        only.Persisted();
        only.Read(7);

        Assert.Equal(["read-ready q7"], only.Settle());
    }
}
