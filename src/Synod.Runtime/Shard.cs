using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>A thread of control that owns groups: all that happens to them happens in a turn of
/// their shard, so there is no lock around protocol state. A turn is a function of what is in the
/// inbox, of what the log has to say and of the time; the pump of a real node and the simulator
/// call the very same code.</summary>
public sealed partial class Shard : IReplicaHost
{
    private readonly SortedDictionary<ulong, Replica> _replicas = [];
    private readonly ShardAgenda _agenda = new();
    private readonly SortedDictionary<uint, PeerIdentity> _connected = [];
    private readonly Queue<(ulong Group, ShardInput News)> _untold = [];
    private readonly ShardInbox _inbox;
    private readonly NodeOptions _node;
    private readonly ILog _log;
    private readonly ShardLoads _loads;
    private readonly ITransport _transport;
    private readonly INodeNotices _notices;
    private Replica? _stepping;
    private LogPosition _durable;
    private StoragePressure _pressure;
    private Instant _started;
    private Func<Instant> _clock = static () => default;

    /// <summary>A shard without groups.</summary>
    public Shard(NodeOptions node, ShardPorts ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        _node = node;
        _log = ports.Log;
        _loads = new ShardLoads(ports.Log, node.LoadBytesMax);
        _transport = ports.Transport;
        _inbox = ports.Inbox;
        _notices = ports.Notices;
    }

    NodeOptions IReplicaHost.Node => _node;

    ILog IReplicaHost.Log => _log;

    ShardLoads IReplicaHost.Loads => _loads;

    ITransport IReplicaHost.Transport => _transport;

    INodeNotices IReplicaHost.Notices => _notices;

    Instant IReplicaHost.Now => _clock();

    Instant IReplicaHost.WorkUntil => _workUntil;

    TimeSpan IReplicaHost.NewsAge => _newsAge;

    Instant IReplicaHost.Started => _started;

    IReadOnlyDictionary<uint, PeerIdentity> IReplicaHost.Connected => _connected;

    /// <summary>Adds a group, before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">This node is not among its members, the group is there
    /// already, or an option is out of its range.</exception>
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

        if (group.Machine is IWholeMachine && !group.Protocol.IsOrdered)
        {
            throw new ArgumentException(
                $"{group.Id} has the whole machine '{group.Machine.Name}', and "
                + $"{group.Protocol.Name} decides about one key at a time: use a keyed machine, or "
                + "another protocol.");
        }

