using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>The member at a site: the real shard, replica and kernel, on a machine that computes in
/// no time.</summary>
internal sealed class LabNode : ITransport, INodeNotices
{
    public static readonly GroupId Group = new(1);
    public static readonly ClusterId Cluster = new(1);

    private static readonly NodeLivenessOptions Beats = new();

    private readonly LabWorld _world;
    private readonly LabNetwork _network;
    private readonly NodeClock _clock;
    private readonly NodeLiveness _liveness;
    private readonly Shard _shard;
    private readonly Alarm _alarm;
    private bool _isTurnDue;
    private bool _isLost;

    public LabNode(LabWorld world, int site, LabNetwork network)
    {
        _world = world;
        _network = network;
        _alarm = new Alarm(world.Schedule, Signal);
        Site = site;
        Id = IdOf(site);
        Identity = new PeerIdentity(
            new MemberIdentity(Id, new Incarnation(Id.Number)), new Boot(1));
        _clock = new NodeClock(world.Schedule, 0);
        NodeOptions options = new()
        {
            Cluster = Cluster,
            Identity = Identity,
            Seed = world.RandomOf(LabStream.Node, site).NextBits(),
        };
        ShardInbox inbox = new(options.InboxBytesMax, Signal);
        _liveness = new NodeLiveness(
            Beats, new LivenessPorts(_clock, this, inbox, static (_, _) => { }));
        _shard = new Shard(
            options, new ShardPorts(new LabLog(world, Signal), this, inbox, this));
        _shard.Add(new GroupOptions
        {
            Id = Group,
            Protocol = world.Options.Protocol,
            Members = [.. Enumerable.Range(0, world.Sites).Select(IdOf)],
            Machine = world.Options.Machine.Create(),
            Durability = Durability.Memory,
        });
    }

    public int Site { get; }

    public NodeId Id { get; }

    public PeerIdentity Identity { get; }

    /// <summary>What its replica is at present.</summary>
    public KernelRole Role { get; private set; }

    int ITransport.FrameBytesMax => 16 << 20;

    /// <summary>The node of a site.</summary>
    public static NodeId IdOf(int site) => new((uint)site + 1);

    /// <summary>Starts, and connects to all others.</summary>
    public void Start(IEnumerable<LabNode> all)
    {
        _shard.Start(_clock.Now);
        foreach (LabNode peer in all.Where(peer => peer != this))
        {
            TimeSpan roundTrip = _world.RoundTrips.Between(Site, peer.Site);
            _world.Schedule.After(
                roundTrip, () => _liveness.PeerUp(peer.Identity, roundTrip));
        }

        Beat();
        Signal();
    }

    /// <summary>The site is gone.</summary>
    public void Lose() => _isLost = true;

    /// <summary>A frame of a peer has come.</summary>
    public void PeerFrame(PeerIdentity from, byte[] frame)
    {
        if (!_isLost)
            Take(_liveness.PeerFrame(from, new ReadOnlySequence<byte>(frame)));
    }

    /// <summary>A frame of a client has come.</summary>
    public void ClientFrame(ConnectionId from, byte[] frame)
    {
        if (!_isLost)
            Take(_liveness.ClientFrame(from, new ReadOnlySequence<byte>(frame)));
    }

    void ITransport.Send(NodeId peer, ReadOnlySpan<byte> frame) =>
        _network.ToPeer(this, peer, frame.ToArray());

    void ITransport.Reply(ConnectionId client, ReadOnlySpan<byte> frame) =>
        _network.ToClient(client, frame.ToArray());

    void ITransport.Flush()
    {
    }

    void INodeNotices.RoleChanged(GroupId group, KernelStatus status, NodeId? leader) =>
        Role = status.Role;

    void INodeNotices.Violated(GroupId group, NodeId peer, string rule) =>
        throw new InvalidOperationException($"{Id} blames {peer}: {rule}");

    void INodeNotices.Refused(GroupId group, string reason) =>
        throw new InvalidOperationException($"{Id} does not serve {group}: {reason}");

    void INodeNotices.Crashed(GroupId group, Exception failure, TimeSpan restartsIn) =>
        throw new InvalidOperationException($"The replica of {group} on {Id} failed.", failure);

    void INodeNotices.Created(GroupId group, EpochDescriptor epoch)
    {
    }

    void INodeNotices.PressureChanged(StoragePressure pressure)
    {
    }

    void INodeNotices.Damaged(LogDamage damage)
    {
    }

    void INodeNotices.RecordsLost(in LostRecords lost)
    {
    }

    // The inbox has room for far more than a run has on its way.
    private static void Take(ValueTask taken)
    {
        if (!taken.IsCompletedSuccessfully)
            throw new InvalidOperationException("The inbox is full: the load is too high.");
    }

    private void Beat()
    {
        if (_isLost)
            return;

        _liveness.Beat(isAlive: true);
        _world.Schedule.After(Beats.Interval, Beat);
    }

    private void Signal()
    {
        if (_isTurnDue || _isLost)
            return;

        _isTurnDue = true;
        _world.Schedule.After(TimeSpan.Zero, Turn);
    }

    private void Turn()
    {
        _isTurnDue = false;
        if (!_isLost)
            _alarm.Set(_clock.TrueTimeOf(_shard.Turn(() => _clock.Now)));
    }
}
