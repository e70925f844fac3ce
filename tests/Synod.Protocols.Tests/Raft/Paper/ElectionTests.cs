using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>§5.1 and §5.2: terms, votes, elections.</summary>
public class ElectionTests
{
    private readonly RaftMember _voter = RaftMember.Of(0, 3);

    [Fact]
    [Rule(RaftRules.OneVotePerTerm)]
    public void A_voter_grants_at_most_one_vote_per_term()
    {
        string[] first = _voter.Receive(1, RaftFrames.RequestVote(1));
        string[] second = _voter.Receive(2, RaftFrames.RequestVote(1));
        string[] again = _voter.Receive(1, RaftFrames.RequestVote(1));

        Assert.Equal(
            [
                "persist r1 vote t1 for nobody",
                "role Following t1 leader unknown",
                "persist r2 vote t1 for m1",
                "send {m1} VoteReply t1 granted gate r2",
            ],
            first);
        Assert.Equal(["send {m2} VoteReply t1 refused gate r2"], second);
        Assert.Equal(["send {m1} VoteReply t1 granted gate r2"], again);
    }

    [Fact]
    [Rule(RaftRules.TermsGrow)]
    public void A_newer_term_in_any_message_makes_a_follower()
    {
        byte[][] frames =
        [
            RaftFrames.Vote(3, isGranted: false),
            RaftFrames.Promise(3, isGranted: false),
            RaftFrames.Refused(3, index: 0, hint: (0, 0)),
        ];

        foreach (byte[] frame in frames)
        {
            RaftMember leader = RaftScenes.Leader(3);

            Assert.Equal(
                ["persist r3 vote t3 for nobody", "role Following t3 leader unknown"],
                leader.Receive(1, frame));
        }
    }

    [Fact]
    [Rule(RaftRules.StaleTermIsRefused)]
    public void A_stale_term_is_refused_with_the_newer_one()
    {
        RaftMember follower = RaftScenes.Follower((5, "a"));

        Assert.Equal(
            ["send {m2} VoteReply t5 refused gate r2"],
            follower.Receive(2, RaftFrames.RequestVote(4, lastIndex: 9, lastTerm: 4)));
        Assert.Equal(
            ["send {m2} PreVoteReply t5 refused gate r2"],
            follower.Receive(2, RaftFrames.PreVote(5, lastIndex: 9, lastTerm: 4)));
        Assert.Equal(
            ["send {m2} AppendReply t5 refused i0 hint i0 t0 round 0 gate r2"],
            follower.Receive(2, new Append(4) { After = (1, 4), Round = 6 }.Frame()));
    }

    [Fact]
    [Rule(RaftRules.MajorityElects)]
    [Rule(RaftRules.NoOpAtElection)]
    public void A_candidate_with_the_votes_of_a_majority_leads()
    {
        RaftMember candidate = RaftScenes.Candidate(5);
        candidate.Persisted();

        Assert.Equal([], candidate.Receive(1, RaftFrames.Vote(1)));
        Assert.Equal([], candidate.Receive(1, RaftFrames.Vote(1)));
        Assert.Equal(
            ["persist r2 entry i1 t1 NoOp", "role Leading t1 leader m0"],
            candidate.Receive(2, RaftFrames.Vote(1)));
        Assert.Equal(
            [
                "send {m1,m2,m3,m4} AppendEntries t1 after i0 t0 commit i0 round 0 entries 1"
                + " [r2+19,0] at once",
            ],
            candidate.Settle());
    }

