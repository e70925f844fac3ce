using Synod.EPaxos;
using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Raft;

namespace Synod.Hosting;

/// <summary>The protocols by name: the only place that knows them all.</summary>
public static class Protocols
{
    /// <summary>The names that <see cref="SynodOptions.Protocol"/> can have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["raft", "paxos", "epaxos"];

    /// <summary>The protocol of a node, for groups that name none.</summary>
    /// <exception cref="ArgumentException">There is no protocol of this name, or an option of it is
    /// out of its range.</exception>
    public static IProtocol Create(SynodOptions options) =>
        Create(options, new SynodGroupOptions());

    /// <summary>The protocol of a group of a node.</summary>
    /// <exception cref="ArgumentException">There is no protocol of this name, or an option of it is
    /// out of its range.</exception>
    public static IProtocol Create(SynodOptions options, SynodGroupOptions group)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(group);
        string name = group.ProtocolOr(options.Protocol);
        return name switch
        {
            "raft" => new RaftProtocol(RaftIn(options, group)),
            "paxos" => new MultiPaxosProtocol(MultiPaxosIn(options, group)),
            "epaxos" => new EPaxosProtocol(group.EPaxos ?? options.EPaxos),
            _ => throw new ArgumentException($"There is no protocol '{name}'."),
        };
    }

    private static RaftOptions RaftIn(SynodOptions options, SynodGroupOptions group)
    {
        RaftOptions raft = group.Raft ?? options.Raft;
        return options.ForwardsCommands ? raft with { ForwardsProposals = true } : raft;
    }

    private static MultiPaxosOptions MultiPaxosIn(SynodOptions options, SynodGroupOptions group)
    {
        MultiPaxosOptions paxos = group.MultiPaxos ?? options.MultiPaxos;
        return options.ForwardsCommands ? paxos with { ForwardsProposals = true } : paxos;
    }
}
