using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Storage;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>One node in this process: its directory, its log, its connections and the thread that
/// drives its replicas. Most hosts use <c>AddSynod</c> instead. Start it once; safe for use from
/// several threads afterwards.</summary>
public sealed partial class SynodNode : IAsyncDisposable
{
    // Longer than any turn of a node that will ever end it.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(10);

    // Together with all else that ends with the process it is less than a second.
    private static readonly TimeSpan RetiresWithin = TimeSpan.FromMilliseconds(700);

    private readonly SynodOptions _options;
    private readonly IMachine _machine;
    private readonly ILogger _logger;
    private readonly SocketPoller? _poller;
    private readonly HelpingWait? _wait;
    private readonly ShardThread _pump;
    private readonly NodeCounters _counters = new();
    private readonly List<HostedGroup> _groups = [];
    private readonly NodeId[] _nodes;
    private readonly WatchLimits _watching = new();
    private readonly NodeMeter _meter;
    private IProtocol? _protocol;
    private DataDirectory? _directory;
    private FileBlockDevice? _device;
    private ILog? _log;
    private TcpTransport? _transport;
    private LivenessThread? _heart;
    private bool _isStarted;
    private bool _isDisposed;

    /// <summary>A node that is not started.</summary>
    /// <param name="options">What its operator has configured.</param>
    /// <param name="machine">The machine of every group that has none of its own.</param>
    /// <param name="logger">Where it logs.</param>
    /// <exception cref="ArgumentException">Names every option that is wrong.</exception>
    public SynodNode(SynodOptions options, IMachine machine, ILogger<SynodNode> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(logger);
        if (new SynodOptionsValidator().Validate(null, options).FailureMessage is string fault)
            throw new ArgumentException(fault);

        _options = options;
        _machine = machine;
        _logger = logger;
        _poller = SocketPoller.TryCreate();
        _wait = _poller is null ? null : new HelpingWait(_poller, FollowsOnly);
        _pump = new ShardThread(TimeProvider.System, _wait);
        _meter = new NodeMeter(Self);
        _nodes = [.. Members()];
        _quorums = new Dictionary<GroupId, GroupQuorum>(options.Groups.Count);
        foreach (SynodGroupOptions group in options.GroupsOrOne())
        {
            NodeId[] members = MembersOf(group);
            if (members.Contains(Self))
                _quorums.Add(group.GroupId, new GroupQuorum(Self, members, _quorumGate));
        }
    }

    /// <summary>Its number.</summary>
    public int Number => _options.Node;

    /// <summary>Where it listens, once it is started.</summary>
    public IPEndPoint? Endpoint => _transport?.Bound;

    /// <summary>Complete when the node has stopped; faulted with the reason when it had to: then
    /// nothing was acknowledged that is not durable, and the process must end.</summary>
    public Task Ended => _pump.Ended;

    /// <summary>The disk of the log, if that is the shipped one: for tests.</summary>
    internal FileBlockDevice? Device => _device;

    private NodeId Self => new((uint)_options.Node);

    /// <summary>Opens the directory and the log, listens, and begins to serve.</summary>
    /// <exception cref="NodeStartException">The directory or the log cannot be used, or the address
    /// cannot be listened at; says why and what to do.</exception>
    public void Start()
    {
        try
        {
            Open();
        }
        catch (Exception cause)
            when (cause is DataDirectoryException or LogException or TransportException)
        {
            throw new NodeStartException(cause.Message, cause)
            {
                IsTaken = cause is DataDirectoryException { IsTaken: true }
                    or TransportException { IsTaken: true },
            };
        }
    }

    /// <summary>Crashes one part of the node, to see that all else goes on: later calls succeed
    /// and nothing that was acknowledged is lost. Done within a turn; nothing happens if the part
    /// does not live at that moment. Safe for use from any thread.</summary>
    /// <param name="group">Of which group.</param>
    /// <param name="part">Which part.</param>
    public void Crash(GroupId group, NodePart part) => _pump.Order(shard =>
    {
        bool isDone = part == NodePart.Machine
            ? shard.RestartMachine(group)
            : shard.RestartReplica(group);
        if (isDone)
            _logger.PartCrashed(Self, group, part);
    });

