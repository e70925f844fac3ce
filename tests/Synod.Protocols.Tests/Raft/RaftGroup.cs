using Synod.Protocols.Tests.Groups;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>A whole group of Raft, and ways to look inside.</summary>
internal sealed class RaftGroup : Group
{
    public RaftGroup(RaftSetup setup)
        : base(setup) =>
        Members = [.. base.Members.Cast<RaftMember>()];

    public override IReadOnlyList<RaftMember> Members { get; }

    public override RaftAudit Protocol => (RaftAudit)base.Protocol;

    public override RaftMember? Leader => (RaftMember?)base.Leader;
}
