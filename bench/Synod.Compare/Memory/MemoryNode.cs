using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Storage;

namespace Synod.Compare.Memory;

/// <summary>A node without threads, sockets and disk: its shard takes a turn when it is told
/// to.</summary>
internal sealed class MemoryNode : INodeNotices, IDisposable
{
    public static readonly GroupId Group = new(1);

    private readonly MemoryLog _log = new(new MemoryLogOptions(), static () => { });
    private readonly MemoryTransport _transport;
    private readonly Shard _shard;
    private readonly GroupCounters _counters = new();

    /// <param name="number">Of this node, from 1.</param>
    /// <param name="members">How many nodes there are.</param>
    /// <param name="protocol">Of the group.</param>
    /// <param name="clients">Whom it answers.</param>
    public MemoryNode(int number, int members, IProtocol protocol, MemoryClients clients)
    {
        Identity = IdentityOf(number);
        _transport = new MemoryTransport(Identity, clients);
        NodeOptions options = new()
        {
            Cluster = new ClusterId(1),
            Identity = Identity,
            Seed = (ulong)number,
        };
        _shard = new Shard(options, new ShardPorts(_log, _transport, Inbox, this));
        _shard.Add(new GroupOptions
        {
            Id = Group,
            Protocol = protocol,
            Members = [.. Enumerable.Range(1, members).Select(static one => new NodeId((uint)one))],
            Machine = new KeepMachine(),
            Durability = Durability.Memory,
            Counters = _counters,
        });
    }

    public PeerIdentity Identity { get; }

    public ShardInbox Inbox { get; } = new(1 << 30, static () => { });

    /// <summary>Whether clients are served here.</summary>
    public bool Serves => _counters.Role is KernelRole.Leading or KernelRole.Serving;

    public void Start(Instant now, IReadOnlyList<MemoryNode> nodes)
    {
        _transport.Connect([.. nodes.Select(static node => node.Inbox)]);
        _shard.Start(now);
        foreach (MemoryNode node in nodes)
        {
            if (node != this)
                Inbox.PeerUp(node.Identity, TimeSpan.FromTicks(1));
        }
    }

    /// <summary>An inbox is much larger than what is under way: nobody ever waits for it.</summary>
    public static void Taken(ValueTask posted)
    {
        if (!posted.IsCompletedSuccessfully)
            Fail("An inbox is full.");
    }

    public void Turn(Func<Instant> clock) => _shard.Turn(clock);

    public void Dispose() => _log.Dispose();

    void INodeNotices.Created(GroupId group, EpochDescriptor epoch)
    {
    }

    void INodeNotices.RoleChanged(GroupId group, KernelStatus status, NodeId? leader)
    {
    }

    void INodeNotices.Violated(GroupId group, NodeId peer, string rule) => Fail(rule);

    void INodeNotices.Misused(GroupId group, ConnectionId client, string rule) => Fail(rule);

    void INodeNotices.PressureChanged(StoragePressure pressure)
    {
    }

    void INodeNotices.Damaged(LogDamage damage) => Fail($"{damage}");

    void INodeNotices.RecordsLost(in LostRecords lost) => Fail($"{lost}");

    void INodeNotices.Refused(GroupId group, string reason) => Fail(reason);

    private static PeerIdentity IdentityOf(int number) => new(
        new MemberIdentity(new NodeId((uint)number), new Incarnation((ulong)number)), new Boot(1));

    private static void Fail(string reason) => throw new InvalidOperationException(reason);
}
