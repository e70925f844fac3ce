using Synod.Abstractions;
using Synod.EPaxos;
using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Raft;
using Synod.Register;

namespace Synod.Hosting;

/// <summary>One group as the operator configures it, the same on every node of the cluster. Nodes
/// that are not among its members serve nothing of it.</summary>
public sealed class SynodGroupOptions
{
    private List<int>? _members;

    /// <summary>The number of the group, from 1; for ever, no two groups have the same. Default
    /// 1.</summary>
    public ulong Id { get; set; } = 1;

    /// <summary>The nodes that hold it, 1 to 15; the lowest one creates it. Empty means all nodes,
    /// which is the default.</summary>
    public IList<int> Members => _members ??= [];

    /// <summary>The protocol, as in <c>raft</c>. Empty, which is the default, means that of the
    /// node.</summary>
    public string Protocol { get; set; } = "";

    /// <summary>The knobs of Raft. Null, which is the default, means those of the node.</summary>
    public RaftOptions? Raft { get; set; }

    /// <summary>The knobs of Multi-Paxos. Null, which is the default, means those of the
    /// node.</summary>
    public MultiPaxosOptions? MultiPaxos { get; set; }

    /// <summary>The knobs of EPaxos. Null, which is the default, means those of the node.</summary>
    public EPaxosOptions? EPaxos { get; set; }

    /// <summary>The knobs of per-key Paxos. Null, which is the default, means those of the
    /// node.</summary>
    public RegisterOptions? Register { get; set; }

    /// <summary>The machine; called by the thread that drives the groups of this node. Null, which
    /// is the default, means the machine of the node.</summary>
    public IMachine? Machine { get; set; }

    /// <summary>Hears what happens in the group while this node leads it. Null, which is the
    /// default, means the hook of the node. Each group with a hook takes a thread.</summary>
    public ILeaderHook? LeaderHook { get; set; }

    /// <summary>Whether it is not on all nodes.</summary>
    internal bool HasMembersOfItsOwn => _members?.Count > 0;

    /// <summary>Whether its protocol and the knobs of it are those of the node.</summary>
    internal bool IsOnTermsOfNode => Protocol.Length == 0
        && (Raft, MultiPaxos, EPaxos, Register) == (null, null, null, null);

    /// <summary>The name of the group.</summary>
    internal GroupId GroupId => new(Id);

    /// <summary>The protocol, also where it is that of the node.</summary>
    internal string ProtocolOr(string nodes) => Protocol.Length > 0 ? Protocol : nodes;

    /// <summary>The members, also where they are all nodes.</summary>
    internal IEnumerable<int> MembersAmong(IEnumerable<int> nodes) =>
        HasMembersOfItsOwn ? Members : nodes;
}
