using Synod.EPaxos;
using Synod.Kernel;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>A group of EPaxos.</summary>
internal sealed record EPaxosSetup(int Members) : GroupSetup(Members)
{
    public EPaxosOptions Options { get; init; } = new();

    public override IProtocol Protocol => new EPaxosProtocol(Options);

    // All have it on their disks.
    public override bool MaySnapshot(GroupMember member, IReadOnlyList<GroupMember> all)
    {
        EPaxosCover executed = ((EPaxosMember)member).Kernel.State.Executed().Through;
        return all.Cast<EPaxosMember>().All(
            other => other.OnDisk.State.CommittedThroughAll().Includes(executed));
    }

    public override GroupMember NewMember(int self) => new EPaxosMember(self, this);
}
