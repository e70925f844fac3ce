using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>A group of Multi-Paxos.</summary>
internal sealed record MultiPaxosSetup(int Members) : GroupSetup(Members)
{
    public MultiPaxosOptions Options { get; init; } = new();

    public override IProtocol Protocol => new MultiPaxosProtocol(Options);

    public override GroupMember NewMember(int self) => new MultiPaxosMember(self, this);
}
