using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Regressions;

/// <summary>Elections that ended, but far too late.</summary>
public class SlowElectionTests
{
    private static readonly RaftOptions Options = new();

    // All retried within 20 ms whatever the lines were: over lines of 100 ms three members split
    // the vote for a minute and more.
    [Theory]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(150)]
    [Rule(RaftRules.HopelessElectionEnds)]
    [Rule(RaftRules.RandomTimeouts)]
    public void Members_that_split_the_vote_over_slow_lines_do_not_meet_for_ever(int milliseconds)
    {
        Seeds.ForEach(100, random =>
        {
            RaftGroup group = new(new RaftSetup(3) { Seed = random.NextBits() })
            {
                Delay = TimeSpan.FromMilliseconds(milliseconds),
            };

            Assert.True(group.RunUntil(() => HasCommitted(group), TimeSpan.FromSeconds(8)));
        });
    }

    // Who had the longer log asked first and was refused; who asked next had the shorter one.
    [Fact]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    [Rule(RaftRules.HopelessElectionEnds)]
    public void A_dead_leader_is_replaced_at_once_although_one_follower_lags()
    {
        Seeds.ForEach(200, static random =>
        {
            RaftGroup group = new(new RaftSetup(3) { Seed = random.NextBits() });
            Assert.True(group.RunUntil(() => HasCommitted(group), TimeSpan.FromSeconds(5)));
            RaftMember leader = group.Leader!;
            group.Run(TimeSpan.FromMilliseconds(300));
            group.Propose(leader, new byte[sizeof(long)]);
            group.Settle(leader);
            group.Flights.RemoveAt((int)random.Below(2));
            group.Run(TimeSpan.FromMilliseconds(3));
            group.Crash(leader);
            foreach (RaftMember member in group.Members.Where(static member => member.IsUp))
            {
                group.PeerDown(member, leader);
                group.Run(random.Below(TimeSpan.FromMilliseconds(10)));
            }

            Assert.True(
                group.RunUntil(
                    () => group.Protocol.LeaderCount == 2, TimeSpan.FromMilliseconds(90)));
        });
    }

    [Fact]
    [Rule(RaftRules.HopelessElectionEnds)]
    public void A_member_that_could_win_campaigns_instead_of_one_that_cannot()
    {
        RaftMember member = RaftScenes.Follower((1, "a"));
        member.Now += Options.ElectionTimeout;
        member.Receive(2, RaftFrames.PreVote(2));

        Assert.True(member.Due - member.Now < Options.CampaignDelay);
    }

    [Fact]
    [Rule(RaftRules.LeaderIsHeard)]
    public void A_member_that_hears_its_leader_does_not()
    {
        RaftMember member = RaftScenes.Follower((1, "a"));
        member.Receive(2, RaftFrames.PreVote(2));

        Assert.True(member.Due - member.Now >= Options.ElectionTimeout);
    }

    // A refusal of the election before counted, and cut this one short.
    [Fact]
    [Rule(RaftRules.HopelessElectionEnds)]
    public void A_late_refusal_of_an_older_term_does_not_end_an_election()
    {
        RaftMember candidate = RaftScenes.Candidate(3);
        candidate.Persisted();
        candidate.WakeWhenDue();
        candidate.Receive(1, RaftFrames.Promise(2));
        candidate.Persisted();
        candidate.Receive(1, RaftFrames.Vote(1, isGranted: false));
        candidate.Receive(2, RaftFrames.Vote(2, isGranted: false));

        Assert.True(candidate.Due - candidate.Now >= Options.ElectionTimeout);
    }

    private static bool HasCommitted(RaftGroup group) =>
        group.Leader is RaftMember leader && leader.Kernel.Status.Committed > 0;
}
