using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Design §9: an idle group falls silent, and wakes.</summary>
public class RestTests
{
    private static readonly RaftOptions Options = new();

    [Fact]
    [Rule(RaftRules.IdleGroupRests)]
    public void A_leader_with_nothing_to_do_says_so_and_is_silent_when_all_have_answered()
    {
        RaftMember leader = Leader();

        Assert.Equal(
            [
                "send {m1} AppendEntries t1 after i1 t1 commit i1 round 1 entries 0 rests at once",
                "send {m2} AppendEntries t1 after i1 t1 commit i1 round 1 entries 0 rests at once",
            ],
            leader.WakeWhenDue());
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 1));
        Assert.NotEqual(Instant.Never, leader.Due);
        leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1));

        Assert.Equal(Instant.Never, leader.Due);
        Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [Rule(RaftRules.IdleGroupRests)]
    public void Nobody_rests_where_nodes_are_not_watched_or_rest_is_off(bool watched, bool rests)
    {
        RaftMember leader = Leader(watched, new RaftOptions { Rests = rests });

        Assert.All(leader.WakeWhenDue(), static line => Assert.DoesNotContain("rests", line));
    }

    [Fact]
    [Rule(RaftRules.IdleGroupRests)]
    public void A_follower_that_lacks_an_entry_keeps_the_leader_awake()
    {
        RaftMember leader = Leader();
        leader.Propose(7, "a");
        leader.Settle();
        leader.Persisted();
        leader.Receive(1, RaftFrames.Accepted(1, index: 2));

        Assert.All(leader.WakeWhenDue(), static line => Assert.DoesNotContain("rests", line));
        leader.Receive(2, RaftFrames.Accepted(1, index: 2));
        Assert.All(leader.WakeWhenDue(), static line => Assert.Contains("rests", line));
    }

    [Fact]
    [Rule(RaftRules.IdleGroupRests)]
    public void A_member_that_is_down_keeps_nobody_awake_unless_no_majority_is_left()
    {
        RaftMember leader = Leader();
        leader.PeerDown(2);
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 1));
        Assert.Equal(Instant.Never, leader.Due);

        leader.PeerDown(1);
        Assert.All(leader.WakeWhenDue(), static line => Assert.DoesNotContain("rests", line));
        while (leader.Kernel.Status.Role == KernelRole.Leading)
            leader.WakeWhenDue();

        Assert.True(leader.Now.Ticks > Options.ElectionTimeout.Ticks);
    }

    [Fact]
    [Rule(RaftRules.IdleGroupRests)]
    public void A_follower_that_holds_just_the_log_of_a_leader_at_rest_waits_no_longer()
    {
        RaftMember follower = Follower();

        Assert.Equal([], follower.Receive(0, Resting(round: 3)));
        Assert.Equal(Instant.Never, follower.Due);
        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i1 round 3 gate r2"], follower.Settle());
        follower.Receive(0, new Append(1) { After = (1, 1), Commit = 1 }.Frame());

        Assert.NotEqual(Instant.Never, follower.Due);
    }

    [Fact]
    [Rule(RaftRules.IdleGroupRests)]
    public void A_late_word_of_rest_does_not_hold_for_entries_that_came_since()
    {
        RaftMember follower = Follower();
        follower.Receive(0, new Append(1) { After = (1, 1), Entries = [(1, "b")] }.Frame());

        follower.Receive(0, Resting(round: 3));

        Assert.NotEqual(Instant.Never, follower.Due);
    }

    [Fact]
    [Rule(RaftRules.IdleGroupRests)]
    public void What_a_leader_that_is_gone_has_said_of_rest_is_not_relied_on()
    {
        RaftMember follower = Follower();
        follower.PeerDown(0);

        follower.Receive(0, Resting(round: 3));

        Assert.True(follower.Due - follower.Now < Options.CampaignDelay);
    }

    [Fact]
    [Rule(RaftRules.DoubtEndsRest)]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void The_loss_of_the_leaders_node_wakes_who_rests_and_that_of_another_one_nobody()
    {
        RaftMember follower = RestingFollower();

        follower.PeerDown(2);
        Assert.Equal(Instant.Never, follower.Due);
        follower.PeerDown(0);

        Assert.True(follower.Due - follower.Now < Options.CampaignDelay);
        Assert.Equal("role Campaigning t1 leader unknown", follower.WakeWhenDue()[0]);
    }

    [Fact]
    [Rule(RaftRules.DoubtEndsRest)]
    [Rule(RaftRules.LeaderIsHeard)]
    public void A_candidate_makes_who_rests_ask_the_leader_and_grants_it_nothing_meanwhile()
    {
        RaftMember follower = RestingFollower();
        follower.Now += TimeSpan.FromHours(1);
        string[] refused =
        [
            "send {m0} Rouse t1 gate r2",
            "send {m2} PreVoteReply t1 refused gate r2",
        ];

        Assert.Equal(refused, follower.Receive(2, RaftFrames.PreVote(2, 1, 1)));
        Assert.InRange(
            follower.Due - follower.Now, Options.ElectionTimeout, 2 * Options.ElectionTimeout);
        Assert.Equal(refused[1..], follower.Receive(2, RaftFrames.PreVote(2, 1, 1)));
        follower.Now += Options.ElectionTimeout;

        Assert.Equal(
            ["send {m2} PreVoteReply t2 granted gate r2"],
            follower.Receive(2, RaftFrames.PreVote(2, 1, 1)));
    }

    [Fact]
    [Rule(LeaderRules.CandidateLeadsNoLonger)]
    public void A_leader_that_asks_for_votes_while_its_group_rests_leads_no_longer()
    {
        RaftMember resting = RestingFollower();

        Assert.Equal(
            [
                "role Following t1 leader unknown",
                "send {m0} PreVoteReply t2 granted gate r2",
            ],
            resting.Receive(0, RaftFrames.PreVote(2, 1, 1)));
        Assert.NotEqual(Instant.Never, resting.Due);
    }

    [Fact]
    [Rule(LeaderRules.CandidateLeadsNoLonger)]
    public void What_a_leader_asked_before_it_led_does_not_count()
    {
        RaftMember follower = RestingFollower();

        Assert.Equal(
            "send {m0} Rouse t1 gate r2", follower.Receive(0, RaftFrames.PreVote(1))[0]);
        Assert.Equal(new Member(0), follower.Kernel.Status.Leader);
    }

    [Fact]
    [Rule(RaftRules.DoubtEndsRest)]
    public void A_request_at_a_follower_makes_the_leader_speak()
    {
        Assert.Equal(
            ["send {m0} Rouse t1 gate r2", "reject q1 NotLeader"],
            RestingFollower().Propose(1, "a"));
    }

    [Fact]
    [Rule(RaftRules.DoubtEndsRest)]
    [Rule(RaftRules.FollowerReads)]
    public void A_read_at_a_follower_makes_the_leader_speak_and_waits_for_it()
    {
        RaftMember follower = RestingFollower();

        Assert.Equal(["send {m0} Rouse t1 gate r2"], follower.Read(1));
        Assert.Equal(["send {m0} ReadIndex t1 life 1.1 batch 1 at once"], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.DoubtEndsRest)]
    public void Whoever_doubts_a_leader_at_rest_hears_it_at_once()
    {
        foreach (byte[] doubt in (byte[][])[RaftFrames.Rouse(1), RaftFrames.PreVote(2, 1, 1)])
        {
            RaftMember leader = RestingLeader();
            leader.Now += TimeSpan.FromHours(1);
            leader.Receive(2, doubt);

            Assert.Equal(leader.Now, leader.Due);
            Assert.Equal(2, leader.Wake().Length);
            Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);
        }
    }

    [Fact]
    [Rule(RaftRules.DoubtEndsRest)]
    public void Connections_that_come_and_go_wake_a_leader()
    {
        RaftMember leader = RestingLeader();
        leader.PeerUp(1);
        Assert.Equal(leader.Now, leader.Due);

        leader = RestingLeader();
        leader.PeerDown(1);
        Assert.Equal(leader.Now, leader.Due);
    }

    [Fact]
    [Rule(RaftRules.CheckQuorum)]
    [Rule(RaftRules.DoubtEndsRest)]
    public void A_leader_that_was_woken_and_is_answered_by_nobody_steps_down()
    {
        RaftMember leader = RestingLeader();
        leader.Now += TimeSpan.FromHours(1);
        Instant woken = leader.Now;
        leader.Propose(1, "a");
        leader.Settle();

        while (leader.Kernel.Status.Role == KernelRole.Leading)
            leader.WakeWhenDue();

        Assert.Equal(woken + Options.ElectionTimeout, leader.Now);
    }

    [Fact]
    [Rule(RaftRules.ReadIndex)]
    [Rule(RaftRules.DoubtEndsRest)]
    public void A_read_at_rest_needs_a_round_of_its_own()
    {
        RaftMember leader = RestingLeader();

        Assert.Equal([], leader.Read(1));
        Assert.Equal(
            [
                "send {m1} AppendEntries t1 after i1 t1 commit i1 round 2 entries 0 at once",
                "send {m2} AppendEntries t1 after i1 t1 commit i1 round 2 entries 0 at once",
            ],
            leader.Settle());
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 1)));
        Assert.Equal(
            ["read-ready q1"], leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 2)));
    }

    [Fact]
    [Rule(RaftRules.StaleTermIsRefused)]
    [Rule(RaftRules.DoubtEndsRest)]
    public void Who_doubts_a_leader_of_an_older_term_is_told_the_newer_one()
    {
        RaftMember follower = RaftScenes.Follower((2, "a"));

        Assert.Equal(
            ["send {m2} AppendReply t2 refused i0 hint i0 t0 round 0 gate r2"],
            follower.Receive(2, RaftFrames.Rouse(1)));
        Assert.Equal([], follower.Receive(2, RaftFrames.Rouse(2)));
        Assert.Equal(
            ["persist r3 vote t3 for nobody", "role Following t3 leader unknown"],
            follower.Receive(2, RaftFrames.Rouse(3)));
    }

    private static RaftMember Leader(bool isWatched = true, RaftOptions? options = null) =>
        RaftScenes.Leader(3, options, isWatched);

    private static RaftMember RestingLeader()
    {
        RaftMember leader = Leader();
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 1));
        leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1));
        Assert.Equal(Instant.Never, leader.Due);
        return leader;
    }

    private static RaftMember Follower()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Receive(0, new Append(1) { After = (1, 1), Commit = 1 }.Frame());
        follower.Settle();
        return follower;
    }

    private static RaftMember RestingFollower()
    {
        RaftMember follower = Follower();
        follower.Receive(0, Resting(round: 3));
        follower.Settle();
        Assert.Equal(Instant.Never, follower.Due);
        return follower;
    }

    private static byte[] Resting(long round) =>
        new Append(1) { After = (1, 1), Commit = 1, Round = round, Rests = true }.Frame();
}
