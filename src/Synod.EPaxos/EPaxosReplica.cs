using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>One member of an EPaxos group, as a function of its inputs. The phases are in the files
/// beside this one.</summary>
internal sealed partial class EPaxosReplica : IKernel, IEPaxosInbox
{
    // No owner gets so far ahead of a member that can still hear of it; a lie must not cost memory.
    private const long SlotLeapMax = 1 << 20;

    private readonly EPaxosOptions _options;
    private readonly EPaxosState _state;
    private readonly EPaxosExecutor _executor;
    private readonly EPaxosAlarms _alarms;
    private readonly EPaxosParcels _parcels = new();
    private readonly Dictionary<InstanceId, EPaxosAttempt> _attempts = [];
    private readonly SeededRandom _random;
    private readonly EpochDescriptor _epoch;
    private readonly Quorums _quorums;
    private readonly Member _self;
    private readonly MemberSet _others;

    private StoragePressure _pressure;
    private MemberSet _disconnected;
    private Instant _wakeAsked = Instant.Never;

    public EPaxosReplica(KernelStart start, EPaxosOptions options)
    {
        _options = options;
        _epoch = start.Epoch;
        _quorums = start.Epoch.Quorums;
        _self = start.Self;
        _others = start.Epoch.All.Without(start.Self);
        _random = new SeededRandom(start.Seed);
        _state = new EPaxosState(start.Epoch.Members.Count);
        _batches = new EPaxosBatches(options.BatchMax, _windows);
        _executor = new EPaxosExecutor(_state);
        _alarms = new EPaxosAlarms(_state);
        _life = (start.Boot.Number, start.Life.Number);
        _sparedUntil = new Instant[start.Epoch.Members.Count];
        _frontiers = new Frontier[start.Epoch.Members.Count];
        _used = new long[start.Epoch.Members.Count];
        _saved = new EPaxosCover[start.Epoch.Members.Count];
        _restored = EPaxosFrontier.Of(start.Snapshot.Span);
        _state.Restore(_restored);
    }

    public KernelStatus Status => new(
        KernelRole.Serving,
        null,
        0,
        _state.Known,
        _state.Committed,
        Health);

    public KernelSurvey Survey(Instant now) =>
        new(
            _state.Committed,
            FirstKept: _state.Truncated.Count + 1,
            Snapshot: _state.Saved.Count,
            _disconnected);

    internal EPaxosState State => _state;

    internal Member Self => _self;

    /// <summary>Whether records were lost before this life.</summary>
    internal bool HasLost => _hidesStatement || _lost.Exists(lost => !IsRepaired(lost));

    /// <summary>The recoveries that wait for others and go on.</summary>
    internal IEnumerable<EPaxosAttempt> Waits => _attempts.Count == 0 || _waiting.Count == 0
        ? []
        : _attempts.Values.Where(attempt => attempt.Stage == EPaxosStage.Waiting
            && Going(attempt.Id, attempt.Ballot) is not null);

    private bool HasQuorum => _quorums.Members - _disconnected.Count >= _quorums.Slow;

    public bool IsNear(InstanceId id) => IsNear(id.Owner.Index, id.Slot);

    public bool IsNear(in EPaxosCover cover)
    {
        for (int owner = 0; owner < cover.Length; owner++)
        {
            if (cover[owner] > 0 && !IsNear(owner, cover[owner]))
                return false;
        }

        return true;
    }

    public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
    {
        if (!EPaxosCodec.TryDispatch(turn, from, frame, (this, outbox)))
            outbox.Violated(EPaxosRules.FramesAreMessages, from);
        GoOn(turn, outbox);
    }

    public void Wake(in Turn turn, Outbox outbox)
    {
        _wakeAsked = Instant.Never;
        while (_alarms.TryTake(turn.Now, out InstanceId id))
            LookAgain(turn, id, outbox);
        AskReadsAgain(turn, outbox);
        Compare(turn, outbox);
        Repair(turn, outbox);
        GoOn(turn, outbox);
    }

    public void Settle(in Turn turn, Outbox outbox)
    {
        GoOn(turn, outbox);
        ProposeBatches(turn, outbox);
        Arm(outbox);
        _parcels.Leave(outbox);
    }

