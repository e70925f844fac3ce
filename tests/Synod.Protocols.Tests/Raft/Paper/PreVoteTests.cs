using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Thesis §9.6, §4.2.3 and §6.2, design §9: who may disturb whom.</summary>
public class PreVoteTests
{
    private const string SteppedDown = "role Following t1 leader unknown";
    private static readonly RaftOptions Options = new();

    [Fact]
    [Rule(RaftRules.PreVote)]
    public void A_member_asks_before_it_raises_its_term()
    {
        RaftMember member = RaftMember.Of(0, 3);

        Assert.Equal(
            [
                "role Campaigning t0 leader unknown",
                "send {m1,m2} PreVote t1 last i0 t0 gate r0",
            ],
            member.WakeWhenDue());
        Assert.Equal([], member.Receive(1, RaftFrames.Promise(0, isGranted: false)));
        Assert.Equal(0, member.Kernel.Status.Term);
    }

    [Fact]
    [Rule(RaftRules.PreVote)]
    public void A_promise_changes_nothing_at_who_gives_it()
    {
        RaftMember voter = RaftMember.Of(0, 3);
        Instant due = voter.Due;

        Assert.Equal(
            ["send {m1} PreVoteReply t7 granted gate r0"],
            voter.Receive(1, RaftFrames.PreVote(7)));
        Assert.Equal(
            ["send {m2} PreVoteReply t7 granted gate r0"],
            voter.Receive(2, RaftFrames.PreVote(7)));
        Assert.Equal(due, voter.Due);
    }

    [Fact]
    [Rule(RaftRules.LeaderIsHeard)]
    public void A_follower_that_hears_its_leader_promises_and_votes_nothing()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Now += Options.ElectionTimeout - new TimeSpan(1);

        Assert.Equal(
            ["send {m2} PreVoteReply t1 refused gate r2"],
            follower.Receive(2, RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1)));
        Assert.Equal([], follower.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
    }

    [Fact]
    [Rule(RaftRules.LeaderIsHeard)]
    public void Silence_of_an_election_timeout_frees_the_vote()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Now += Options.ElectionTimeout;

        Assert.Equal(
            ["send {m2} PreVoteReply t2 granted gate r2"],
            follower.Receive(2, RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1)));
    }

    [Fact]
    [Rule(RaftRules.LeaderIsHeard)]
    public void A_leader_is_not_disturbed_by_a_candidate()
    {
        RaftMember leader = RaftScenes.Leader(3);

        Assert.Equal(
            ["send {m2} PreVoteReply t1 refused gate r2"],
            leader.Receive(2, RaftFrames.PreVote(2, 9, 1)));
        Assert.Equal([], leader.Receive(2, RaftFrames.RequestVote(2, 9, 1)));
    }

    [Fact]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void A_broken_connection_to_the_leader_ends_the_own_waiting()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));

        Assert.Equal([], follower.PeerDown(0));
        Assert.True(follower.Due - follower.Now < Options.CampaignDelay);
        Assert.Equal(
            ["send {m2} PreVoteReply t2 granted gate r2"],
            follower.Receive(2, RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1)));
        Assert.Equal(
            [
                "role Campaigning t1 leader unknown",
                "send {m0,m2} PreVote t2 last i1 t1 gate r2",
            ],
            follower.WakeWhenDue());
    }

    [Fact]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void A_broken_connection_to_another_follower_is_no_news()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        Instant due = follower.Due;

        Assert.Equal([], follower.PeerDown(2));
        Assert.Equal(due, follower.Due);
    }

    [Fact]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void One_lost_connection_at_one_follower_never_disturbs_a_healthy_leader()
    {
        RaftGroup group = new(new RaftSetup(3));
        Assert.True(group.RunUntil(() => group.Leader is not null, TimeSpan.FromSeconds(2)));
        RaftMember leader = group.Leader!;
        RaftMember lonely = group.Members.First(member => member != leader);
        group.Cut(leader, lonely);
        group.Cut(lonely, leader);
        group.PeerDown(lonely, leader);
        group.PeerDown(leader, lonely);
        group.Run(TimeSpan.FromSeconds(10));

        Assert.Same(leader, group.Leader);
        Assert.Equal(1, group.Protocol.LeaderCount);
    }

    [Fact]
    [Rule(RaftRules.CheckQuorum)]
    public void A_leader_that_no_majority_answers_steps_down()
    {
        RaftMember leader = RaftScenes.Leader(5);
        Instant elected = leader.Now;
        List<string> lines = [];
        for (int beat = 0; beat < 100 && lines.LastOrDefault() != SteppedDown; beat++)
        {
            leader.Receive(1, RaftFrames.Accepted(1, index: 1));
            lines.AddRange(leader.WakeWhenDue());
        }

        Assert.Equal(SteppedDown, lines[^1]);
        Assert.InRange(
            leader.Now - elected, Options.ElectionTimeout, Options.ElectionTimeout * 2);
    }

    [Fact]
    [Rule(RaftRules.CheckQuorum)]
    public void A_leader_that_a_majority_answers_goes_on()
    {
        RaftMember leader = RaftScenes.Leader(5);
        for (int beat = 0; beat < 100; beat++)
        {
            leader.WakeWhenDue();
            leader.Receive(1, RaftFrames.Accepted(1, index: 1));
            leader.Receive(2, RaftFrames.Refused(1, index: 1, hint: (0, 0)));
        }

        Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);
    }

    [Fact]
    [Rule(RaftRules.CheckQuorum)]
    public void A_leader_that_steps_down_gives_up_what_it_had()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(7, "a");
        leader.Read(8);
        leader.Settle();
        leader.Propose(9, "b");
        leader.Read(10);

        Assert.Equal(
            [
                "persist r5 vote t2 for nobody",
                "abandon q7",
                "abandon q9",
                "reject q8 NotLeader",
                "reject q10 NotLeader",
                "role Following t2 leader unknown",
            ],
            leader.Receive(1, RaftFrames.Refused(2, index: 0, hint: (0, 0))));
        Assert.Equal(["reject q11 NotLeader"], leader.Propose(11, "c"));
        Assert.Equal(["reject q12 NotLeader"], leader.Read(12));
    }
}