    [Fact]
    [Rule(RaftRules.MajorityElects)]
    public void Votes_and_promises_of_another_term_do_not_count()
    {
        RaftMember candidate = RaftScenes.Candidate(3);
        candidate.Persisted();

        Assert.Equal([], candidate.Receive(1, RaftFrames.Promise(1)));
        Assert.Equal([], candidate.Receive(1, RaftFrames.Promise(2)));
        Assert.Equal([], candidate.Receive(1, RaftFrames.Vote(0)));
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);
    }

    [Fact]
    [Rule(RaftRules.MajorityElects)]
    public void A_candidate_that_hears_the_leader_of_its_term_follows_it()
    {
        RaftMember candidate = RaftScenes.Candidate(3);

        Assert.Equal(
            ["role Following t1 leader m2"], candidate.Receive(2, new Append(1).Frame()));
        Assert.Equal(
            ["send {m2} AppendReply t1 accepted i0 round 0 gate r1"], candidate.Settle());
        Assert.Equal([], candidate.Receive(1, RaftFrames.Vote(1)));
    }

    // Another role in the same term is no other vote.
    [Fact]
    [Rule(RaftRules.OneVotePerTerm)]
    public void A_candidate_that_follows_has_given_its_vote_away_in_this_term()
    {
        RaftMember candidate = RaftScenes.Candidate(3);
        candidate.Receive(2, new Append(1).Frame());
        candidate.Settle();
        candidate.Persisted();
        byte[] request = RaftFrames.RequestVote(1, lastIndex: 9, lastTerm: 1);

        Assert.Equal(["send {m2} VoteReply t1 refused gate r1"], candidate.Receive(2, request));
        candidate.Crash();
        candidate.Restart();
        Assert.Equal(["send {m2} VoteReply t1 refused gate r1"], candidate.Receive(2, request));
    }

    [Fact]
    [Rule(RaftRules.MajorityElects)]
    public void One_member_alone_elects_itself()
    {
        RaftMember only = RaftMember.Of(0, 1);

        Assert.Equal(
            [
                "role Campaigning t1 leader unknown",
                "persist r1 vote t1 for m0",
                "role Campaigning t1 leader unknown",
            ],
            only.WakeWhenDue());
        Assert.Equal(
            ["persist r2 entry i1 t1 NoOp", "role Leading t1 leader m0"], only.Persisted());
    }

    [Fact]
    [Rule(RaftRules.ElectionSafety)]
    public void A_second_leader_in_a_term_is_a_lie()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        RaftMember leader = RaftScenes.Leader(3);

        string violated = $"violated by m2: {RaftRules.ElectionSafety}";
        Assert.Equal([violated], follower.Receive(2, new Append(1).Frame()));
        Assert.Equal([violated], leader.Receive(2, new Append(1).Frame()));
        Assert.Equal([], leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.RandomTimeouts)]
    public void Members_campaign_at_different_times()
    {
        TimeSpan timeout = new RaftOptions().ElectionTimeout;
        List<TimeSpan> waits = [];
        for (int member = 0; member < 15; member++)
        {
            RaftMember follower = RaftMember.Of(member, 15);
            follower.Receive(member == 0 ? 1 : 0, new Append(1).Frame());
            waits.Add(follower.Due - follower.Now);
        }

        Assert.Distinct(waits);
        Assert.All(waits, wait => Assert.InRange(wait, timeout, timeout * 2));
    }

    [Fact]
    [Rule(RaftRules.RandomTimeouts)]
    public void A_vote_and_a_leader_put_off_the_own_campaign()
    {
        Instant due = _voter.Due;
        _voter.Now = due + TimeSpan.FromMilliseconds(-1);
        _voter.Receive(1, RaftFrames.RequestVote(1));
        Instant later = _voter.Due;
        _voter.Now = later + TimeSpan.FromMilliseconds(-1);
        _voter.Receive(1, new Append(1).Frame());

        Assert.True(due < later);
        Assert.True(later < _voter.Due);
    }

    [Fact]
    [Rule(RaftRules.HopelessElectionEnds)]
    public void A_candidate_that_cannot_win_any_more_tries_again_soon()
    {
        RaftMember candidate = RaftScenes.Candidate(3);
        candidate.Persisted();
        candidate.Receive(1, RaftFrames.Vote(1, isGranted: false));
        TimeSpan patient = candidate.Due - candidate.Now;
        candidate.Receive(2, RaftFrames.Vote(1, isGranted: false));
        TimeSpan soon = candidate.Due - candidate.Now;

        RaftOptions options = new();
        Assert.True(patient >= options.ElectionTimeout);
        Assert.True(soon < options.CampaignDelay);
        Assert.Equal(
            [
                "role Campaigning t1 leader unknown",
                "send {m1,m2} PreVote t2 last i0 t0 gate r1",
            ],
            candidate.WakeWhenDue());
    }

    [Fact]
    [Rule(RaftRules.HopelessElectionEnds)]
    public void A_member_that_is_not_reachable_is_a_vote_less()
    {
        RaftMember candidate = RaftScenes.Candidate(3);
        candidate.Persisted();
        candidate.Receive(1, RaftFrames.Vote(1, isGranted: false));
        candidate.PeerDown(2);

        Assert.True(candidate.Due - candidate.Now < new RaftOptions().CampaignDelay);
    }

    [Fact]
    [Rule(RaftRules.MajorityElects)]
    public void A_member_begins_every_life_as_a_follower_that_knows_no_leader()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Crash();
        leader.Restart();

        Assert.Equal(KernelRole.Following, RaftMember.Of(0, 3).Kernel.Status.Role);
        Assert.Equal(KernelRole.Following, leader.Kernel.Status.Role);
        Assert.Null(leader.Kernel.Status.Leader);
    }

    [Fact]
    [Rule(RaftRules.StaleTermIsRefused)]
    public void A_candidate_refuses_a_leader_of_an_older_term_and_goes_on()
    {
        RaftMember candidate = RaftScenes.Follower((1, null));
        candidate.WakeWhenDue();
        candidate.Receive(2, RaftFrames.Promise(2));
        candidate.Persisted();

        Assert.Equal(
            ["send {m0} AppendReply t2 refused i0 hint i0 t0 round 0 gate r3"],
            candidate.Receive(0, new Append(1) { After = (1, 1) }.Frame()));
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);
        Assert.Contains(
            "role Leading t2 leader m1", candidate.Receive(2, RaftFrames.Vote(2)));
    }

    [Fact]
    [Rule(RaftRules.RandomTimeouts)]
    [Rule(RaftRules.TermsGrow)]
    public void A_candidate_that_nobody_answers_campaigns_again_in_a_newer_term()
    {
        RaftMember candidate = RaftScenes.Candidate(3);
        candidate.Persisted();
        candidate.WakeWhenDue();

        Assert.Contains(
            "persist r2 vote t2 for m0", candidate.Receive(1, RaftFrames.Promise(2)));
    }
}
