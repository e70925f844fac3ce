using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Thesis §6.4.1: reads by the clock.</summary>
public class LeaseTests
{
    // A promise of 300 ms is worth 200 ms: 300 · (1 − 0.1) / (1 + 0.1) = 245 ms less a margin.
    private static readonly LeaseTerms Terms = new()
    {
        Promise = TimeSpan.FromMilliseconds(300),
        ClockDrift = 100_000,
        Margin = new TimeSpan(454_545),
    };

    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(200);

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void A_lease_is_shorter_than_the_promise_by_both_drifts_and_the_margin()
    {
        Assert.Equal(Length, Terms.Length);
        Assert.Equal(
            Terms.Promise, (Terms with { ClockDrift = 0, Margin = TimeSpan.Zero }).Length);
    }

    [Fact]
    [Feature("A15")]
    [Rule(RaftRules.LeaseRead)]
    public void Under_a_lease_a_read_is_answered_at_once_and_nothing_is_written_or_sent()
    {
        RaftMember leader = Leader();
        long last = leader.Kernel.Status.Last;

        Assert.Equal([], leader.Read(7));
        Assert.Equal(["read-ready q7"], leader.Settle());
        Assert.Equal(last, leader.Kernel.Status.Last);
    }

    [Fact]
    [Feature("A16")]
    [Rule(RaftRules.LeaseRead)]
    public void A_lease_counts_from_when_the_message_was_sent_and_not_from_its_answer()
    {
        RaftMember leader = Beating();
        Instant sent = leader.Now;
        leader.Now = sent + (Length / 2);
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: leader.Round()));

        leader.Now = JustBefore(sent + Length);
        leader.Read(7);
        Assert.Equal(["read-ready q7"], leader.Settle());
        leader.Now = sent + Length;
        leader.Read(8);
        Assert.DoesNotContain("read-ready q8", leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void A_late_answer_to_an_old_round_proves_no_later_one()
    {
        RaftMember leader = Beating();
        Instant sent = leader.Now;
        long round = leader.Round();
        leader.Now = sent + (Length / 2);
        leader.Wake();
        leader.Now = JustBefore(sent + Length);
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: round));
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: round));
        leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: round));
        leader.Now = sent + Length;
        leader.Read(7);

        Assert.DoesNotContain("read-ready q7", leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void Answers_that_overtake_each_other_leave_the_newest_proof()
    {
        RaftMember leader = Beating();
        long older = leader.Round();
        leader.Now += Length / 2;
        leader.Wake();
        Instant sent = leader.Now;
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: leader.Round()));
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: older));
        leader.Now = JustBefore(sent + Length);
        leader.Read(7);

        Assert.Equal(["read-ready q7"], leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void Answers_to_entries_renew_the_lease_like_those_to_heartbeats()
    {
        RaftMember leader = Leader();
        leader.Now = JustBefore(leader.Now + Length);
        leader.Propose(7, "a");
        leader.Settle();
        Instant sent = leader.Now;
        leader.Receive(2, RaftFrames.Accepted(1, index: 2, round: leader.Round()));
        leader.Now = JustBefore(sent + Length);
        leader.Read(8);

        Assert.Equal(["read-ready q8"], leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void The_promises_of_fewer_than_a_majority_are_no_lease()
    {
        RaftMember leader = RaftScenes.Leader(5, lease: Terms);
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: leader.Round()));
        leader.Read(7);
        Assert.DoesNotContain("read-ready q7", leader.Settle());
        leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: leader.Round()));
        leader.Read(8);

        Assert.Equal(["read-ready q8"], leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    [Rule(RaftRules.ReadIndex)]
    public void A_lease_serves_nothing_before_a_commit_in_the_own_term()
    {
        RaftMember leader = RaftScenes.NewLeader(3, lease: Terms);
        leader.Receive(1, RaftFrames.Refused(1, 0, hint: (0, 0), round: leader.Round()));
        leader.Read(7);

        Assert.DoesNotContain("read-ready q7", leader.Settle());
    }

    [Fact]
    [Feature("A16")]
    [Rule(RaftRules.LeaseRead)]
    public void A_margin_as_long_as_the_promise_turns_leases_off()
    {
        LeaseTerms terms = Terms with { Margin = Terms.Promise };
        RaftMember leader = RaftScenes.Leader(3, lease: terms);
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: leader.Round()));
        leader.Read(7);

        Assert.DoesNotContain("read-ready q7", leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.TransferVoidsLease)]
    public void A_void_lease_never_holds_again_in_the_reign()
    {
        RaftMember leader = Leader();
        leader.Lease().Void();
        leader.Read(7);

        Assert.DoesNotContain("read-ready q7", leader.Settle());
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: leader.Round()));
        leader.Read(8);
        Assert.DoesNotContain("read-ready q8", leader.Settle());
    }

    [Fact]
    [Feature("A15")]
    [Rule(RaftRules.TransferVoidsLease)]
    public void A_leader_that_has_asked_another_to_campaign_answers_no_read_by_its_lease()
    {
        RaftMember leader = Leader();
        leader.Read(6);
        Assert.Equal(["read-ready q6"], leader.Settle());

        leader.Transfer(7, TransferOrder.To(new Member(1)));
        Assert.Equal(["send {m1} TimeoutNow t1 last i1 transfer 1 at once"], leader.Settle());
        leader.Read(8);
        Assert.DoesNotContain("read-ready q8", leader.Settle());
        Assert.Contains(
            "read-ready q8",
            leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: leader.Round())));
    }

    [Fact]
    [Rule(RaftRules.LeasePromise)]
    public void Who_has_heard_the_leader_votes_for_nobody_before_the_promise_has_run_out()
    {
        RaftMember follower = Follower();
        Instant promised = follower.Now + Terms.Promise;
        follower.PeerDown(0);
        follower.Now = JustBefore(promised);

        Assert.Equal(
            ["send {m2} PreVoteReply t1 refused gate r2"],
            follower.Receive(2, RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1)));
        Assert.Equal([], follower.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
        Assert.Equal([], follower.Receive(0, RaftFrames.RequestVote(2, 1, 1)));
        follower.Now = promised;
        Assert.Equal(
            ["send {m2} PreVoteReply t2 granted gate r2"],
            follower.Receive(2, RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1)));
        Assert.Contains(
            "send {m2} VoteReply t2 granted gate r4",
            follower.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
    }

    [Fact]
    [Rule(RaftRules.LeasePromise)]
    public void A_newer_term_frees_no_vote_that_was_promised_away()
    {
        RaftMember follower = Follower();
        follower.Receive(2, RaftFrames.Vote(5, isGranted: false));

        Assert.Equal(5, follower.Kernel.Status.Term);
        Assert.Equal(
            ["send {m2} VoteReply t5 refused gate r3"],
            follower.Receive(2, RaftFrames.RequestVote(5, 1, 1)));
        follower.Now += Terms.Promise;
        Assert.Contains(
            "send {m2} VoteReply t5 granted gate r4",
            follower.Receive(2, RaftFrames.RequestVote(5, 1, 1)));
    }

    [Fact]
    [Rule(RaftRules.LeasePromise)]
    public void A_late_frame_of_a_leader_whose_connection_is_down_is_a_promise_as_well()
    {
        RaftMember follower = Follower();
        follower.Now += Terms.Promise;
        follower.PeerDown(0);
        follower.Receive(0, new Append(1) { After = (1, 1), Round = 9 }.Frame());

        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i1 round 9 gate r2"], follower.Settle());
        Assert.Equal([], follower.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
    }

    [Fact]
    [Rule(RaftRules.LeasePromise)]
    public void A_broken_connection_does_not_make_it_campaign_before_its_promise_has_run_out()
    {
        RaftMember follower = Follower();
        Instant promised = follower.Now + Terms.Promise;
        follower.PeerDown(0);

        Assert.InRange(
            follower.Due.Ticks,
            promised.Ticks,
            (promised + new RaftOptions().CampaignDelay).Ticks);
        follower.Now = JustBefore(promised);
        Assert.Equal([], follower.Wake());
        Assert.Contains("send {m0,m2} PreVote t2 last i1 t1 gate r2", follower.WakeWhenDue());
    }

    [Fact]
    [Rule(RaftRules.LeasePromise)]
    public void A_promise_longer_than_the_election_timeout_holds_as_well()
    {
        LeaseTerms terms = Terms with { Promise = TimeSpan.FromSeconds(10) };
        RaftMember follower = Follower(terms);
        Instant promised = follower.Now + terms.Promise;

        Assert.Equal(promised, follower.Due);
    }

    [Fact]
    [Rule(RaftRules.LeasePromise)]
    [Rule(RaftRules.TransferVoidsLease)]
    public void Whom_the_leader_has_asked_to_campaign_gets_the_vote_at_once()
    {
        RaftMember follower = Follower();
        RequestVote request = new(new Term(2), new LogIndex(1), new Term(1), false, Transfer: 1);

        Assert.Contains(
            "send {m2} VoteReply t2 granted gate r4",
            follower.Receive(2, RaftFrames.Encode(request)));
    }

    [Fact]
    [Rule(RaftRules.PromiseOutlivesRestart)]
    public void A_restarted_member_waits_one_promise_before_it_votes_or_campaigns()
    {
        RaftMember follower = Follower();
        follower.Crash();
        follower.Restart();
        Instant promised = follower.Now + Terms.Promise;

        Assert.True(follower.Due >= promised);
        follower.Now = JustBefore(promised);
        Assert.Equal([], follower.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
        Assert.Equal([], follower.Wake());
        follower.Now = promised;
        Assert.Contains(
            "send {m2} VoteReply t2 granted gate r4",
            follower.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
    }

    [Fact]
    [Rule(RaftRules.LeasePromise)]
    [Rule(RaftRules.PromiseOutlivesRestart)]
    public void Without_leases_nobody_promises_anything()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.PeerDown(0);
        Assert.Equal(
            ["send {m2} PreVoteReply t2 granted gate r2"],
            follower.Receive(2, RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1)));

        follower.Crash();
        follower.Restart();
        Assert.Contains(
            "send {m2} VoteReply t2 granted gate r4",
            follower.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
    }

    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void Steady_heartbeats_with_late_answers_keep_the_lease()
    {
        RaftMember leader = Leader();
        Queue<(Instant Due, long Round)> answers = [];
        for (int beat = 1; beat <= 1000; beat++)
        {
            leader.Now += Terms.Promise / 100;
            leader.Propose(beat, "a");
            leader.Settle();
            answers.Enqueue((leader.Now + (Length / 2), leader.Round()));
            while (answers.TryPeek(out (Instant Due, long Round) next) && next.Due <= leader.Now)
                leader.Receive(1, RaftFrames.Accepted(1, index: 1, answers.Dequeue().Round));
            if (beat > 100)
                Assert.True(leader.Kernel.Duties.HoldsLease(leader.Now));
        }
    }

    private static Instant JustBefore(Instant instant) => new(instant.Ticks - 1);

    // m0 leads t1 and has a lease.
    private static RaftMember Leader()
    {
        RaftMember leader = RaftScenes.Leader(3, lease: Terms);
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: leader.Round()));
        return leader;
    }

    // m0 leads t1, has no lease, and has just sent a heartbeat.
    private static RaftMember Beating()
    {
        RaftMember leader = RaftScenes.Leader(3, lease: Terms);
        leader.WakeWhenDue();
        return leader;
    }

    // m1 of three follows m0 in t1 and has promised.
    private static RaftMember Follower(LeaseTerms? terms = null)
    {
        RaftMember follower = RaftMember.Of(1, new RaftSetup(3) { Lease = terms ?? Terms });
        follower.Now += TimeSpan.FromMinutes(1);
        follower.Receive(0, new Append(1) { Entries = [(1, "a")], Round = 1 }.Frame());
        follower.Settle();
        follower.Persisted();
        return follower;
    }
}