    public void PeerUp(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.Without(peer);
        ForgetFrontier(turn, peer);
        if (_unheard.Contains(peer))
            _repairDue = turn.Now;
        TellSaved(MemberSet.Of(peer), outbox);
        GoOn(turn, outbox);
    }

    public void PeerDown(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.With(peer);
        if (!HasQuorum)
            GiveUpAll(outbox);
        HastenRecoveries(turn, peer);
        GoOn(turn, outbox);
    }

    public void Transfer(in Turn turn, RequestId request, TransferOrder order, Outbox outbox) =>
        outbox.EndTransfer(request, TransferOutcome.NotLeader);

    public void Persisted(in Turn turn, RecordNumber through, Outbox outbox)
    {
        _durable = through;
        GoOn(turn, outbox);
    }

    public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox) =>
        _pressure = pressure;

    public void Digest(ref StateHash hash) => _state.Digest(ref hash);

    public void DigestVolatile(in Turn turn, ref StateHash hash)
    {
        DigestPeers(turn, ref hash);
        _missing.AddTo(ref hash);
        hash.Add((long)_pressure);
        hash.Add(_nextSlot);
        foreach (EPaxosInstance instance in _state.All())
            hash.Add(instance.IsExecuted ? 1 : 0);
        foreach (EPaxosAttempt attempt in _attempts.Values.OrderBy(static one => one.Id))
            attempt.Digest(ref hash);
        foreach ((InstanceId id, OwnBatch own) in _requests.OrderBy(static one => one.Key))
        {
            hash.Add(id.Slot);
            foreach (OwnRequest one in own.Requests)
                hash.Add(one.Request.Number);
        }

        foreach (OwnRequest one in _batches.All)
            hash.Add(one.Request.Number);
        hash.Add(_hasProposed ? 1 : 0);
        foreach ((InstanceId id, int count) in _waitingFor.OrderBy(static one => one.Key))
        {
            hash.Add(id.Owner.Index);
            hash.Add(id.Slot);
            hash.Add(count);
        }

        foreach ((RecordNumber _, InstanceId id, Ballot ballot, EPaxosKind kind) in _own)
        {
            hash.Add(id.Owner.Index);
            hash.Add(id.Slot);
            hash.Add(ballot.Number);
            hash.Add((long)kind);
        }

        _alarms.Digest(ref hash);
        _parcels.Digest(ref hash);
        DigestReads(ref hash);
    }

    public string DescribeFrame(ReadOnlySpan<byte> frame) => EPaxosCodec.Describe(frame);

    public string DescribeRecord(ReadOnlySpan<byte> record) => EPaxosCodec.Describe(record);

    private void DigestPeers(in Turn turn, ref StateHash hash)
    {
        hash.Add(_disconnected.Bits);
        hash.Add(_unheard.Bits);
        foreach (EPaxosCover saved in _saved)
            saved.AddTo(ref hash);
        foreach (long used in _used)
            hash.Add(used);
        foreach (Instant until in _sparedUntil)
            hash.Add(until > turn.Now ? 1 : 0);
    }

    // What an input has made executable is delivered; what that allows is proposed when the turn
    // settles.
    private void GoOn(in Turn turn, Outbox outbox)
    {
        CountOwn(turn, outbox);
        Deliver(turn, outbox);
        WatchMissed(turn);
        TryBecomeWhole(outbox);
        TellCommitted(outbox);
        Arm(outbox);
    }

    private void Arm(Outbox outbox)
    {
        Instant due = Earlier(
            Earlier(_alarms.Next, _repairDue), Earlier(_compareDue, ReadsDue));
        if (due == _wakeAsked)
            return;

        _wakeAsked = due;
        outbox.WakeAt(due);
    }

    private bool IsNear(int owner, long slot) =>
        owner < _state.Members && slot <= _state.LastOf(owner) + SlotLeapMax;

    private TimeSpan Jittered(TimeSpan time) => time + _random.Below(time);

    private static Instant Earlier(Instant left, Instant right) => left < right ? left : right;
}