    /// <summary>Hands leadership over and answers what is under way, for 0.7 s at most; stops
    /// serving, makes durable what was appended and lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        await _pump.RetireAsync(RetiresWithin).ConfigureAwait(false);
        _heart?.Dispose();
        _pump.Dispose();
        foreach (GroupQuorum quorum in _quorums.Values)
            quorum.End();
        if (_transport is not null)
            await _transport.DisposeAsync().ConfigureAwait(false);
        foreach (HostedGroup group in _groups)
            group.Hooks?.Dispose();
        _meter.Dispose();
        _log?.Dispose();
        _device?.Dispose();
        _poller?.Dispose();
        _directory?.Dispose();
        if (_isStarted)
            _logger.Stopped(Self);
    }

    private void Open()
    {
        ClusterId cluster = ClusterName.ToId(_options.Cluster);
        NodeNotices notices = new(_logger, _quorums.Count);
        PeerIdentity identity = OpenLog(cluster, out ILog log, out string recovered);
        NodeOptions node = new()
        {
            Cluster = cluster,
            Identity = identity,
            Seed = RandomBits(),
            Counters = _counters,
            Clock = _meter,
            WallClock = TimeProvider.System.GetUtcNow,
        };

        _transport = new TcpTransport(TransportOptions(node, notices));
        ShardInbox inbox = new(node.InboxBytesMax, _pump.Signal);
        Shard shard = new(node, new ShardPorts(log, _transport, inbox, notices));
        foreach (SynodGroupOptions group in _options.GroupsOrOne())
            AddIfMember(shard, group);
        NodeLiveness liveness = new(
            _options.Liveness,
            new LivenessPorts(TimeProvider.System, _transport, Tap(inbox), notices.Judged));
        _transport.Start(liveness);
        _pump.Start(shard);
        _heart = new LivenessThread(
            liveness, _options.Liveness.Interval, ListenAndTellWhetherAlive);
        _heart.Start();
        _meter.Watch(_counters);
        _meter.Watch(_transport, inbox);
        _meter.Watch(notices);
        _meter.Watch(_groups);
        _isStarted = true;
        _logger.Started(Self, $"'{_options.Cluster}' ({cluster})", _transport.Bound.ToString());
        _logger.Opened(_directory?.Location ?? "memory", identity.Boot, recovered);
        if (_options.Durability != Durability.Fsync)
            _logger.NotOnDisk(DurabilityText.NameOf(_options.Durability));
    }

    // In a long turn the pump does not listen, and who was not listened to must not be judged.
    private bool ListenAndTellWhetherAlive()
    {
        _poller?.Help();
        return _pump.TurnTime < StuckAfter && (_wait?.HelpTime ?? default) < StuckAfter;
    }

    // A leader goes on without its own disk, as long as a majority has theirs.
    private bool FollowsOnly() =>
        _groups.TrueForAll(static group => group.Counters.Role == KernelRole.Following);

    private PeerIdentity OpenLog(ClusterId cluster, out ILog log, out string recovered)
    {
        if (_options.Durability == Durability.Memory)
        {
            // Whoever comes back with nothing is somebody else: with its old name it could vote
            // twice in one term (safety §5.9).
            _log = log = new MemoryLog(MemoryOptions(), _pump.Signal);
            recovered = "nothing outlives this process";
            return new PeerIdentity(
                new MemberIdentity(Self, new Incarnation(RandomBits())), new Boot(1));
        }

        LogKind kind = _options.Log is null ? LogKind.Files : LogKind.Own;
        _directory = DataDirectory.Open(_options.DataDirectory, cluster, Self, kind);
        _log = log = _options.Log is null
            ? OpenFiles(_directory, out recovered)
            : OpenOwn(_directory, _options.Log, out recovered);
        _directory.KeepLog();
        return new PeerIdentity(_directory.Identity, _directory.Boot);
    }

    private FileLog OpenFiles(DataDirectory directory, out string recovered)
    {
        _device = _options.Durability == Durability.Fsync
            ? FileBlockDevice.Open(directory.LogPath)
            : FileBlockDevice.OpenUnsafeNoFlush(directory.LogPath);
        if (_wait is not null)
        {
            _wait.Device = _device;
            _device.IsHelped = true;
        }

        FileLogOptions options = LogOptions() with { MustBeThere = directory.HasLog };
        FileLog log = FileLog.Open(_device, options, _pump.Signal);
        recovered = Recovered(log.Report);
        return log;
    }

    // Whatever it throws, whoever starts the node hears where, and what to do.
    private ILog OpenOwn(
        DataDirectory directory, Func<LogOpening, ILog> open, out string recovered)
    {
        directory.EnsureLogPath();
        ILog? log;
        try
        {
            log = open(new LogOpening(directory.LogPath, directory.HasLog, _pump.Signal));
        }
        catch (Exception cause) when (cause is not (LogException or OutOfMemoryException))
        {
            throw OwnLogFailed(directory, $"{cause.GetType().Name}: {cause.Message}", cause);
        }

        if (log is null)
            throw OwnLogFailed(directory, "nothing was returned.", null);

        recovered = $"{log.GetType().Name}, damaged in {log.Damage.Count} places";
        return log;
    }

    private static NodeStartException OwnLogFailed(
        DataDirectory directory, string why, Exception? cause) => new(
        $"The log of your own ({nameof(SynodOptions)}.{nameof(SynodOptions.Log)}) was not opened "
        + $"in {directory.LogPath}: {why} The node did not start and acknowledged nothing. Mend "
        + "the log, or what it needs, and start the node again.",
        cause);

    private static ulong RandomBits() =>
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private static string Recovered(LogReport log)
    {
        string torn = log.TornBytes == 0
            ? ""
            : $", {log.TornBytes} bytes of a torn tail dropped";
        string damage = log.Damage.Count == 0 ? "" : $", damaged in {log.Damage.Count} places";
        return $"{log.Records} records in the log{torn}{damage}";
    }

    private FileLogOptions LogOptions() => new()
    {
        SegmentBytes = _options.LogSegmentBytes,
        CapacityBytes = _options.LogCapacityBytes,
        Flushed = Flushed,
        FrameBytesMax = Math.Min(new FileLogOptions().FrameBytesMax, _options.LogSegmentBytes / 4),
    };

    private MemoryLogOptions MemoryOptions() => new()
    {
        BlockBytes = Math.Min(new MemoryLogOptions().BlockBytes, _options.LogSegmentBytes / 4),
        ReserveBytes = _options.LogSegmentBytes,
        CapacityBytes = _options.LogCapacityBytes,
    };

    // A leader that stalls for longer loses its followers.
    private void Flushed(TimeSpan duration, long records)
    {
        _meter.Flushed(duration, records);
        if (duration > _options.Raft.ElectionTimeout / 2)
            _logger.DiskStalled(Self, (long)duration.TotalMilliseconds, records);
    }

    private TcpTransportOptions TransportOptions(NodeOptions node, NodeNotices notices) => new()
    {
        Cluster = node.Cluster,
        Self = node.Identity,
        Listen = Endpoints.ToListen(Addresses.Parse(_options.Nodes[_options.Node])),
        Peers = [.. Members().Where(member => member != Self)],
        Resolve = peer => Addresses.Parse(_options.Nodes[(int)peer.Number]),
        Tls = _options.Tls?.ToTransport(),
        AllowInsecure = _options.AllowInsecure,
        Events = notices,
        Poller = _poller,
    };

    private void AddIfMember(Shard shard, SynodGroupOptions group)
    {
        NodeId[] members = MembersOf(group);
        if (!members.Contains(Self))
            return;

        IMachine machine = group.Machine ?? _machine;
        HookQueue? hooks = HooksOf(group, machine);
        GroupOptions options = new()
        {
            Id = group.GroupId,
            Protocol = ProtocolOf(group),
            Members = members,
            Machine = machine,
            Durability = _options.Durability,
            Lease = _options.Lease,
            Hook = hooks,
            Watching = _watching,
            PendingTimeMax = _options.PendingTimeMax,
        };
        _groups.Add(new HostedGroup(options.Id, options.Counters, hooks));
        try
        {
            shard.Add(options);
        }
        catch (ArgumentException cause)
        {
            throw new NodeStartException(cause.Message, cause);
        }
    }

    // One for all groups that have no knobs of their own.
    private IProtocol ProtocolOf(SynodGroupOptions group) => group.IsOnTermsOfNode
        ? _protocol ??= Protocols.Create(_options)
        : Protocols.Create(_options, group);

    private HookQueue? HooksOf(SynodGroupOptions group, IMachine machine)
    {
        if ((group.LeaderHook ?? _options.LeaderHook) is not ILeaderHook hook)
            return null;

        HookSettings settings = new(_options.HookQueueBytesMax, _logger);
        return new HookQueue(group.GroupId, hook, machine, settings);
    }

    // Most groups have all nodes as members, and the same list.
    private NodeId[] MembersOf(SynodGroupOptions group) =>
        group.HasMembersOfItsOwn ? [.. group.Members.Select(ToId)] : _nodes;

    private IEnumerable<NodeId> Members() => _options.Nodes.Keys.Select(ToId);

    private static NodeId ToId(int number) => new((uint)number);
}
