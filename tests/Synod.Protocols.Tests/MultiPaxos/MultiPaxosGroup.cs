using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>A whole group of Multi-Paxos, and ways to look inside.</summary>
internal sealed class MultiPaxosGroup : Group
{
    public MultiPaxosGroup(MultiPaxosSetup setup)
        : base(setup) =>
        Members = [.. base.Members.Cast<MultiPaxosMember>()];

    public override IReadOnlyList<MultiPaxosMember> Members { get; }

    public override MultiPaxosMember? Leader => (MultiPaxosMember?)base.Leader;
}
