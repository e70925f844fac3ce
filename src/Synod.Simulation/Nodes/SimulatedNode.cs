using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>A whole node: the real shard, replica, kernel and log over a simulated disk, network
/// and clock.</summary>
internal sealed partial class SimulatedNode
{
    /// <summary>The connection on which it is asked what it has.</summary>
    public static readonly ConnectionId Probe = new(-1, ClientRole.Observer);

    private static readonly TimeSpan SupervisionMax = TimeSpan.FromMilliseconds(500);
    private static readonly FileLogOptions LogOptions = new()
    {
        SegmentBytes = 256 << 10,
        FrameBytesMax = 64 << 10,
        WindowBytes = 128 << 10,
        CapacityBytes = 1L << 30,
    };

    private readonly World _world;
    private readonly SimulatedNetwork _network;
    private readonly SeededRandom _random;
    private readonly Alarm _alarm;
    private Shard? _shard;
    private SimulatedHeart? _heart;
    private AuditedLog? _log;
    private int _startCrash;

    public SimulatedNode(
        World world, NodeId id, SimulatedNetwork network, IEnumerable<ClusterAudit> groups)
    {
        _world = world;
        _network = network;
        _alarm = new Alarm(world.Schedule, Signal);
        Id = id;
        _random = world.RandomOf(Stream.Node, id.Number);
        SeededRandom clock = world.RandomOf(Stream.Clock, id.Number);
        Clock = new NodeClock(world.Schedule, clock.Below(1L << 50));
        if (world.Lease.AreOn)
            Clock.Drift(NodeClock.DriftWithin(world.Lease, clock));
        Incarnation = new Incarnation(id.Number * 1000);
        Audit = new NodeWatch(world, this, groups);
        Disk = NewDisk();
    }

    public NodeId Id { get; }

    public NodeClock Clock { get; }

    public CrashSwitch Switch { get; } = new();

    public NodeWatch Audit { get; }

    public SimulatedDisk Disk { get; private set; }

    public Incarnation Incarnation { get; private set; }

    /// <summary>How often a process of it started.</summary>
    public int Boots { get; private set; }

    public PeerIdentity Identity =>
        new(new MemberIdentity(Id, Incarnation), new Boot((ulong)Boots));

    public bool IsRunning => _shard is not null;

    /// <summary>Whether it stands still: what comes in waits.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether its disk is lost for the protocol: damaged beyond what it may serve with,
    /// or wiped. It counts among those that may be lost at a time.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether it may be started.</summary>
    public bool CanStart => !IsRunning && !IsRefused;

    /// <summary>Whether its log has refused to open.</summary>
    public bool IsRefused { get; private set; }

    private Incarnation NextIncarnation => new(Incarnation.Number + 1);

    /// <summary>Lets the next process that starts crash before one of its effects.</summary>
    public void CrashWhileStarting(int effect) => _startCrash = effect;

    /// <summary>Starts a process.</summary>
    public void Start()
    {
        Boots++;
        _world.Trace.Note(TraceKind.Started, Id, Boots);
        Switch.Arm(_startCrash, isInPlace: false);
        _startCrash = 0;
        try
        {
            Open();
        }
        catch (SimulatedCrashException)
        {
            _world.Count(nameof(FaultKind.CrashAtStart));
            EndByItself("while it started");
        }
        catch (LogException refusal) when (Disk.HasFailed || Disk.IsFull)
        {
            EndByItself(refusal.Message);
        }
        catch (LogException refusal) when (Disk.IsDamaged)
        {
            _world.Count("a damaged log was refused");
            Refuse(refusal.Message);
        }
        catch (DiskLostException)
        {
            _world.Count("a loss above the mark");
            Refuse("records that were not marked durable yet are damaged");
        }
    }

    /// <summary>The process closes its log and ends.</summary>
    public void Close()
    {
        if (!IsRunning)
            return;

        _shard = null;
        bool isPowerLoss = false;
        try
        {
            _log?.Dispose();
        }
        catch (SimulatedCrashException)
        {
            _world.Count(nameof(FaultKind.CrashAtEffect));
            isPowerLoss = _random.Chance(1, 2);
        }

        _world.Trace.Note(TraceKind.Stopped, Id, 5, "closed");
        End(isPowerLoss);
    }

    /// <summary>The process ends, or the whole machine.</summary>
    public void Stop(bool isPowerLoss)
    {
        if (!IsRunning)
            return;

        string how = isPowerLoss ? "power" : "kill";
        _world.Trace.Note(TraceKind.Stopped, Id, isPowerLoss ? 1 : 0, how);
        End(isPowerLoss);
    }

    /// <summary>The process stands still, or goes on.</summary>
    public void Pause(bool isPaused)
    {
        IsPaused = isPaused;
        _world.Trace.Note(isPaused ? TraceKind.Paused : TraceKind.Resumed, Id, 0);
        if (isPaused)
            return;

        _heart?.Resume();
        Signal();
    }

    /// <summary>A replica begins a new life; the process goes on, unless it crashes while it says
    /// so to its clients.</summary>
    public void RestartInPlace(GroupId group) => Guard(() =>
    {
        BeginNewLife(group);
        return Clock.Now;
    });

    /// <summary>The disk is lost, and the node comes back, if it does, with an empty one.</summary>
    public void Wipe()
    {
        Stop(isPowerLoss: true);
        Lose();
        Incarnation = NextIncarnation;
        Disk = NewDisk();
    }

