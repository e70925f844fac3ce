using Synod.Kernel;

namespace Synod.Raft;

/// <summary>One member of a Raft group: figure 2 of the paper as a function of its inputs. The
/// phases are in the files beside this one.</summary>
internal sealed partial class RaftReplica : IKernel, IRaftInbox
{
    private readonly RaftOptions _options;
    private readonly RaftState _state = new();
    private readonly RaftCodec _codec = new();
    private readonly SeededRandom _random;
    private readonly EpochDescriptor _epoch;
    private readonly Member _self;
    private readonly MemberSet _others;
    private readonly bool _mayRest;

    private RaftRole _role = new RaftRole.Following(null);
    private StoragePressure _pressure;
    private MemberSet _disconnected;
    private Instant _electionDue;
    private Instant _promisedUntil = new(long.MinValue);
    private Instant _leaderHeard;
    private bool _leaderWasHeard;
    private bool _waitsNoLonger;
    private AppendReply? _owedReply;
    private Instant _wakeAsked;

    public RaftReplica(KernelStart start, RaftOptions options)
    {
        _options = options;
        _epoch = start.Epoch;
        _self = start.Self;
        _others = start.Epoch.All.Without(start.Self);
        _random = new SeededRandom(start.Seed);
        _life = (start.Boot.Number, start.Life.Number);
        _gaps = new RaftGaps(_state.Log);
        _mayRest = options.Rests && start.IsWatched;
    }

    public KernelStatus Status => new(
        _role switch
        {
            RaftRole.Leading => KernelRole.Leading,
            RaftRole.Campaigning => KernelRole.Campaigning,
            _ => KernelRole.Following,
        },
        Leader,
        _state.CurrentTerm.Number,
        _state.Log.Last.Number,
        _state.Commit.Number,
        Health)
    {
        Successor = (_role as RaftRole.Leading)?.Transfer?.Target,
    };

    public KernelSurvey Survey(Instant now) => new(
        _state.Durable.Number,
        FirstKept: 1,
        Snapshot: 0,
        _role is RaftRole.Leading leading ? UnresponsiveTo(leading, now) : null);

    Term IRaftInbox.CurrentTerm => _state.CurrentTerm;

    internal RaftState State => _state;

    internal Member Self => _self;

    internal RaftOptions Options => _options;

    internal bool IsLeaseVoid => _role is RaftRole.Leading { IsLeaseVoid: true };

    internal RaftRole Role => _role;

    private Member? Leader => _role switch
    {
        RaftRole.Leading => _self,
        RaftRole.Following following => following.Leader,
        _ => null,
    };

    private Member? ReachableLeader =>
        Leader is Member leader && !_disconnected.Contains(leader) ? leader : null;

    public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
    {
        if (!_codec.TryDispatch(turn, from, frame, (this, outbox)))
            outbox.Violated(RaftRules.FramesAreMessages, from);
        Arm(outbox);
    }

    public void Wake(in Turn turn, Outbox outbox)
    {
        _wakeAsked = Instant.Never;
        if (_role is RaftRole.Leading leading)
            Tick(turn, leading, outbox);
        else if (turn.Now >= CampaignDue && MayCampaign)
            Campaign(turn, isPreVote: true, outbox);
        else if (turn.Now >= CampaignDue)
            _electionDue = turn.Now + ElectionWait();
        if (_role is RaftRole.Following following)
            ExpireReads(turn, following, outbox);
        ForgetHandedOver(turn, outbox);
        _forwards.AbandonUnanswered(turn.Now, outbox);
        Arm(outbox);
    }

    public void Settle(in Turn turn, Outbox outbox)
    {
        PayOwedReply(outbox);
        if (_role is RaftRole.Leading leading)
        {
            RenewLease(turn, leading);
            AnswerReads(turn, leading, outbox);
            Replicate(leading, outbox);
            AdvanceTransfer(leading, outbox);
        }
        else if (_role is RaftRole.Following following)
        {
            AskForIndex(turn, following, outbox);
        }

        Arm(outbox);
    }

