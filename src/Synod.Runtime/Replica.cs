using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>One life of one member of one group: drives a kernel of any protocol, performs its
/// effects in order and runs the machine on what it delivers. A function of its inputs; called by
/// the thread of its shard.</summary>
internal sealed partial class Replica
{
    // More than the heads of a frame and of a record need around a command.
    public const int FrameOverhead = 256;

    // What a kernel puts at most into one record of several commands, with their heads.
    public const int BatchBytesMax = 20 << 10;

    private readonly IReplicaHost _host;
    private readonly ReplicaLife _life;
    private readonly GroupOptions _options;
    private readonly RecordMap _records;
    private readonly GroupCreation _creation;
    private readonly ShardBuffers _buffers;

    private GatedFrames _gated;
    private EpochDescriptor? _epoch;
    private KeyedStore _store;
    private IKernel? _kernel;
    private Instant _kernelWake = Instant.Never;
    private bool _isSettled = true;

    public Replica(IReplicaHost host, ReplicaLife life)
    {
        _host = host;
        _life = life;
        _options = life.Group;
        _records = life.Records;
        _buffers = host.Buffers;
        _gated = new GatedFrames(_buffers.Gated);
        _creation = new GroupCreation(host, _options, _records);
        _store = NewStore(_options.Machine.Version);
    }

    /// <summary>Which group it is of.</summary>
    public GroupId Group => _options.Id;

    /// <summary>What happens to it is counted here.</summary>
    public GroupCounters Counters => _options.Counters;

    /// <summary>When it wants to be woken: at once while delivered items wait for a turn, or
    /// somebody who watches.</summary>
    public Instant WakeAt
    {
        get
        {
            if (CanGoOn || _watches?.Line.Count > 0)
                return default;

            Instant wake = _creation.WakeAt < _kernelWake ? _creation.WakeAt : _kernelWake;
            wake = _flushDue < wake ? _flushDue : wake;
            return _parkedDue < wake ? _parkedDue : wake;
        }
    }

    /// <summary>Whether records of it are not known to be durable.</summary>
    public bool HasUnflushed => _records.Durable < _records.Appended;

    /// <summary>For <see cref="ShardAgenda"/>: whether it is among those that have taken an
    /// input.</summary>
    public bool IsTouched { get; set; }

    /// <summary>For <see cref="ShardAgenda"/>: whether it is among those that hear of the
    /// log.</summary>
    public bool IsUnflushed { get; set; }

    /// <summary>For <see cref="ShardAgenda"/>: when it will be looked at, not later than it wants
    /// to be woken.</summary>
    public Instant Alarm { get; set; } = Instant.Never;

    internal IKernel? Kernel => _kernel;

    // For a step of the kernel: it goes on behind the newest record.
    private Outbox Outbox => _buffers.OutboxBehind(_records.Appended);

    /// <summary>Begins to live. All that was recovered is durable.</summary>
    public void Start(Instant now)
    {
        _records.DurableThrough(_host.Log.Durable);
        _history = _unborn is null ? default : _recovered;
        _creation.Start(now);
        TryServe(now);
    }

    /// <summary>What the next life begins with. This one takes no more input.</summary>
    public ReplicaLife Leave() =>
        _life with { Number = new Life(_life.Number.Number + 1) };

    /// <summary>Tells everybody who waits that this life will not answer. What it has not sent and
    /// not applied is dropped with it.</summary>
    public void End()
    {
        EndLoads();
        EndWatches(WatchEnd.Restarting, "");
        AbandonAll();
    }

    /// <summary>A connection to a node is up.</summary>
    public void PeerUp(Instant now, PeerIdentity peer)
    {
        _creation.PeerUp(now);
        if (_kernel is null || _epoch is null)
            return;

        if (_epoch.Find(peer.Member) is Member member)
        {
            Connect(member);
            _kernel.PeerUp(new Turn(now), member, Outbox);
            Perform(default);
        }
        else
        {
            _creation.Disown(peer);
        }
    }

    /// <summary>The connection to a node is down.</summary>
    public void PeerDown(Instant now, PeerIdentity peer)
    {
        if (_kernel is not null && _epoch?.Find(peer.Member) is Member member)
        {
            Disconnect(member);
            _kernel.PeerDown(new Turn(now), member, Outbox);
            Perform(default);
        }
    }

    /// <summary>A frame of a peer, from the exact member that its connection has shown.</summary>
    public void PeerFrame(
        Instant now, PeerIdentity from, in NodeFrame head, ReadOnlySpan<byte> rest)
    {
        if (head.Kind != NodeFrameKind.Kernel)
        {
            _creation.Receive(from, head, rest);
            return;
        }

        // Votes and acknowledgements count only from the exact pair and the exact epoch.
        bool isMine = _kernel is not null && head.Epoch == _epoch?.Id;
        if (!isMine || _epoch?.Find(from.Member) is not Member member)
            return;

        if (rest.Length < sizeof(uint))
        {
            Violated(from.Member.Node, "a frame of a kernel names the life that sent it");
            return;
        }

        ReadOnlySpan<byte> message = rest[sizeof(uint)..];
        _kernel?.Receive(new Turn(now), member, message, Outbox);
        Perform(message);
    }

