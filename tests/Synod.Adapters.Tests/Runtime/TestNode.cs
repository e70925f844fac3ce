using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Raft;
using Synod.Runtime;
using Synod.Storage;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A whole node over a disk in memory and the network in the process: everything real but
/// the edges, and no thread.</summary>
internal sealed class TestNode(InProcessNetwork network, NodeId id, int nodes, ulong seed = 1)
{
    private InProcessTransport? _transport;
    private ILog? _log;
    private Shard? _shard;
    private ulong _boot;
    private Instant _now;

    public NodeId Id => id;

    public MemoryBlockDevice Disk { get; private set; } = new() { IsStepwise = true };

    public Incarnation Incarnation { get; private set; } = new(id.Number * 1000);

    public Notices Notices { get; private set; } = new();

    /// <summary>Stands between the shard and its log and transport.</summary>
    public Trap Trap { get; } = new();

    /// <summary>How many groups the node serves: 1, 2 and so on.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>When it wants its next turn, as the last one has said.</summary>
    public Instant Next { get; private set; }

    public Durability Durability { get; set; } = Durability.Fsync;

    public bool HasHook { get; set; }

    /// <summary>The hook of the process of now, if it has one.</summary>
    public HookTests.WritingHook? Hook { get; private set; }

    public LeaseTerms Lease { get; set; } = LeaseTerms.Off;

    public bool IsRunning => _shard is not null;

    public IMachine Machine { get; set; } = new Samples.Counter.Counter();

    /// <summary>The most bytes of requests that wait.</summary>
    public long PendingBytesMax { get; set; } = 64 << 20;

    /// <summary>The most bytes of what is watched.</summary>
    public long WatchesBytesMax { get; set; } = 64 << 20;

    /// <summary>Whether it stands still: what comes in waits.</summary>
    public bool IsPaused { get; set; }

    /// <summary>The name of the protocol of its groups.</summary>
    public string Protocol { get; set; } = "raft";

    /// <summary>The most bytes that are loaded at a time.</summary>
    public long LoadBytesMax { get; set; } = 16 << 20;

    public RaftOptions Raft { get; set; } = new();

    /// <summary>The protocols of its first groups, where those are made by a test.</summary>
    public IReadOnlyList<IProtocol> OwnProtocols { get; set; } = [];

    /// <summary>From when on a group that holds the log is asked for a checkpoint.</summary>
    public long CheckpointAfterBytes { get; set; } = 1 << 30;

    /// <summary>How far its own clock is ahead, by what has taken time within its turns.</summary>
    public TimeSpan Spent { get; set; }

    /// <summary>What each look at its clock takes.</summary>
    public TimeSpan LookTakes { get; set; }

    /// <summary>How far the clock on its wall is from that of the others.</summary>
    public TimeSpan ClockError { get; set; }

    /// <summary>What happens in its first group.</summary>
    public GroupCounters Counters { get; } = new();

    /// <summary>Whether the disk reads nothing for now.</summary>
    public bool HoldsReads { get; set; }

    /// <summary>Whether the disk writes and flushes nothing for now.</summary>
    public bool HoldsWrites { get; set; }

    public FileLogOptions LogOptions { get; set; } =
        new() { SegmentBytes = 256 << 10, FrameBytesMax = 64 << 10, CapacityBytes = 64 << 20 };

    /// <summary>Where its log begins.</summary>
    public LogPosition LogBase => _log?.Base ?? default;

    /// <summary>Where its log ends.</summary>
    public LogPosition LogEnd => _log?.Appended ?? default;

    /// <summary>How often its log was flushed.</summary>
    public long Flushes => _log?.Status.Flushes ?? 0;

