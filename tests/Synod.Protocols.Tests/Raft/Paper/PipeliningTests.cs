using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Thesis §10.2.1 and §5.3: windows, probes, hints.</summary>
public class PipeliningTests
{
    private static readonly RaftOptions Narrow = new()
    {
        EntriesPerMessageMax = 1,
        InFlightMessagesMax = 2,
    };

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    [Feature("D01")]
    public void A_leader_sends_on_without_waiting_up_to_its_window_of_messages()
    {
        RaftMember leader = RaftScenes.Leader(2, Narrow);
        for (int request = 1; request <= 4; request++)
            leader.Propose(request, "abc");

        Assert.Equal([Entry(after: 1), Entry(after: 2)], leader.Settle());
        Assert.Equal([], leader.Settle());

        leader.Receive(1, RaftFrames.Accepted(1, index: 2));
        Assert.Equal([Entry(after: 3)], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    [Feature("D01")]
    public void While_one_message_is_in_flight_a_hundred_writes_leave_in_one()
    {
        RaftMember leader = RaftScenes.Leader(2);
        leader.Propose(1, "abc");
        Assert.Single(leader.Settle());
        for (int request = 2; request <= 101; request++)
            leader.Propose(request, "abc");

        Assert.Single(leader.Settle());
        Assert.Equal([], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_window_is_full_when_its_bytes_are()
    {
        RaftOptions options = Narrow with { InFlightMessagesMax = 9, InFlightBytesMax = 6 };
        RaftMember leader = RaftScenes.Leader(2, options);
        for (int request = 1; request <= 4; request++)
            leader.Propose(request, "abc");

        Assert.Equal([Entry(after: 1), Entry(after: 2)], leader.Settle());
        leader.Receive(1, RaftFrames.Accepted(1, index: 3));
        Assert.Equal([Entry(after: 3), Entry(after: 4)], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_message_is_full_when_its_bytes_are()
    {
        RaftMember leader = RaftScenes.Leader(2, new RaftOptions { BytesPerMessageMax = 4 });
        leader.Propose(1, "abc");
        leader.Propose(2, "d");
        leader.Propose(3, "larger than a message");

        Assert.Equal(
            [
                "send {m1} AppendEntries t1 after i1 t1 commit i1 round 0 entries 2"
                + " [r3+19,3] [r4+19,1] at once",
                "send {m1} AppendEntries t1 after i3 t1 commit i1 round 0 entries 1"
                + " [r5+19,21] at once",
            ],
            leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_new_leader_probes_with_one_message_at_a_time()
    {
        RaftMember leader = RaftScenes.NewLeader(2, Narrow);
        leader.Propose(1, "abc");

        Assert.Equal([], leader.Settle());
        leader.Receive(1, RaftFrames.Accepted(1, index: 1));
        Assert.Equal([Entry(after: 1, commit: 0)], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    [Feature("D01")]
    public void After_a_refusal_a_leader_probes_where_the_follower_says()
    {
        RaftMember leader = RaftScenes.Leader(2, Narrow);
        for (int request = 1; request <= 3; request++)
            leader.Propose(request, "abc");
        leader.Settle();
        leader.Receive(1, RaftFrames.Refused(1, index: 2, hint: (1, 1)));

        Assert.Equal([Entry(after: 1)], leader.Settle());
        Assert.Equal([], leader.Receive(1, RaftFrames.Refused(1, index: 3, hint: (1, 1))));
        Assert.Equal([], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_heartbeat_wakes_a_probe_that_was_lost()
    {
        RaftMember leader = RaftScenes.NewLeader(2);
        Assert.Equal([], leader.Settle());
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Accepted(1, index: 0));

        Assert.Equal(
            [
                "send {m1} AppendEntries t1 after i0 t0 commit i0 round 0 entries 1"
                + " [r2+19,0] at once",
            ],
            leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_heartbeat_finds_out_that_entries_were_lost()
    {
        RaftMember leader = RaftScenes.Leader(2, Narrow);
        leader.Propose(1, "abc");
        leader.Propose(2, "abc");
        leader.Settle();

        Assert.Equal(
            ["send {m1} AppendEntries t1 after i3 t1 commit i1 round 0 entries 0 at once"],
            leader.WakeWhenDue());
        leader.Receive(1, RaftFrames.Refused(1, index: 3, hint: (1, 1)));
        Assert.Equal([Entry(after: 1)], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_heartbeat_finds_out_that_answers_were_lost()
    {
        RaftMember leader = RaftScenes.Leader(2, Narrow);
        for (int request = 1; request <= 3; request++)
            leader.Propose(request, "abc");
        leader.Settle();
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Accepted(1, index: 3));

        Assert.Equal([Entry(after: 3)], leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.ConflictHints)]
    public void A_hint_lets_the_leader_skip_whole_terms_of_its_own()
    {
        RaftMember leader = LeaderOfTerm6();
        leader.Receive(2, RaftFrames.Refused(6, index: 5, hint: (4, 3)));

        Assert.Equal(
            [
                "send {m2} AppendEntries t6 after i2 t1 commit i0 round 0 entries 4"
                + " [r4+19,1] [r5+19,1] [r6+19,1] [r8+19,0] at once",
            ],
            leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void Answers_may_come_twice_late_and_in_any_order()
    {
        RaftMember leader = LeaderThatSentTwo();

        Assert.Equal(2, leader.Receive(1, RaftFrames.Accepted(1, index: 3)).Length);
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 2)));
        Assert.Equal([], leader.Receive(1, RaftFrames.Refused(1, index: 3, hint: (0, 0))));
        Assert.Equal([], leader.Settle());
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 3)));
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(0, index: 1)));
        Assert.Equal([], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.LostIsSentAgain)]
    public void A_follower_that_has_lost_what_it_acknowledged_is_sent_it_again()
    {
        RaftMember leader = LeaderThatSentTwo();
        leader.Receive(1, RaftFrames.Accepted(1, index: 3));
        leader.PeerDown(1);
        leader.PeerUp(1);

        leader.Receive(1, RaftFrames.Refused(1, index: 3, hint: (1, 1)));

        Assert.Contains(
            "send {m1} AppendEntries t1 after i1 t1 commit i3", string.Join('\n', leader.Settle()));
    }

    [Fact]
    [Rule(LeaderRules.LostIsSentAgain)]
    public void Before_the_first_entry_nothing_was_lost()
    {
        RaftMember leader = RaftScenes.NewLeader(3);

        leader.Receive(1, RaftFrames.Refused(1, index: 0, hint: (0, 0)));

        Assert.Contains(
            "send {m1} AppendEntries t1 after i0 t0", string.Join('\n', leader.Settle()));
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_follower_that_is_not_connected_gets_no_entries_until_it_is()
    {
        RaftMember leader = RaftScenes.Leader(2);
        leader.PeerDown(1);
        leader.Propose(1, "abc");

        Assert.Equal([], leader.Settle());
        Assert.Equal([], leader.PeerUp(1));
        Assert.Equal([Entry(after: 1)], leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    public void A_follower_that_comes_back_before_it_has_answered_is_probed_at_the_end_of_the_log()
    {
        RaftMember leader = LeaderOfTerm6();
        leader.PeerDown(2);
        leader.PeerUp(2);

        Assert.Equal(
            [
                "send {m2} AppendEntries t6 after i5 t5 commit i0 round 0 entries 1"
                + " [r8+19,0] at once",
            ],
            leader.Settle());
    }

    private static string Entry(int after, int commit = 1) =>
        $"send {{m1}} AppendEntries t1 after i{after} t1 commit i{commit} round 0 entries 1"
        + $" [r{after + 2}+19,3] at once";

    private static RaftMember LeaderThatSentTwo()
    {
        RaftMember leader = RaftScenes.Leader(2, Narrow);
        leader.Propose(1, "abc");
        leader.Propose(2, "abc");
        leader.Settle();
        leader.Persisted();
        return leader;
    }

    // i1 i2 of t1, i3 i4 of t4, i5 of t5, and the no-op i6 of t6.
    private static RaftMember LeaderOfTerm6()
    {
        RaftMember leader = RaftMember.Of(0, 3);
        (long, string?)[] entries = [(1, "a"), (1, "b"), (4, "c"), (4, "d"), (5, "e")];
        leader.Receive(1, new Append(5) { Entries = entries }.Frame());
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Promise(6));
        leader.Persisted();
        leader.Receive(1, RaftFrames.Vote(6));
        leader.Settle();
        return leader;
    }
}
