using Synod.Kernel;

namespace Synod.Register;

/// <summary>One member of a group of per-key Paxos, as a function of its inputs. The phases are in
/// the files beside this one.</summary>
internal sealed partial class RegisterReplica : IKernel, IRegisterInbox
{
    private readonly RegisterOptions _options;
    private readonly RegisterState _state = new();
    private readonly RegisterFrames _frames;
    private readonly PriorityQueue<RegisterAlarm, long> _alarms = new();
    private readonly SeededRandom _random;
    private readonly Quorums _quorums;
    private readonly Member _self;
    private readonly MemberSet _others;
    private readonly (ulong Boot, uint Life) _life;

    private StoragePressure _pressure;
    private MemberSet _disconnected;
    private Instant _wakeAsked = Instant.Never;
    private RecordNumber _durable;

    public RegisterReplica(KernelStart start, RegisterOptions options)
    {
        _options = options;
        _quorums = start.Epoch.Quorums;
        _self = start.Self;
        _others = start.Epoch.All.Without(start.Self);
        _random = new SeededRandom(start.Seed);
        _life = (start.Boot.Number, start.Life.Number);
        _frames = new RegisterFrames(_others, start.Epoch.Members.Count, options.FrameBytes);
    }

    public KernelStatus Status => new(
        KernelRole.Serving,
        null,
        0,
        _chosenCount,
        _chosenCount,
        _state.IsVoiceless ? KernelHealth.Voiceless : KernelHealth.Whole);

    internal RegisterState State => _state;

    internal Member Self => _self;

    /// <summary>Whether records of it are lost, told of or not.</summary>
    internal bool IsHurt => _hasLost || _state.IsVoiceless;

    internal RegisterRound? RoundAt(ulong key) => _rounds.GetValueOrDefault(key);

    private bool HasQuorum => _quorums.Members - _disconnected.Count >= _quorums.Majority;

    public KernelSurvey Survey(Instant now) =>
        new(_chosenCount, FirstKept: 1, Snapshot: 0, _disconnected);

    [Rule(RegisterRules.FirstBallotIsOwned)]
    public bool IsOf(Member proposer, ulong key, Ballot ballot) =>
        ballot.Proposer == proposer
        && (ballot.Round > 1 || (ballot.Round == 1 && OwnerOf(key) == proposer));

    public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
    {
        if (!RegisterCodec.TryDispatch(turn, from, frame, (this, outbox)))
            outbox.Violated(RegisterRules.FramesAreMessages, from);
    }

    public void Wake(in Turn turn, Outbox outbox)
    {
        _wakeAsked = Instant.Never;
        while (_alarms.TryPeek(out RegisterAlarm alarm, out long due) && due <= turn.Now.Ticks)
        {
            bool isStale = IsStale(alarm, due);
            _alarms.Dequeue();
            if (isStale)
                continue;
            if (alarm == RegisterAlarm.Comparison)
                CompareAgain(turn, outbox);
            else if (alarm == RegisterAlarm.OpenKeys)
                LookAtOpen(turn);
            else if (alarm == RegisterAlarm.Spreading)
                SpreadAgain(turn, outbox);
            else if (alarm == RegisterAlarm.Loss)
                LagAll(turn);
            else if (alarm.Ticket != 0)
                LookAgain(turn, _reads[alarm.Ticket], outbox);
            else
                LookAgain(turn, _rounds[alarm.Key], outbox);
        }
    }

    /// <summary>All that was gathered leaves here: one message for each peer and turn.</summary>
    public void Settle(in Turn turn, Outbox outbox)
    {
        TellOn(outbox);
        RewriteOld(outbox);
        _frames.Leave(outbox);
        Arm(turn, outbox);
    }

    public void PeerUp(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.Without(peer);
        Lag(turn, peer);
        WatchOpen(turn);
    }

    public void PeerDown(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.With(peer);
        LagAllLater(turn);
        if (!HasQuorum)
            GiveUpAll(turn, outbox);
    }

    public void Transfer(in Turn turn, RequestId request, TransferOrder order, Outbox outbox) =>
        outbox.EndTransfer(request, TransferOutcome.NotLeader);

    public void Persisted(in Turn turn, RecordNumber through, Outbox outbox)
    {
        _durable = through;
        CountOwn(turn, outbox);
        CountOwnAnswers(turn, outbox);
    }

    public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox) =>
        _pressure = pressure;

    public void Digest(ref StateHash hash) => _state.Digest(ref hash);

    public void DigestVolatile(in Turn turn, ref StateHash hash)
    {
        hash.Add(_disconnected.Bits);
        hash.Add((long)_pressure);
        hash.Add(_floor);
        hash.Add(_isFirstLife ? 1 : 0);
        foreach ((ulong _, RegisterKey held) in _state.All())
        {
            hash.Add(held.Held.Number);
            hash.Add(held.ChosenIn.Number);
        }

        foreach (RegisterRound round in _rounds.Values.OrderBy(static one => one.Key))
            round.Digest(ref hash);
        foreach ((RecordNumber _, ulong key, Ballot ballot) in _own)
        {
            hash.Add(unchecked((long)key));
            hash.Add(ballot.Number);
        }

        foreach (RegisterRead read in InOrder())
            read.Digest(ref hash);
        _frames.Digest(ref hash);
        hash.Add(_lagging.Bits);
        hash.Add(_lossDue == Instant.Never ? 0 : 1);
        foreach (ulong key in _open.Order())
            hash.Add(unchecked((long)key));
        foreach (ulong key in _openLonger.Order())
            hash.Add(unchecked((long)key));
        foreach (ulong key in _unheard.Keys.Order())
            hash.Add(unchecked((long)key));
        foreach ((long _, int first) in _passes)
            hash.Add(first);
    }

    public string DescribeFrame(ReadOnlySpan<byte> frame) => RegisterCodec.Describe(frame);

    public string DescribeRecord(ReadOnlySpan<byte> record) => RegisterCodec.Describe(record);

    private Member OwnerOf(ulong key) => new((byte)(key % (ulong)_quorums.Members));

    private void SetAlarm(RegisterAlarm alarm, Instant due) => _alarms.Enqueue(alarm, due.Ticks);

    private void Arm(in Turn turn, Outbox outbox)
    {
        while (_alarms.TryPeek(out RegisterAlarm alarm, out long set) && IsStale(alarm, set))
            _alarms.Dequeue();
        Instant due = _alarms.TryPeek(out _, out long first) ? new Instant(first) : Instant.Never;
        if (_toTell.Count > 0 || HasToRewrite)
            due = turn.Now;
        if (due == _wakeAsked)
            return;

        _wakeAsked = due;
        outbox.WakeAt(due);
    }

    private bool IsStale(RegisterAlarm alarm, long due) => alarm.Ticket switch
    {
        -4 => _lossDue.Ticks != due,
        -3 => _spreadDue.Ticks != due,
        -2 => _openDue.Ticks != due,
        -1 => _compareDue.Ticks != due,
        0 => !_rounds.TryGetValue(alarm.Key, out RegisterRound? round) || round.Due.Ticks != due,
        _ => !_reads.TryGetValue(alarm.Ticket, out RegisterRead? read) || read.Due.Ticks != due,
    };

    // Doubles with each time in a row, at random, so that two do not meet for ever.
    [Rule(RegisterRules.RivalsGiveWay)]
    private TimeSpan Pause(int tries)
    {
        long most = _options.RetryDelay.Ticks << Math.Min(tries, 20);
        return new TimeSpan(1 + _random.Below(Math.Min(most, _options.RetryDelayMax.Ticks)));
    }
}
