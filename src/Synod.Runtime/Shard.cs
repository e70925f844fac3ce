using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>A thread of control that owns groups: all that happens to them happens in a turn of
/// their shard, so there is no lock around protocol state. A turn is a function of what is in the
/// inbox, of what the log has to say and of the time; the pump of a real node and the simulator
/// call the very same code.</summary>
public sealed class Shard : IReplicaHost
{
    private readonly SortedDictionary<ulong, Replica> _replicas = [];
    private readonly ShardInbox _inbox;
    private readonly NodeOptions _node;
    private readonly ILog _log;
    private readonly ITransport _transport;
    private readonly INodeNotices _notices;
    private LogPosition _durable;
    private StoragePressure _pressure;

    /// <summary>A shard without groups.</summary>
    public Shard(NodeOptions node, ShardPorts ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        _node = node;
        _log = ports.Log;
        _transport = ports.Transport;
        _inbox = ports.Inbox;
        _notices = ports.Notices;
    }

    NodeOptions IReplicaHost.Node => _node;

    ILog IReplicaHost.Log => _log;

    ITransport IReplicaHost.Transport => _transport;

    INodeNotices IReplicaHost.Notices => _notices;

    /// <summary>Adds a group, before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">This node is not among its members, or the group is
    /// there already.</exception>
    public void Add(GroupOptions group)
    {
        ArgumentNullException.ThrowIfNull(group);
        NodeId self = _node.Identity.Member.Node;
        if (!group.Members.Contains(self) || group.Members.Count > MemberSet.MembersMax)
        {
            throw new ArgumentException(
                $"{group.Id} has {group.Members.Count} members, of which {self} must be one; at "
                + $"most {MemberSet.MembersMax} are possible.");
        }

        int room =
            Math.Min(_log.RecordBytesMax, _transport.FrameBytesMax) - Replica.FrameOverhead;
        if (group.RequestBytesMax > room)
        {
            throw new ArgumentException(
                $"{group.Id} allows requests of {group.RequestBytesMax} bytes, but a record of "
                + $"this log has room for {room}: use larger segments.");
        }

        _replicas.Add(group.Id.Number, new Replica(this, group));
    }

    /// <summary>Gives every group its records back and begins to live.</summary>
    /// <exception cref="LogException">The log cannot be used.</exception>
    public void Start(Instant now)
    {
        _log.Replay(new Replayer(_replicas));
        foreach (Replica replica in _replicas.Values)
            replica.Start(now);
        EndTurn(now);
    }

    /// <summary>One turn: drains the inbox, steps the kernels, appends all records, starts one
    /// flush and sends what is not gated.</summary>
    /// <returns>When to take the next turn if nothing comes in before.</returns>
    /// <exception cref="LogException">The disk has failed; nothing was acknowledged since, and the
    /// node must end.</exception>
    /// <exception cref="InvariantBrokenException">A bug of ours; the node must end.</exception>
    public Instant Turn(Instant now)
    {
        ShardInbox.Side news = _inbox.Take();
        PollLog(now);
        foreach (ShardInput input in news.Inputs)
            Dispatch(now, input, news.BytesOf(input));
        foreach (Replica replica in _replicas.Values)
            replica.Wake(now);
        return EndTurn(now);
    }

    private Instant EndTurn(Instant now)
    {
        foreach (Replica replica in _replicas.Values)
            replica.Settle(now);
        _log.Flush();
        _transport.Flush();

        // Machines run while the disk flushes, and after votes and heartbeats have left.
        Instant next = Instant.Never;
        foreach (Replica replica in _replicas.Values)
        {
            replica.Drain();
            next = replica.WakeAt < next ? replica.WakeAt : next;
        }

        _transport.Flush();
        return next;
    }

    private void PollLog(Instant now)
    {
        _log.Poll();
        if (_log.Poison is not null)
            throw _log.Poison;

        if (_log.Pressure != _pressure)
        {
            _pressure = _log.Pressure;
            _notices.PressureChanged(_pressure);
            foreach (Replica replica in _replicas.Values)
                replica.Pressure(now, _pressure);
        }

        if (_log.Durable == _durable)
            return;

        _durable = _log.Durable;
        foreach (Replica replica in _replicas.Values)
            replica.LogMoved(now);
    }

    private void Dispatch(Instant now, in ShardInput input, ReadOnlySpan<byte> frame)
    {
        switch (input.Kind)
        {
            case ShardInputKind.PeerUp:
                foreach (Replica replica in _replicas.Values)
                    replica.PeerUp(now, input.Peer);
                break;
            case ShardInputKind.PeerDown:
                foreach (Replica replica in _replicas.Values)
                    replica.PeerDown(now, input.Peer.Member.Node);
                break;
            case ShardInputKind.PeerFrame:
                DispatchPeer(now, input.Peer, frame);
                break;
            case ShardInputKind.ClientFrame:
                DispatchClient(now, input.Client, frame);
                break;
        }
    }

    private void DispatchPeer(Instant now, PeerIdentity from, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        NodeFrame head = NodeFrame.ReadFrom(ref reader);
        if (!reader.IsValid)
            _notices.Violated(default, from.Member.Node, "a frame has a head of this version");
        else if (_replicas.TryGetValue(head.Group.Number, out Replica? replica))
            replica.PeerFrame(now, from, head, frame[reader.Position..]);
    }

    private void DispatchClient(Instant now, ConnectionId client, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        RequestHead head = RequestHead.ReadFrom(ref reader);
        if (!reader.IsValid)
            return;

        if (_replicas.TryGetValue(head.Group.Number, out Replica? replica))
        {
            replica.Request(now, client, head, frame[reader.Position..]);
            return;
        }

        FrameBuffer answer = new();
        new ResponseHead(head.Number, ResponseKind.Unavailable).WriteTo(answer);
        string reason = $"{_node.Identity.Member.Node} does not serve {head.Group}.";
        answer.WriteBytes(System.Text.Encoding.UTF8.GetBytes(reason));
        _transport.Reply(client, answer.Written);
    }

    private sealed class Replayer(SortedDictionary<ulong, Replica> replicas) : ILogVisitor
    {
        public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
        {
            if (replicas.TryGetValue(header.Group.Number, out Replica? replica))
                replica.Recover(header, position, body);
        }
    }
}
