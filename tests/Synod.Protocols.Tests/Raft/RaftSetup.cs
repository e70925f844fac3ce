using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>A group of Raft.</summary>
internal sealed record RaftSetup(int Members) : GroupSetup(Members)
{
    public RaftOptions Options { get; init; } = new();

    public override IProtocol Protocol => new RaftProtocol(Options);

    public override GroupMember NewMember(int self) => new RaftMember(self, this);
}
