using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>§5.1: any majority that can talk goes on, and no minority does.</summary>
public class AvailabilityTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [Rule(RaftRules.MajorityElects)]
    [Rule(RaftRules.CheckQuorum)]
    [Feature("B21")]
    public void A_group_tolerates_the_loss_of_a_minority_and_of_no_more(int members)
    {
        RaftGroup group = new(new RaftSetup(members));
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
    [Rule(RaftRules.CheckQuorum)]
    public void A_leader_that_loses_its_majority_knows_within_two_election_timeouts()
    {
        RaftGroup group = new(new RaftSetup(5));
        Assert.True(Serves(group));
        RaftMember leader = group.Leader!;
        group.Isolate(leader);
        group.Run(new RaftOptions().ElectionTimeout * 2);

        Assert.NotEqual(KernelRole.Leading, leader.Kernel.Status.Role);
    }

    // The partial partition that stalled a large service: m1 and m2 each reach m0 alone.
    [Fact]
    [Rule(RaftRules.LeaderIsHeard)]
    public void Members_that_reach_only_one_side_do_not_take_turns()
    {
        for (int leader = 0; leader < 3; leader++)
        {
            RaftGroup group = new(new RaftSetup(3));
            RaftMember wanted = group.Members[leader];
            Assert.True(group.RunUntil(() => Elects(group, wanted), TimeSpan.FromMinutes(1)));
            group.Cut(group.Members[1], group.Members[2]);
            group.Cut(group.Members[2], group.Members[1]);
            ChangesLeaderOnceAtMost(group);
        }
    }

    // A member that hears nobody asks for promises for ever, and is refused; a leader that hears no
    // majority steps down.
    [Fact]
    [Rule(RaftRules.LeaderIsHeard)]
    [Rule(RaftRules.CheckQuorum)]
    public void A_line_that_is_cut_one_way_ends_at_most_one_reign()
    {
        for (int way = 0; way < 6; way++)
        {
            RaftGroup group = new(new RaftSetup(3));
            Assert.True(Serves(group));
            (int from, int to) = (way / 2, ((way / 2) + 1 + (way % 2)) % 3);
            group.Cut(group.Members[from], group.Members[to]);
            ChangesLeaderOnceAtMost(group);
        }
    }

    // Pre-votes of a member in a newer term are refused, and it refuses all that its leader sends:
    // it must say in which term it is, or it stays out for ever.
    [Fact]
    [Rule(RaftRules.StaleTermIsRefused)]
    [Rule(RaftRules.TermsGrow)]
    public void A_member_that_is_stuck_in_a_newer_term_gets_the_group_into_it()
    {
        RaftGroup group = new(new RaftSetup(3));
        Assert.True(Serves(group));
        RaftMember leader = group.Leader!;
        RaftMember stuck = group.Members.First(member => member != leader);
        group.Deliver(new Flight(
            leader, stuck, RaftFrames.Vote(9, isGranted: false), group.Now));

        Assert.True(group.RunUntil(
            () => group.Leader is { Kernel.Status.Term: > 9 or 9 } next
                && stuck.Kernel.Status.Leader == next.Self,
            Soon));
        Assert.True(Serves(group));
    }

    // Under leases nobody is elected before the promises have run out, and soon after that.
    [Fact]
    [Feature("A16")]
    [Rule(RaftRules.LeasePromise)]
    public void Under_leases_the_loss_of_a_leader_is_borne_when_the_promises_have_run_out()
    {
        LeaseTerms lease = new() { Promise = TimeSpan.FromSeconds(2) };
        RaftGroup group = new(new RaftSetup(3) { Lease = lease });
        Assert.True(Serves(group));
        group.Run(TimeSpan.FromSeconds(1));
        RaftMember former = group.Leader!;
        Instant lost = group.Now;
        group.Isolate(former);

        Assert.True(group.RunUntil(
            () => group.Leader is RaftMember next && next != former, Soon));
        Assert.True(group.Now - lost > lease.Length - new RaftOptions().HeartbeatInterval);
        Assert.False(former.Kernel.Duties.HoldsLease(former.Now));
        Assert.True(Serves(group));
    }

    // Slow lines: a way takes a fifth of an election timeout, and one of three is dead.
    [Fact]
    [Rule(RaftRules.RandomTimeouts)]
    public void Two_of_three_over_slow_lines_soon_agree_on_a_leader()
    {
        Seeds.ForEach(50, static random =>
        {
            RaftGroup group = new(new RaftSetup(3) { Seed = random.NextBits() })
            {
                Delay = TimeSpan.FromMilliseconds(100),
            };
            group.Crash(group.Members[2]);

            Assert.True(Serves(group));
        });
    }

    private static bool Elects(RaftGroup group, RaftMember wanted)
    {
        if (group.Leader is RaftMember leader && leader != wanted)
        {
            group.Crash(leader);
            group.Restart(leader);
        }

        return group.Leader == wanted;
    }

    private static bool Serves(RaftGroup group)
    {
        int before = group.Audit.AcknowledgedCount;
        return group.RunUntil(() => group.Leader is not null, Soon)
            && Propose(group)
            && group.RunUntil(() => group.Audit.AcknowledgedCount > before, Soon);
    }

    private static void ChangesLeaderOnceAtMost(RaftGroup group)
    {
        int before = group.Protocol.LeaderCount;
        group.Run(TimeSpan.FromSeconds(20));

        Assert.InRange(group.Protocol.LeaderCount, before, before + 1);
        Assert.True(Serves(group));
    }

    private static bool Propose(RaftGroup group)
    {
        group.Propose(group.Leader!, new byte[sizeof(long)]);
        return true;
    }
}