        group.RequireRoom(
            Math.Min(_log.RecordBytesMax, _transport.FrameBytesMax) - Replica.FrameOverhead);
        group.Lease.Validate();
        group.Watching.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(group.PendingTimeMax, TimeSpan.Zero);
        ReplicaLife first = new(group, new Life(1), new RecordMap());
        _replicas.Add(group.Id.Number, new Replica(this, first));
    }

    /// <summary>Gives every group its records back and begins to live.</summary>
    /// <exception cref="LogException">The log cannot be used.</exception>
    public void Start(Instant now)
    {
        _started = now;
        _clock = () => now;
        foreach (LogDamage damage in _log.Damage)
            _notices.Damaged(damage);
        Replayer replayer = new(_replicas);
        _log.Replay(replayer);
        foreach (ulong group in replayer.Strangers)
        {
            _notices.Refused(
                new GroupId(group),
                $"The log holds records of {new GroupId(group)}, which this node is not "
                + "configured to serve. They are kept; configure the group to serve it again.");
        }

        RefuseLost();
        foreach (Replica replica in _replicas.Values)
        {
            _agenda.Touch(replica);
            replica.Start(now);
        }

        EndTurn(now);
    }

    /// <summary>One turn: reads the inbox, steps the kernels, appends all records, starts one
    /// flush and sends what is not gated.</summary>
    /// <returns>When to take the next turn if nothing comes in before.</returns>
    /// <exception cref="LogException">The disk has failed; nothing was acknowledged since, and the
    /// node must end.</exception>
    /// <exception cref="Exception">A bug, of ours or of what a user has plugged in: see
    /// <see cref="Crashed"/>.</exception>
    public Instant Turn(Instant now) => Turn(() => now);

    /// <summary>The same, with a clock that goes on meanwhile.</summary>
    /// <remarks>The clock is read after the inbox was taken. A thread may stand still between the
    /// two for any time; the other way round, a read would be answered by a lease that had ended
    /// before it was asked for, and a promise would begin before the leader asked for it.</remarks>
    /// <param name="clock">The monotonic clock of the node.</param>
    public Instant Turn(Func<Instant> clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Invariant.Holds(_stepping is null, "Synod design §3: half a step is not gone on from");
        _node.Clock?.TurnBegan();

        // The turn before may have ended before it had read all that it had taken.
        bool isOld = !_inbox.IsRead;
        bool isLate = !_inbox.OfClients.IsRead;
        _inbox.Take();
        _clock = clock;
        Instant now = clock();
        NoteAge(now, isLate);
        Tell(now);
        PollLog(now);
        Revive(now);
        bool hasNews = !_inbox.IsRead;
        Read(now, _inbox.OfPeers, Instant.Never);
        Read(now, _inbox.OfClients, clock() + WorkMax);
        foreach (Replica replica in _agenda.Due(now))
            Step(now, replica, static (replica, now) => replica.Wake(now));
        AskForCheckpoints(now);
        Instant next = NextRevival(now, EndTurn(now));
        TimeSpan poll = _log.PollWithin;
        if (poll != Timeout.InfiniteTimeSpan && now + poll < next)
            next = now + poll;
        Rest(now, hasNews);
        _node.Counters.Take(_log.Status);
        _node.Clock?.TurnEnded();
        return isOld || !_inbox.IsRead ? now : next;
    }

    private void RefuseLost()
    {
        foreach (Replica replica in _replicas.Values.ToArray())
        {
            replica.LookForCreation();
            if (replica.Refusal is not string why)
                continue;

            _replicas.Remove(replica.Group.Number);
            _notices.Refused(replica.Group, why);
        }
    }

    // Half a step that was ended by an exception stays marked: see Restart.
    private void Step(Instant now, Replica replica, Action<Replica, Instant> step)
    {
        _agenda.Touch(replica);
        _stepping = replica;
        step(replica, now);
        _stepping = null;
    }

    private void Each(Instant now, Action<Replica, Instant> step)
    {
        foreach (Replica replica in _replicas.Values)
            Step(now, replica, step);
    }

    private Instant EndTurn(Instant now)
    {
        List<Replica> touched = _agenda.Touched();
        _workUntil = _clock() + WorkMax;
        foreach (Replica replica in touched)
            Step(now, replica, static (replica, now) => replica.Settle(now));
        if (_agenda.TryAskForFlush())
            _log.Flush();
        _transport.Flush();

        _node.Clock?.ApplyBegan();
        RunMachines(now, touched);
        _node.Clock?.ApplyEnded();
        _transport.Flush();
        return _agenda.EndTurn();
    }

    private void PollLog(Instant now)
    {
        _log.Poll();
        if (_log.Poison is not null)
            throw _log.Poison;

        if (_log.Pressure != _pressure)
        {
            StoragePressure pressure = _log.Pressure;
            _notices.PressureChanged(pressure);
            Each(now, (replica, now) => replica.Pressure(now, pressure));
            _node.Counters.Pressure = _pressure = pressure;
        }

        TakeLoads(now);
        if (_log.Durable == _durable)
            return;

        // Noted last: an exception on the way must not keep the news from the other replicas.
        LogPosition durable = _log.Durable;
        foreach (Replica replica in _agenda.Unflushed())
            Step(now, replica, static (replica, now) => replica.LogMoved(now));
        _durable = durable;
    }

    // What the disk does not give back is found again by the next opening, which tells whom it
    // concerns.
    private void TakeLoads(Instant now)
    {
        while (_loads.TryTake(out LogLoad? load, out Replica? replica))
        {
            if (load.Failure is not null)
                throw load.Failure;

            if (_replicas.GetValueOrDefault(replica.Group.Number) == replica)
                Step(now, replica, (replica, _) => replica.Loaded(load));
            else if (_returning.GetValueOrDefault(replica.Group.Number) == replica)
                replica.Loaded(load);
            else
                _loads.Return(load);
        }
    }

    private sealed class Replayer(SortedDictionary<ulong, Replica> replicas) : ILogVisitor
    {
        public SortedSet<ulong> Strangers { get; } = [];

        public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
        {
            if (replicas.TryGetValue(header.Group.Number, out Replica? replica))
                replica.Recover(header, position, body);
            else
                Strangers.Add(header.Group.Number);
        }

        public void Released(in LogFloor floor)
        {
            if (replicas.TryGetValue(floor.Group.Number, out Replica? replica))
                replica.Begin(floor);
        }

        public void Lost(in LostRecords lost)
        {
            if (replicas.TryGetValue(lost.Group.Number, out Replica? replica))
                replica.Lose(lost);
        }
    }
}
