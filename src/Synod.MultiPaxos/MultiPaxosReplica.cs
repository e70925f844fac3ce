using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>One member of a Multi-Paxos group, acceptor and learner always and proposer at times,
/// as a function of its inputs. The phases are in the files beside this one.</summary>
internal sealed partial class MultiPaxosReplica : IKernel, IMultiPaxosInbox
{
    private readonly MultiPaxosOptions _options;
    private readonly MultiPaxosState _state = new();
    private readonly MultiPaxosCodec _codec = new();
    private readonly SeededRandom _random;
    private readonly EpochDescriptor _epoch;
    private readonly Member _self;
    private readonly MemberSet _others;
    private readonly bool _mayRest;

    private MultiPaxosRole _role = new MultiPaxosRole.Following(null);
    private StoragePressure _pressure;
    private MemberSet _disconnected;
    private Instant _electionDue;
    private Instant _promisedUntil = new(long.MinValue);
    private Instant _leaderHeard;
    private bool _leaderWasHeard;
    private bool _waitsNoLonger;
    private Accepted? _owedReply;
    private Instant _wakeAsked;

    public MultiPaxosReplica(KernelStart start, MultiPaxosOptions options)
    {
        _options = options;
        _epoch = start.Epoch;
        _self = start.Self;
        _others = start.Epoch.All.Without(start.Self);
        _random = new SeededRandom(start.Seed);
        _life = (start.Boot.Number, start.Life.Number);
        _accepted = new MultiPaxosAccepting(_state);
        _mayRest = options.Rests && start.IsWatched;
    }

    public KernelStatus Status => new(
        _role switch
        {
            MultiPaxosRole.Leading => KernelRole.Leading,
            MultiPaxosRole.Probing or MultiPaxosRole.Campaigning => KernelRole.Campaigning,
            _ => KernelRole.Following,
        },
        Leader,
        _state.Promised.Number,
        _state.Slots.Last.Number,
        _state.Chosen.Number,
        Health)
    {
        Successor = (_role as MultiPaxosRole.Leading)?.Transfer?.Target,
    };

    public KernelSurvey Survey(Instant now) => new(
        (_role is MultiPaxosRole.Leading ? _state.Durable : _state.Chosen).Number,
        FirstKept: 1,
        Snapshot: 0,
        _role is MultiPaxosRole.Leading leading ? UnresponsiveTo(leading, now) : null);

    Ballot IMultiPaxosInbox.Promised => _state.Promised;

    internal MultiPaxosState State => _state;

    internal Member Self => _self;

    internal bool IsLeaseVoid => _role is MultiPaxosRole.Leading { IsLeaseVoid: true };

    internal MultiPaxosRole Role => _role;

    private Member? Leader => _role switch
    {
        MultiPaxosRole.Leading => _self,
        MultiPaxosRole.Following following => following.Leader,
        _ => null,
    };

    private Member? ReachableLeader =>
        Leader is Member leader && !_disconnected.Contains(leader) ? leader : null;

    public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
    {
        if (!_codec.TryDispatch(turn, from, frame, (this, outbox)))
            outbox.Violated(MultiPaxosRules.FramesAreMessages, from);
        Arm(outbox);
    }

    public void Wake(in Turn turn, Outbox outbox)
    {
        _wakeAsked = Instant.Never;
        if (_role is MultiPaxosRole.Leading leading)
            Tick(turn, leading, outbox);
        else if (turn.Now >= CampaignDue && MayCampaign)
            BeginProbe(turn, outbox);
        else if (turn.Now >= CampaignDue)
            _electionDue = turn.Now + ElectionWait();
        if (_role is MultiPaxosRole.Campaigning campaigning)
            AskAgain(turn, campaigning, outbox);
        if (_role is MultiPaxosRole.Following following)
            ExpireReads(turn, following, outbox);
        ForgetHandedOver(turn, outbox);
        _forwards.AbandonUnanswered(turn.Now, outbox);
        Arm(outbox);
    }

    public void Settle(in Turn turn, Outbox outbox)
    {
        PayOwedReply(outbox);
        if (_role is MultiPaxosRole.Leading leading)
        {
            RenewLease(turn, leading);
            AnswerReads(turn, leading, outbox);
            Replicate(leading, outbox);
            AdvanceTransfer(leading, outbox);
        }
        else if (_role is MultiPaxosRole.Following following)
        {
            AskForIndex(turn, following, outbox);
        }

        Arm(outbox);
    }

    public void PeerUp(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.Without(peer);
        if (_role is MultiPaxosRole.Leading leading)
        {
            leading.Peers[peer.Index].Probe();
            EndRest(turn, leading, speakAt: turn.Now);
        }

        Arm(outbox);
    }

