using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>Any majority of a group of Multi-Paxos that can talk goes on.</summary>
public sealed class MultiPaxosAvailabilityTests : AvailabilityTests
{
    private protected override GroupSetup Setup(int members) => new MultiPaxosSetup(members);

    private protected override bool HoldsLease(GroupMember leader) =>
        ((MultiPaxosMember)leader).Kernel.Duties.HoldsLease(leader.Now);
}
