using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Paper;

/// <summary>Protocols §2.3(8): what a new leader may not answer yet.</summary>
public class FreshLeaderTests
{
    private static readonly Ballot Own = B(2, 0);

    // i1 may have been acknowledged by m1, which led before.
    [Fact]
    [Feature("A18")]
    [Rule(MultiPaxosRules.FreshLeader)]
    public void A_new_leader_answers_no_read_before_all_that_it_was_told_of_is_chosen()
    {
        MultiPaxosMember leader = Fresh();
        leader.Read(7);
        leader.Settle();
        leader.Persisted();
        Assert.Empty(leader.Receive(2, Accepted(Own, through: 0, leader.Round())));
        Assert.DoesNotContain("read-ready q7", leader.Settle());

        Assert.Contains(
            "deliver", Assert.Single(leader.Receive(2, Accepted(Own, through: 1))), Ordinal);
        leader.Settle();
        Assert.Contains(
            "read-ready q7", leader.Receive(2, Accepted(Own, through: 1, leader.Round())));
    }

    [Fact]
    [Feature("A18")]
    [Rule(MultiPaxosRules.FreshLeader)]
    public void A_new_leader_that_was_told_of_nothing_needs_only_a_round()
    {
        MultiPaxosMember leader = MultiPaxosScenes.NewLeader(3);
        leader.Read(7);
        leader.Settle();

        Assert.Contains(
            "read-ready q7",
            leader.Receive(2, Accepted(MultiPaxosScenes.First, through: 0, leader.Round())));
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_read_at_a_new_leader_that_nobody_accepts_from_ends_in_time()
    {
        MultiPaxosMember leader = Fresh();
        leader.Read(7);
        List<string> lines = [.. leader.Settle()];
        Instant elected = leader.Now;
        while (!lines.Contains("reject q7 NoQuorum"))
        {
            lines.AddRange(leader.WakeWhenDue());
            leader.Receive(1, Accepted(Own, through: 0, leader.Round()));
            lines.AddRange(leader.Settle());
            Assert.True(leader.Now - elected <= new MultiPaxosOptions().ElectionTimeout * 1.5);
        }

        Assert.Equal(KernelRole.Leading, leader.Kernel.Status.Role);
    }

    /// <summary>m0 has i1 of m1, leads b2.m0 by the promise of m2, and has proposed i1
    /// again.</summary>
    private static MultiPaxosMember Fresh()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Candidate(3, B(1, 1), "a");
        leader.Receive(2, Promise(Own));
        return leader;
    }

    private static StringComparison Ordinal => StringComparison.Ordinal;
}