    public void PeerDown(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.With(peer);
        if (Leader == peer)
            _forwards.AbandonUnanswered(Instant.Never, outbox);
        if (_role is MultiPaxosRole.Leading leading)
            Lose(turn, leading, peer, outbox);
        else if (_role is MultiPaxosRole.Following following && following.Leader == peer)
            LoseLeader(turn, following, outbox);
        else
            EndIfHopeless(turn);
        Arm(outbox);
    }

    private void LoseLeader(in Turn turn, MultiPaxosRole.Following following, Outbox outbox)
    {
        GiveUp(following, outbox);
        WakeUp(turn);
    }

    public void Persisted(in Turn turn, RecordNumber through, Outbox outbox)
    {
        if (_role is MultiPaxosRole.Campaigning campaigning && campaigning.OwnPromise <= through)
            CountPromise(turn, campaigning, _self, outbox);
        if (_role is MultiPaxosRole.Leading leading)
        {
            _state.DurableThrough(through);
            AdvanceChosen(leading, outbox);
        }

        Arm(outbox);
    }

    public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox) =>
        _pressure = pressure;

    public void Digest(ref StateHash hash)
    {
        hash.Add(_state.Promised.Number);
        _state.Damage.AddTo(ref hash);
        hash.Add(_state.Marked.Number);
        hash.Add(_state.Slots.Last.Number);
        for (LogIndex slot = new(1); slot <= _state.Slots.Last; slot = slot.Next())
        {
            MultiPaxosValue value = _state.Slots[slot];
            hash.Add(value.Ballot.Number);
            hash.Add((long)value.Kind);
            hash.Add(value.Command.Record.Number);
            hash.Add(value.Command.Length);
        }
    }

    public void DigestVolatile(in Turn turn, ref StateHash hash)
    {
        hash.Add(_state.Chosen.Number);
        hash.Add(_state.Durable.Number);
        hash.Add(_refused.Number);
        _accepted.Digest(ref hash);
        hash.Add((long)_pressure);
        hash.Add(_disconnected.Bits);
        hash.Add(HearsLeader(turn) ? 1 : 0);
        hash.Add(_waitsNoLonger ? 1 : 0);
        hash.Add(HasPromised(turn) ? 1 : 0);
        hash.Add(_owedReply?.Through.Number ?? -1);
        hash.Add(_owedReply?.Round ?? -1);
        hash.Add(TransfersOver);
        _forwards.Digest(ref hash);
        hash.Add(_handedOver is null ? 0 : 1);
        _handedOver?.Digest(ref hash);
        hash.Add(_repairBallot.Number);
        hash.Add(_repairAt.Number);
        _role.Digest(ref hash);
        if (_role is not MultiPaxosRole.Leading { IsResting: false } leading)
            return;

        foreach (Member peer in _others)
        {
            TimeSpan silence = SilenceOf(leading, peer, turn.Now);
            hash.Add(silence < _options.ElectionTimeout ? 1 : 0);
            hash.Add(leading.Peers[peer.Index].Told < _state.Chosen ? 1 : 0);
        }

        hash.Add(HoldsLease(turn.Now) ? 1 : 0);
        hash.Add(IsStuck(turn, leading) ? 1 : 0);

        // Whether the next time it wakes it looks for a majority.
        Instant wakes = Earlier(leading.HeartbeatDue, leading.QuorumCheckDue);
        hash.Add(leading.QuorumCheckDue <= (wakes < turn.Now ? turn.Now : wakes) ? 1 : 0);
    }

    public string DescribeFrame(ReadOnlySpan<byte> frame) => _codec.Describe(frame);

    public string DescribeRecord(ReadOnlySpan<byte> record) => _codec.Describe(record);

    private void Arm(Outbox outbox)
    {
        Instant due = _role is not MultiPaxosRole.Leading leading
            ? Earlier(CampaignDue, (_role as MultiPaxosRole.Following)?.Reads.Due ?? Instant.Never)
            : leading.IsResting ? Instant.Never
            : Earlier(leading.HeartbeatDue, leading.QuorumCheckDue);
        due = Earlier(due, HandedOverDue);
        due = Earlier(due, _forwards.Due);
        due = Earlier(due, (_role as MultiPaxosRole.Leading)?.Transfer?.Due ?? due);
        due = Earlier(due, (_role as MultiPaxosRole.Campaigning)?.AsksAgain ?? due);
        if (due == _wakeAsked)
            return;

        _wakeAsked = due;
        outbox.WakeAt(due);
    }

    private static Instant Earlier(Instant left, Instant right) => left < right ? left : right;

    private static Instant Later(Instant left, Instant right) => left < right ? right : left;
}
