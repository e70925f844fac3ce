using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>§5.1: any majority of a group of Raft that can talk goes on.</summary>
public sealed class RaftAvailabilityTests : AvailabilityTests
{
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

    private protected override GroupSetup Setup(int members) => new RaftSetup(members);

    private protected override bool HoldsLease(GroupMember leader) =>
        ((RaftMember)leader).Kernel.Duties.HoldsLease(leader.Now);
}