    public void Start(Instant now)
    {
        if (Durability == Durability.Memory && _boot > 0)
            Become();
        PeerIdentity self = new(new MemberIdentity(id, Incarnation), new Boot(++_boot));
        NodeOptions options = new()
        {
            Cluster = network.Cluster,
            Identity = self,
            Seed = StableHash.Combine(StableHash.Combine(seed, id.Number), _boot),
            LoadBytesMax = LoadBytesMax,
            CheckpointAfterBytes = CheckpointAfterBytes,
            WallClock = () => DateTimeOffset.UnixEpoch.AddTicks(_now.Ticks) + ClockError,
        };
        Notices = new Notices();
        Hook = HasHook ? new HookTests.WritingHook() : null;
        ShardInbox inbox = new(options.InboxBytesMax, static () => { });
        _transport = network.Join(self);
        _log = Durability == Durability.Memory
            ? new MemoryLog(new MemoryLogOptions(), static () => { })
            : FileLog.Open(Disk, LogOptions, static () => { });
        _shard = new Shard(options, new ShardPorts(
            Trap.Between(_log), Trap.Between(_transport), inbox, Notices));
        for (int group = 1; group <= Groups; group++)
            _shard.Add(Group((ulong)group));
        _transport.Start(inbox);
        _shard.Start(now);
    }

    /// <summary>Runs at most so many jobs of the disk, then takes a turn.</summary>
    public void Turn(Instant now, int diskJobs = int.MaxValue)
    {
        _now = now;
        if (IsPaused)
            return;

        for (int job = 0; job < diskJobs && !HoldsWrites && Disk.RunOne(); job++)
        {
        }

        while (!HoldsReads && Disk.ReadOne())
        {
        }

        try
        {
            Next = _shard?.Turn(() => now + (Spent += LookTakes)) ?? Instant.Never;
        }
        catch (Trap.SprungException)
        {
            // Whichever group it was, naming this one is right.
            Restart();
        }
        catch (Exception failure) when (
            failure is InvalidOperationException or ArgumentException or LogException
            && _shard?.Crashed(failure, now) == true)
        {
            // As the pump of a real node does.
        }
    }

    /// <summary>Sends what it likes to a peer.</summary>
    public void Send(NodeId peer, ReadOnlySpan<byte> frame)
    {
        _transport?.Send(peer, frame);
        _transport?.Flush();
    }

    /// <summary>Adds a group to it.</summary>
    public void Add(GroupOptions group) => _shard?.Add(group);

    /// <summary>Whether it may stop without being missed.</summary>
    public bool IsRetired => _shard is { IsRetired: true };

    /// <summary>Tells it to stop.</summary>
    public void Retire(Instant now) => _shard?.Retire(now);

    /// <summary>Restarts the replica of a group in place.</summary>
    public void Restart(ulong group = 1)
    {
        try
        {
            _shard?.Restart(new GroupId(group));
        }
        catch (Trap.SprungException)
        {
            _shard?.Restart(new GroupId(group));
        }
    }

    /// <summary>The state machine of a group loses its state alone; false if it cannot.</summary>
    public bool RestartMachine(ulong group = 1) =>
        _shard?.RestartMachine(new GroupId(group)) == true;

    /// <summary>The machine stops: unflushed sectors survive as chosen.</summary>
    public void Crash(Func<string, int, bool>? survives = null)
    {
        Stop();
        Disk.Crash(survives);
    }

    /// <summary>Only the process stops, as by kill -9.</summary>
    public void Kill()
    {
        Stop();
        Disk.Restart();
    }

    /// <summary>Comes back, if it does, with an empty disk.</summary>
    public void Wipe()
    {
        Stop();
        Disk = new MemoryBlockDevice { IsStepwise = true };
        Become();
    }

    private void Become()
    {
        Incarnation = new Incarnation(Incarnation.Number + 1);
        _boot = 0;
    }

    private IProtocol Named() => Protocol == "raft"
        ? new RaftProtocol(Raft)
        : Protocols.Create(new SynodOptions { Protocol = Protocol });

    private GroupOptions Group(ulong number) => new()
    {
        Id = new GroupId(number),
        Protocol = OwnProtocols.ElementAtOrDefault((int)number - 1) ?? Named(),
        Members = [.. Enumerable.Range(1, nodes).Select(static n => new NodeId((uint)n))],
        Machine = Machine,
        Durability = Durability,
        Hook = Hook,
        Lease = Lease,
        RequestBytesMax = 32 << 10,
        PendingBytesMax = PendingBytesMax,
        WatchesBytesMax = WatchesBytesMax,
        Counters = number == 1 ? Counters : new(),
    };

    private void Stop()
    {
        Trap.Clear();
        _transport?.Dispose();
        _transport = null;
        _shard = null;
        _log = null;
    }
}