    public void PeerUp(in Turn turn, Member peer, Outbox outbox)
    {
        _disconnected = _disconnected.Without(peer);
        if (_role is RaftRole.Leading leading)
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
        if (_role is RaftRole.Leading leading)
            Lose(turn, leading, peer, outbox);
        else if (_role is RaftRole.Following following && following.Leader == peer)
            LoseLeader(turn, following, outbox);
        else if (_role is RaftRole.Campaigning campaigning)
            EndIfHopeless(turn, campaigning, outbox);
        Arm(outbox);
    }

    private void LoseLeader(in Turn turn, RaftRole.Following following, Outbox outbox)
    {
        GiveUp(following, outbox);
        WakeUp(turn);
    }

    public void Persisted(in Turn turn, RecordNumber through, Outbox outbox)
    {
        _state.DurableThrough(through);
        if (_role is RaftRole.Campaigning campaigning && campaigning.OwnVote <= through)
            CountVote(turn, campaigning, _self, outbox);
        if (_role is RaftRole.Leading leading)
            AdvanceCommit(leading, outbox);
        Arm(outbox);
    }

    public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox) =>
        _pressure = pressure;

    public void Digest(ref StateHash hash)
    {
        hash.Add(_state.CurrentTerm.Number);
        hash.Add(_state.VotedFor?.Index ?? -1);
        _state.Damage.AddTo(ref hash);
        hash.Add(_state.Log.Last.Number);
        for (LogIndex index = new(1); index <= _state.Log.Last; index = index.Next())
        {
            RaftEntry entry = _state.Log[index];
            hash.Add(_state.Log.TermAt(index).Number);
            hash.Add((long)entry.Kind);
            hash.Add(entry.Command.Record.Number);
            hash.Add(entry.Command.Length);
        }
    }

    public void DigestVolatile(in Turn turn, ref StateHash hash)
    {
        hash.Add(_state.Commit.Number);
        hash.Add(_state.Durable.Number);
        hash.Add((long)_pressure);
        hash.Add(_disconnected.Bits);
        hash.Add(HearsLeader(turn) ? 1 : 0);
        hash.Add(_waitsNoLonger ? 1 : 0);
        hash.Add(HasPromised(turn) ? 1 : 0);
        hash.Add(_owedReply?.Index.Number ?? -1);
        hash.Add(_owedReply?.Round ?? -1);
        hash.Add(TransfersOver);
        _forwards.Digest(ref hash);
        hash.Add(_handedOver is null ? 0 : 1);
        _handedOver?.Digest(ref hash);
        hash.Add(_repairTerm.Number);
        hash.Add(_repairAt.Number);
        _role.Digest(ref hash);
        if (_role is not RaftRole.Leading { IsResting: false } leading)
            return;

        foreach (Member peer in _others)
        {
            TimeSpan silence = SilenceOf(leading, peer, turn.Now);
            hash.Add(silence < _options.ElectionTimeout ? 1 : 0);
            hash.Add(leading.Peers[peer.Index].Told < _state.Commit ? 1 : 0);
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
        Instant due = _role is not RaftRole.Leading leading
            ? Earlier(CampaignDue, (_role as RaftRole.Following)?.Reads.Due ?? Instant.Never)
            : leading.IsResting ? Instant.Never
            : Earlier(leading.HeartbeatDue, leading.QuorumCheckDue);
        due = Earlier(due, HandedOverDue);
        due = Earlier(due, _forwards.Due);
        due = Earlier(due, (_role as RaftRole.Leading)?.Transfer?.Due ?? due);
        if (due == _wakeAsked)
            return;

        _wakeAsked = due;
        outbox.WakeAt(due);
    }

    private static Instant Earlier(Instant left, Instant right) => left < right ? left : right;

    private static Instant Later(Instant left, Instant right) => left < right ? right : left;
}
