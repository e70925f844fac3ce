using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>Watches one node: each of its groups by an audit of its own.</summary>
internal sealed class NodeWatch : INodeNotices
{
    private readonly SortedDictionary<ulong, NodeAudit> _groups = [];
    private readonly World _world;
    private readonly NodeId _node;

    public NodeWatch(World world, SimulatedNode node, IEnumerable<ClusterAudit> groups)
    {
        _world = world;
        _node = node.Id;
        foreach (ClusterAudit group in groups.Where(group => group.Nodes.Contains(node.Id)))
            _groups.Add(group.Group.Number, new NodeAudit(world, node, group));
        Desk = new WatchDesk(world, node.Id, group => this[group]);
    }

    /// <summary>What it tells its clients.</summary>
    public WatchDesk Desk { get; }

    /// <summary>The audits of its groups, in the order of their numbers.</summary>
    public IReadOnlyCollection<NodeAudit> Groups => _groups.Values;

    /// <summary>How often a command was ordered that had been ordered before.</summary>
    public int Repeats => _groups.Values.Sum(static audit => audit.Repeats);

    /// <summary>Whether a group has lost what the others must give back.</summary>
    public bool IsUnderRepair =>
        _groups.Values.Any(static audit => audit.Health == KernelHealth.Damaged);

    /// <summary>The audit of a group that it is a member of.</summary>
    public NodeAudit this[GroupId group] => _groups[group.Number];

    /// <summary>Whether its kernel of a group takes itself for the leader.</summary>
    public bool Leads(GroupId group) =>
        _groups.TryGetValue(group.Number, out NodeAudit? audit) && audit.Leads;

    /// <summary>The same, or whether it is one of those that serve where nobody leads.</summary>
    public bool Serves(GroupId group) =>
        _groups.TryGetValue(group.Number, out NodeAudit? audit) && audit.Serves;

    /// <summary>The process has a log.</summary>
    public void Opened(AuditedLog log)
    {
        foreach (NodeAudit audit in _groups.Values)
            audit.Log = log;
    }

    /// <summary>The lives of all its kernels have ended.</summary>
    public void Ended()
    {
        foreach (NodeAudit audit in _groups.Values)
            audit.Ended();
    }

    /// <summary>Its disk is lost.</summary>
    public void Lost()
    {
        foreach (NodeAudit audit in _groups.Values)
            audit.Lost();
    }

    /// <summary>Records of the disk are damaged; those that are left are told now.</summary>
    public void Damaged()
    {
        foreach (NodeAudit audit in _groups.Values)
            audit.Damaged();
    }

    /// <summary>A record is left after damage.</summary>
    public void Left(in RecordHeader header, ReadOnlySpan<byte> body) =>
        this[header.Group].Left(header, body);

    /// <summary>The log opens, and its begin is released.</summary>
    public void Released() => _world.CountUsual("a log begins behind what was released");

    /// <summary>Records are not left.</summary>
    public void Lacks(in LostRecords lost) => this[lost.Group].Lacks(lost);

    /// <summary>A record is on the disk for certain.</summary>
    public void Recorded(RecordHeader header, byte[] body) =>
        this[header.Group].Recorded(header, body);

    /// <summary>All records of the turn are appended.</summary>
    public void TurnEnds()
    {
        foreach (NodeAudit audit in _groups.Values)
            audit.TurnEnds();
    }

    /// <summary>A frame leaves for a peer.</summary>
    public void Leaves(NodeId peer, ReadOnlySpan<byte> frame) => Of(frame).Leaves(peer, frame);

    /// <summary>A frame between nodes in words.</summary>
    public string Describe(ReadOnlySpan<byte> frame) => Of(frame).Describe(frame);

    /// <summary>A record in words.</summary>
    public string Describe(in RecordHeader header, ReadOnlySpan<byte> record) =>
        this[header.Group].Describe(header, record);

    void INodeNotices.Created(GroupId group, EpochDescriptor epoch)
    {
    }

    void INodeNotices.RoleChanged(GroupId group, KernelStatus status, NodeId? leader) =>
        this[group].RoleChanged(status, leader);

    // All nodes are honest, so none may be blamed.
    void INodeNotices.Violated(GroupId group, NodeId peer, string rule) =>
        throw _world.Violated($"{_node} blames {peer} in {group}: {rule}");

    void INodeNotices.Damaged(LogDamage damage)
    {
        _world.Count(damage.LostMax > 0 ? "damage hit records" : "damage hit no record");
        _world.Trace.Note(TraceKind.Fault, _node, damage.LostMax, "the log is damaged");
    }

    void INodeNotices.RecordsLost(in LostRecords lost)
    {
    }

    void INodeNotices.Learned(
        GroupId group, ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state) =>
        this[group].Learned(StableHash.Of(key), (int)version, state);

    void INodeNotices.PressureChanged(StoragePressure pressure)
    {
        if (pressure != StoragePressure.None)
            _world.Count($"the pressure of a disk is {pressure.ToString().ToLowerInvariant()}");
    }

    void INodeNotices.Refused(GroupId group, string reason)
    {
        if (!_groups.TryGetValue(group.Number, out NodeAudit? audit))
            throw _world.Violated($"{_node} refuses {group}, which it does not serve: {reason}");

        audit.Refused(reason);
    }

    private NodeAudit Of(ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        return this[NodeFrame.ReadFrom(ref reader).Group];
    }
}
