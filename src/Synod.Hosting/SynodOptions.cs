using Synod.Abstractions;
using Synod.EPaxos;
using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Raft;
using Synod.Register;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>A node as its operator configures it. Validated when the host starts.</summary>
public sealed class SynodOptions
{
    /// <summary>The name of the cluster, the same on every node and client.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>The number of this node, from 1; a key of <see cref="Nodes"/>.</summary>
    public int Node { get; set; }

    /// <summary>All nodes of the cluster and where they listen, as <c>host:port</c>; at least one,
    /// and at most 15 where they are all members of a group. An address may change, a number is for
    /// ever.</summary>
    public IDictionary<int, string> Nodes { get; } = new SortedDictionary<int, string>();

    /// <summary>When what a node has counts as acknowledged; the same on every node, and fixed when
    /// the group is created. Default <see cref="Durability.Fsync"/>.</summary>
    /// <remarks>With <see cref="Durability.Memory"/> a node that restarts is a new member of its
    /// name, which does not count until it is admitted anew, and a group whose nodes have all ended
    /// is gone. With <see cref="Durability.UnsafeNoFlush"/> what was acknowledged may be lost where
    /// machines lose their power.</remarks>
    public Durability Durability { get; set; } = Durability.Fsync;

    /// <summary>The directory of this node and of no other. Created if its parent exists. Must be
    /// empty text with <see cref="Durability.Memory"/>, which uses none.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>The groups of the cluster. Empty, which is the default, means one: group 1 on all
    /// nodes. Thousands are possible: they share the log, its flushes and the
    /// connections.</summary>
    public IList<SynodGroupOptions> Groups { get; } = [];

    /// <summary>The protocol of new groups that name none: <c>raft</c>, which is the default,
    /// <c>paxos</c>, <c>epaxos</c> or <c>register</c>.</summary>
    public string Protocol { get; set; } = "raft";

    /// <summary>The knobs of Raft, for groups that have none of their own.</summary>
    public RaftOptions Raft { get; set; } = new();

    /// <summary>The knobs of Multi-Paxos, for groups that have none of their own.</summary>
    public MultiPaxosOptions MultiPaxos { get; set; } = new();

    /// <summary>The knobs of EPaxos, for groups that have none of their own.</summary>
    public EPaxosOptions EPaxos { get; set; } = new();

    /// <summary>The knobs of per-key Paxos, for groups that have none of their own.</summary>
    public RegisterOptions Register { get; set; } = new();

    /// <summary>How the nodes hear of each other's life.</summary>
    public NodeLivenessOptions Liveness { get; set; } = new();

    /// <summary>Whether a node that does not lead passes commands on to the leader and answers when
    /// it has applied them itself, instead of naming the leader. It serves clients that reach only
    /// some nodes; one that goes to the leader is served faster. The same on every node. Default
    /// false.</summary>
    public bool ForwardsCommands { get; set; }

    /// <summary>How long a request may have to wait for a machine that is behind, as far as its
    /// pace tells, with the time for which the node had no time to read it; beyond, it is answered
    /// <see cref="Outcome{T}.Overloaded"/> at once, and has not happened. More lets larger bursts
    /// pass, and makes everybody wait longer where there is always too much. Default 500 ms, from
    /// zero.</summary>
    public TimeSpan PendingTimeMax { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whom the node waits for when its host starts; the start of the host fails with a
    /// <see cref="NodeStartException"/> when <see cref="StartTimeout"/> is over. Meanwhile the node
    /// serves already, so that nodes may wait for each other. Default
    /// <see cref="StartCondition.None"/>.</summary>
    public StartCondition StartCondition { get; set; } = StartCondition.None;

    /// <summary>How long it waits. Default 1 minute; more than zero.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The terms on which a leader may answer reads without asking the others, fixed when
    /// a group is created; the same on every node, and a node that is configured for others later
    /// is refused by name. Default off: read what breaks it.</summary>
    public LeaseTerms Lease { get; set; } = LeaseTerms.Off;

    /// <summary>Opens a log of your own in the place of the one that is shipped; null, which is the
    /// default, for that. Called once, with a directory inside <see cref="DataDirectory"/> that is
    /// yours and with whether the log must be there already. The node disposes of the log. Needs
    /// <see cref="Durability.Fsync"/>; the sizes of the shipped log do not count. A directory keeps
    /// the log that it had first: one that has the other kind is refused. Try it with the suite in
    /// Synod.TestKit.</summary>
    public Func<LogOpening, ILog>? Log { get; set; }

    /// <summary>The most bytes that the log may take on disk, or in memory. Default 8 GiB; at
    /// least two segments.</summary>
    public long LogCapacityBytes { get; set; } = 8L << 30;

    /// <summary>The size of one file of the log, in bytes. Default 64 MiB; 8 MiB to 1 GiB, a
    /// multiple of 16384.</summary>
    public int LogSegmentBytes { get; set; } = 64 << 20;

    /// <summary>Hears what happens in the groups that this node leads and that have no hook of
    /// their own; null, which is the default, for nobody. Each group with a hook takes a
    /// thread.</summary>
    public ILeaderHook? LeaderHook { get; set; }

    /// <summary>The most bytes that wait to be told of one group to its hook; what comes then is
    /// dropped and counted. Default 16 MiB; from 64 KiB.</summary>
    public int HookQueueBytesMax { get; set; } = 16 << 20;

    /// <summary>The certificates with which this node and its peers and clients show who they are.
    /// Default null: nothing is encrypted, nobody is asked, and the node listens on loopback
    /// only.</summary>
    public SynodTlsOptions? Tls { get; set; }

    /// <summary>Whether to listen on an address that others can reach although there is no
    /// <see cref="Tls"/>. Default false.</summary>
    public bool AllowInsecure { get; set; }

    internal IEnumerable<SynodGroupOptions> GroupsOrOne() => Groups.Count > 0
        ? Groups
        : [new SynodGroupOptions()];
}