    /// <summary>Lets it say what its replicas have; see <see cref="NodeAudit.Told"/>.</summary>
    public void Ask()
    {
        foreach (NodeAudit audit in Audit.Groups)
        {
            // What it said before may not be so any more.
            audit.Told = null;
            FrameBuffer frame = new();
            new RequestHead(1, audit.Group, RequestKind.Status).WriteTo(frame);
            ClientFrame(Probe, frame.Written.ToArray());
        }
    }

    /// <summary>It has answered the probe.</summary>
    public void Answered(byte[] frame)
    {
        FrameReader reader = new(frame);
        ResponseHead head = ResponseHead.ReadFrom(ref reader);
        Audit[head.Group].Told =
            head.Kind == ResponseKind.Applied ? ReplicaStatus.ReadFrom(ref reader) : null;
    }

    public void PeerUp(PeerIdentity peer, TimeSpan roundTrip)
    {
        _heart?.PeerUp(peer, roundTrip);
    }

    public void PeerDown(NodeId peer)
    {
        _heart?.PeerDown(peer);
    }

    public void PeerFrame(PeerIdentity from, byte[] frame)
    {
        Take(_heart?.PeerFrame(from, frame) ?? default);
    }

    public void ClientFrame(ConnectionId from, byte[] frame)
    {
        Audit.Desk.Arrives(from, frame);
        Take(_heart?.ClientFrame(from, frame) ?? default);
    }

    // Nobody here waits for room in the inbox: what comes in during a pause does not fill it.
    private static void Take(ValueTask room)
    {
        if (!room.IsCompleted)
            throw new SimulationViolationException("an inbox is full");
    }

    private void Open()
    {
        NodeOptions options = new()
        {
            Cluster = new ClusterId(1),
            Identity = Identity,
            Seed = StableHash.Combine(_world.Seed, (ulong)Stream.Boot + (Id.Number << 8)),
        };
        ShardInbox inbox = new(options.InboxBytesMax, Signal);
        _heart = new SimulatedHeart(_world, this, _network, inbox);
        FileLogOptions logOptions = LogOptions with
        {
            Clock = Clock,
            NewLogId = new LogId(Incarnation.Number),
        };
        FileLog log = FileLog.Open(Disk, logOptions, Signal);
        if (log.Report.TornBytes > 0)
            _world.Count("a torn tail was dropped");
        if (!Disk.IsClean)
            throw new SimulationViolationException($"{Id}: the log is open and not all is flushed");

        SimulatedTransport transport = new(this, _network);
        AuditedLog audited = new(log, this, _world.Trace);
        _log = audited;
        Audit.Opened(audited);
        _shard = new Shard(options, new ShardPorts(audited, transport, inbox, Audit));
        foreach (NodeAudit audit in Audit.Groups)
            _shard.Add(GroupOptions(audit));
        _network.Started(this);
        _shard.Start(Clock.Now);
        Switch.Disarm();
        _heart.Beat();
        _alarm.Set(Clock.TrueTimeOf(default));
    }

    private GroupOptions GroupOptions(NodeAudit audit) => new()
    {
        Id = audit.Group,
        Protocol = new AuditedProtocol(_world.Protocol, audit),
        Members = _world.Options.MembersOf(audit.Group),
        Machine = _world.Options.Workload.CreateMachine() switch
        {
            IWholeMachine whole => new AuditedWholeMachine(whole, audit),
            IKeyedMachine keyed => new AuditedMachine(keyed, audit),
            IMachine other => other,
        },
        RequestBytesMax = 32 << 10,
        Lease = _world.Lease,
        Watching = _world.Watching,
    };

    private void BeginNewLife(GroupId group)
    {
        Switch.EndsInPlace();
        foreach (GroupId ended in _shard?.Restart(group) ?? [])
            Audit[ended].Ended();
        Signal();
    }

    // Whoever looks after the process starts it again.
    private void EndByItself(string reason)
    {
        _world.Trace.Note(TraceKind.Stopped, Id, 2, reason);
        End(isPowerLoss: _random.Chance(1, 3));
        _world.Schedule.After(_random.Below(SupervisionMax), () =>
        {
            if (CanStart)
                Start();
        });
    }

    private void End(bool isPowerLoss)
    {
        _shard = null;
        _heart?.End();
        _heart = null;
        _isTurnDue = false;
        _retired = null;
        IsPaused = false;
        _alarm.Clear();
        Switch.Disarm();
        Audit.Ended();
        Disk.Stop(isPowerLoss);
        _network.Stopped(this, isSilent: isPowerLoss && _random.Chance(1, 2));
    }

    private void Refuse(string reason)
    {
        _world.Trace.Note(TraceKind.Stopped, Id, 4, reason);
        End(isPowerLoss: false);
        IsRefused = true;
        Lose();
    }

    private void Lose()
    {
        IsLost = true;
        Audit.Lost();
    }

    private SimulatedDisk NewDisk()
    {
        DurableImage image = new() { Recorded = Audit.Recorded };
        SeededRandom random = _world.RandomOf(Stream.Disk, (long)Incarnation.Number);
        return new SimulatedDisk(_world, random, image)
        {
            Submitting = Switch.PassInside,
            Worked = Signal,
        };
    }
}