    /// <summary>More of the log may be durable.</summary>
    public void LogMoved(Instant now)
    {
        if (!_records.DurableThrough(_host.Log.Durable))
            return;

        if (!_creation.IsServing || _kernel is null)
        {
            _creation.Persisted(now);
            TryServe(now);
        }

        SendOpened();
        _kernel?.Persisted(new Turn(now), _records.Durable, Outbox);
        Perform(default);
    }

    /// <summary>The disk is as full as this from now on.</summary>
    public void Pressure(Instant now, StoragePressure pressure)
    {
        _kernel?.Pressure(new Turn(now), pressure, Outbox);
        Perform(default);
    }

    /// <summary>Its time has come, if it has.</summary>
    public void Wake(Instant now)
    {
        if (now >= _creation.WakeAt)
            _creation.Wake(now);
        IsFlushWanted |= now >= _flushDue;
        if (_kernel is null || now < _kernelWake)
            return;

        _kernelWake = Instant.Never;
        _kernel.Wake(new Turn(now), Outbox);
        Perform(default);
    }

    /// <summary>The news of this turn is read.</summary>
    public void Settle(Instant now)
    {
        FollowLeadership(now);
        if (_kernel is not null && (!_isSettled || HasToRun))
        {
            RunWaiting(now);
            _kernel.Settle(new Turn(now), Outbox);
            Perform(default);
            _isSettled = true;
            Counters.Take(KernelStatusNow, LeaderNow ?? default);
        }

        ScheduleFlush(now);
    }

    private void TryServe(Instant now)
    {
        if (!_creation.IsServing || _creation.Epoch is not EpochDescriptor epoch)
            return;

        _epoch = epoch;
        _kernel = _unborn ?? NewKernel(epoch);
        _unborn = null;

        // All replicas run the version that the epoch agreed on, whatever their code could run.
        _store = NewStore(epoch.Parameters.MachineVersion);
        Counters.IsServing = true;
        _host.Notices.Created(_options.Id, epoch);
        _kernel.Start(new Turn(now), Outbox);
        Perform(default);
        Orient(now, epoch);
    }

    // What went on before the kernel was there.
    private void Orient(Instant now, EpochDescriptor epoch)
    {
        if (_life.Number != new Life(1))
            _host.Notices.RoleChanged(_options.Id, KernelStatusNow, LeaderNow);
        if (_host.Log.Pressure != StoragePressure.None)
            Pressure(now, _host.Log.Pressure);
        CountConnected();
        foreach (PeerIdentity peer in _host.Connected.Values)
        {
            if (epoch.Find(peer.Member) is not Member member)
                continue;

            Connect(member);
            _kernel?.PeerUp(new Turn(now), member, Outbox);
            Perform(default);
        }
    }

    private IKernel CreateKernel(EpochDescriptor epoch)
    {
        PeerIdentity self = _host.Node.Identity;
        if (epoch.Find(self.Member) is not Member member)
        {
            throw new LogException(
                $"The log is of a member of {_options.Id} other than {self.Member}. Start the node "
                + "that it belongs to, or with the data directory that belongs to this node.");
        }

        CheckConfiguration(epoch);
        ulong seed = StableHash.Combine(_host.Node.Seed, self.Boot.Number);
        return _options.Protocol.Create(new KernelStart
        {
            Epoch = epoch,
            Self = member,
            Boot = self.Boot,
            Life = _life.Number,
            IsWatched = true,
            Seed = StableHash.Combine(
                StableHash.Combine(seed, _life.Number.Number), _options.Id.Number),
        });
    }

    private void CheckConfiguration(EpochDescriptor epoch)
    {
        CheckLease(epoch.Parameters.Lease);
        if (epoch.Parameters.Durability != _options.Durability)
        {
            throw new LogException(
                $"{_options.Id} was created with durability "
                + $"{DurabilityText.NameOf(epoch.Parameters.Durability)}, but this node is "
                + $"configured for {DurabilityText.NameOf(_options.Durability)}. Correct the "
                + "configuration; the data is untouched.");
        }

        if (epoch.Protocol != _options.Protocol.Name
            || epoch.Parameters.Machine != _options.Machine.Name
            || epoch.Parameters.MachineVersion > _options.Machine.Version)
        {
            throw new LogException(
                $"{_options.Id} was created for {epoch.Protocol} with machine "
                + $"'{epoch.Parameters.Machine}' version {epoch.Parameters.MachineVersion}, but "
                + $"this node is configured for {_options.Protocol.Name} with "
                + $"'{_options.Machine.Name}' version {_options.Machine.Version}. Correct the "
                + "configuration; the data is untouched.");
        }
    }

    // Members that promise on different terms would break each other's leases, and terms that are
    // silently not those of the configuration would deceive its operator.
    private void CheckLease(LeaseTerms created)
    {
        if (created != _options.Lease)
        {
            throw new LogException(
                $"{_options.Id} was created with {Describe(created)}, but this node is configured "
                + $"for {Describe(_options.Lease)}. Correct the configuration; the data is "
                + "untouched.");
        }
    }

    private static string Describe(LeaseTerms lease) =>
        $"the lease terms promise {lease.Promise}, clock drift {lease.ClockDrift} millionths, "
        + $"margin {lease.Margin}";
}
