using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Paper;

/// <summary>One distinguished proposer: who raises its ballot, and when.</summary>
public class ProbeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    public void A_probe_costs_nobody_anything()
    {
        MultiPaxosMember asker = MultiPaxosMember.Of(0, 3);
        MultiPaxosMember asked = MultiPaxosMember.Of(1, 3);

        Assert.Equal("send {m1,m2} Probe b1.m0 chosen i0 gate r0", asker.WakeWhenDue()[^1]);
        Assert.Equal(
            ["send {m0} ProbeReply b1.m0 granted gate r0"], asked.Receive(0, Probe(B(1, 0))));
        Assert.Equal(Ballot.Zero, asker.Promised);
        Assert.Equal(Ballot.Zero, asked.Promised);
    }

    [Fact]
    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    [Rule(MultiPaxosRules.LeaderIsHeard)]
    public void Who_hears_a_leader_or_has_promised_as_much_grants_nothing()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((3, "a"));
        string[] refusal = ["send {m2} ProbeReply b3.m0 refused gate r2"];

        Assert.Equal(refusal, follower.Receive(2, Probe(B(9, 2))));
        Assert.Equal([], follower.Receive(2, Prepare(B(9, 2))));
        follower.PeerDown(0);
        Assert.Equal(refusal, follower.Receive(2, Probe(B(2, 2))));
        Assert.Equal(
            ["send {m2} ProbeReply b3.m2 granted gate r2"], follower.Receive(2, Probe(B(3, 2))));
    }

    [Fact]
    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    public void Too_few_grants_or_grants_of_another_ballot_raise_nothing()
    {
        MultiPaxosMember asker = MultiPaxosMember.Of(0, 5);
        asker.WakeWhenDue();
        asker.Receive(1, Granted(B(1, 0)));
        asker.Receive(1, Granted(B(1, 0)));
        asker.Receive(2, Granted(B(2, 0)));
        asker.Receive(3, ProbeRefused(Ballot.Zero));
        Assert.Equal(Ballot.Zero, asker.Promised);

        asker.Receive(2, Granted(B(1, 0)));
        Assert.Equal(B(1, 0), asker.Promised);
    }

    [Fact]
    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    public void An_isolated_member_raises_no_ballot_and_disturbs_nobody_when_it_is_back()
    {
        MultiPaxosGroup group = new(new MultiPaxosSetup(3));
        Assert.True(group.RunUntil(() => group.Leader is not null, Soon));
        group.Run(TimeSpan.FromSeconds(1));
        MultiPaxosMember leader = group.Leader!;
        MultiPaxosMember lonely = group.Members.First(member => member != leader);
        Ballot before = lonely.Promised;

        group.Isolate(lonely);
        group.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(KernelRole.Campaigning, lonely.Kernel.Status.Role);
        Assert.Equal(before, lonely.Promised);
        group.Heal();
        group.Run(TimeSpan.FromSeconds(3));

        Assert.Same(leader, group.Leader);
        Assert.Equal(1, group.LeaderCount);
        Assert.Equal(KernelRole.Following, lonely.Kernel.Status.Role);
    }

    [Fact]
    [Rule(MultiPaxosRules.ProbeBeforeBallot)]
    [Rule(MultiPaxosRules.HopelessElectionEnds)]
    public void Who_lags_far_behind_is_not_promised_and_the_other_campaigns_soon()
    {
        MultiPaxosOptions options = new() { SlotsAheadMax = 1 };
        MultiPaxosMember follower = MultiPaxosScenes.Follower(options, (1, "a"));
        follower.Receive(
            0, new Proposal(B(1, 0)) { First = 2, Chosen = 1, Last = 1 }.Frame());
        follower.Receive(
            0, new Proposal(B(1, 0)) { First = 2, Chosen = 2, Commands = ["b"] }.Frame());
        follower.PeerDown(0);
        follower.Now = follower.Due;
        follower.Wake();

        Assert.Contains("refused", follower.Receive(2, Probe(B(2, 2), chosen: 0))[^1]);
        Assert.InRange(
            follower.Due - follower.Now, TimeSpan.Zero, options.CampaignDelay);
        Assert.Contains("granted", follower.Receive(2, Probe(B(2, 2), chosen: 1))[^1]);
    }

    [Fact]
    [Rule(MultiPaxosRules.NackNamesBallot)]
    public void The_ballot_after_a_refusal_is_above_the_one_that_it_names()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        candidate.Receive(2, Nack(B(7, 2)));

        Assert.Equal(KernelRole.Following, candidate.Kernel.Status.Role);
        Assert.Contains("Probe b8.m0", candidate.WakeWhenDue()[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.NackNamesBallot)]
    public void A_leader_that_is_refused_steps_down_and_a_late_refusal_moves_nobody()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        Assert.Equal([], leader.Receive(1, Nack(B(1, 0))));
        Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);

        leader.Receive(1, Nack(B(1, 1)));
        Assert.Equal(KernelRole.Following, leader.Kernel.Status.Role);
    }

    // A majority cannot promise any more: it does not wait for its whole timeout.
    [Fact]
    [Rule(MultiPaxosRules.HopelessElectionEnds)]
    public void A_campaign_that_a_majority_refuses_is_tried_again_soon()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        candidate.Receive(1, new Report(B(1, 0)) { Health = KernelHealth.Damaged }.Frame());
        TimeSpan alone = candidate.Due - candidate.Now;
        candidate.PeerDown(2);

        TimeSpan soon = candidate.Due - candidate.Now;
        Assert.InRange(soon, TimeSpan.Zero, new MultiPaxosOptions().CampaignDelay);
        Assert.True(soon <= alone);
    }

    // Both time out together, and each frame takes longer than the shortest of their waits differ.
    [Fact]
    [Rule(MultiPaxosRules.RandomTimeouts)]
    [Rule(MultiPaxosRules.HopelessElectionEnds)]
    public void A_duel_ends()
    {
        Seeds.ForEach(30, static random =>
        {
            MultiPaxosGroup group = new(new MultiPaxosSetup(5) { Seed = random.NextBits() })
            {
                Delay = TimeSpan.FromMilliseconds(random.Below(200)),
            };
            Assert.True(group.RunUntil(() => group.Leader is not null, Soon * 2));
            group.Run(Soon);
            int leaders = group.LeaderCount;
            group.Run(Soon);

            Assert.NotNull(group.Leader);
            Assert.Equal(leaders, group.LeaderCount);
        });
    }

    // Each hears that the other has promised more than it asks for, again and again.
    [Fact]
    [Rule(MultiPaxosRules.RandomTimeouts)]
    public void Two_that_outbid_each_other_wait_each_its_own_time()
    {
        HashSet<long> waits = [];
        for (int self = 0; self < 3; self++)
        {
            MultiPaxosMember candidate = MultiPaxosMember.Of(self, 3);
            candidate.WakeWhenDue();
            candidate.Receive((self + 1) % 3, Nack(B(7, (self + 1) % 3)));
            waits.Add((candidate.Due - candidate.Now).Ticks);
        }

        Assert.Equal(3, waits.Count);
    }
}
