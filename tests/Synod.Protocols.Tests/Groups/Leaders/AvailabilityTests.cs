using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>Any majority that can talk goes on under one leader, and no minority does.</summary>
public abstract class AvailabilityTests
{
    private protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static readonly LeaderOptions Options = new RaftOptions();

    private protected abstract GroupSetup Setup(int members);

    private protected abstract bool HoldsLease(GroupMember leader);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [Rule(LeaderRules.CheckQuorum)]
    [Feature("B21")]
    public void A_group_tolerates_the_loss_of_a_minority_and_of_no_more(int members)
    {
        Group group = new(Setup(members));
        for (int lost = 0; lost <= new Quorums(members).Faults; lost++)
        {
            Assert.True(Serves(group));
            group.Crash(group.Leader!);
        }

        Assert.False(Serves(group));
        Assert.Null(group.Leader);

        group.Restart(group.Members.First(static member => !member.IsUp));
        Assert.True(Serves(group));
    }

    [Fact]
    [Rule(LeaderRules.CheckQuorum)]
    public void A_leader_that_loses_its_majority_knows_within_two_election_timeouts()
    {
        Group group = new(Setup(5));
        Assert.True(Serves(group));
        GroupMember leader = group.Leader!;
        group.Isolate(leader);
        group.Run(Options.ElectionTimeout * 2);

        Assert.NotEqual(KernelRole.Leading, leader.Kernel.Status.Role);
    }

    // The partial partition that stalled a large service: m1 and m2 each reach m0 alone.
    [Fact]
    [Rule(LeaderRules.LeaderIsHeard)]
    public void Members_that_reach_only_one_side_do_not_take_turns()
    {
        for (int leader = 0; leader < 3; leader++)
        {
            Group group = new(Setup(3));
            GroupMember wanted = group.Members[leader];
            Assert.True(group.RunUntil(() => Elects(group, wanted), TimeSpan.FromMinutes(1)));
            group.Cut(group.Members[1], group.Members[2]);
            group.Cut(group.Members[2], group.Members[1]);
            ChangesLeaderOnceAtMost(group);
        }
    }

    // A member that hears nobody asks for promises for ever, and is refused; a leader that hears no
    // majority steps down.
    [Fact]
    [Rule(LeaderRules.LeaderIsHeard)]
    [Rule(LeaderRules.CheckQuorum)]
    public void A_line_that_is_cut_one_way_ends_at_most_one_reign()
    {
        for (int way = 0; way < 6; way++)
        {
            Group group = new(Setup(3));
            Assert.True(Serves(group));
            (int from, int to) = (way / 2, ((way / 2) + 1 + (way % 2)) % 3);
            group.Cut(group.Members[from], group.Members[to]);
            ChangesLeaderOnceAtMost(group);
        }
    }

    // Under leases nobody is elected before the promises have run out, and soon after that.
    [Fact]
    [Feature("A16")]
    [Rule(LeaderRules.LeasePromise)]
    public void Under_leases_the_loss_of_a_leader_is_borne_when_the_promises_have_run_out()
    {
        LeaseTerms lease = new() { Promise = TimeSpan.FromSeconds(2) };
        Group group = new(Setup(3) with { Lease = lease });
        Assert.True(Serves(group));
        group.Run(TimeSpan.FromSeconds(1));
        GroupMember former = group.Leader!;
        Instant lost = group.Now;
        group.Isolate(former);

        Assert.True(group.RunUntil(
            () => group.Leader is GroupMember next && next != former, Soon));
        Assert.True(group.Now - lost > lease.Length - Options.HeartbeatInterval);
        Assert.False(HoldsLease(former));
        Assert.True(Serves(group));
    }

    // Slow lines: a way takes a fifth of an election timeout, and one of three is dead.
    [Fact]
    [Rule(LeaderRules.RandomTimeouts)]
    public void Two_of_three_over_slow_lines_soon_agree_on_a_leader()
    {
        Seeds.ForEach(50, random =>
        {
            Group group = new(Setup(3) with { Seed = random.NextBits() })
            {
                Delay = TimeSpan.FromMilliseconds(100),
            };
            group.Crash(group.Members[2]);

            Assert.True(Serves(group));
        });
    }

    private static bool Elects(Group group, GroupMember wanted)
    {
        if (group.Leader is GroupMember leader && leader != wanted)
        {
            group.Crash(leader);
            group.Restart(leader);
        }

        return group.Leader == wanted;
    }

    private protected static bool Serves(Group group)
    {
        int before = group.Audit.AcknowledgedCount;
        return group.RunUntil(() => group.Leader is not null, Soon)
            && Propose(group)
            && group.RunUntil(() => group.Audit.AcknowledgedCount > before, Soon);
    }

    private static void ChangesLeaderOnceAtMost(Group group)
    {
        int before = group.LeaderCount;
        group.Run(TimeSpan.FromSeconds(20));

        Assert.InRange(group.LeaderCount, before, before + 1);
        Assert.True(Serves(group));
    }

    private static bool Propose(Group group)
    {
        group.Propose(group.Leader!, new byte[sizeof(long)]);
        return true;
    }
}
