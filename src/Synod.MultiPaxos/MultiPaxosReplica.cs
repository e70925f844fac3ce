using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>One member of a Multi-Paxos group, acceptor and learner always and proposer at times,
/// as a function of its inputs. The phases are in the files beside this one; what every leader does
/// is in <see cref="LeaderDuties{TReign}"/>.</summary>
internal sealed partial class MultiPaxosReplica : IKernel, IMultiPaxosInbox, ILeaderKernel<Ballot>
{
    private readonly MultiPaxosOptions _options;
    private readonly MultiPaxosState _state = new();
    private readonly MultiPaxosCodec _codec = new();
    private readonly LeaderDuties<Ballot> _duties;
    private readonly EpochDescriptor _epoch;
    private readonly Member _self;
    private readonly MemberSet _others;
    private readonly (ulong Boot, uint Life) _life;

    private Accepted? _owedReply;

    public MultiPaxosReplica(KernelStart start, MultiPaxosOptions options)
    {
        _options = options;
        _epoch = start.Epoch;
        _self = start.Self;
        _others = start.Epoch.All.Without(start.Self);
        _life = (start.Boot.Number, start.Life.Number);
        _accepted = new MultiPaxosAccepting(_state);
        _duties = new LeaderDuties<Ballot>(this, start, options);
    }

    public KernelStatus Status => new(
        _duties.KernelRole,
        _duties.Leader,
        _state.Promised.Number,
        _state.Slots.Last.Number,
        _state.Chosen.Number,
        Health)
    {
        Successor = _duties.Successor,
    };

    public KernelSurvey Survey(Instant now) => new(
        (_duties.Role is Leading ? _state.Durable : _state.Chosen).Number,
        FirstKept: 1,
        Snapshot: 0,
        _duties.Role is Leading leading ? _duties.UnresponsiveTo(leading, now) : null);

    public LeaderDuties<Ballot> Duties => _duties;

    Ballot IMultiPaxosInbox.Promised => _state.Promised;

    Ballot ILeaderKernel<Ballot>.Reign => _state.Promised;

    LogIndex ILeaderKernel<Ballot>.Committed => _state.Chosen;

    LogIndex ILeaderKernel<Ballot>.Last => _state.Slots.Last;

    LogIndex ILeaderKernel<Ballot>.Durable => _state.Durable;

    internal MultiPaxosState State => _state;

    internal Member Self => _self;

    public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
    {
        if (!_codec.TryDispatch(turn, from, frame, (this, outbox)))
            outbox.Violated(MultiPaxosRules.FramesAreMessages, from);
        _duties.Arm(outbox);
    }

    public void Wake(in Turn turn, Outbox outbox)
    {
        _duties.Wake(turn, outbox);
        if (_duties.Role is MultiPaxosCampaigning campaigning)
            AskAgain(turn, campaigning, outbox);
        _duties.Arm(outbox);
    }

    public void Settle(in Turn turn, Outbox outbox)
    {
        PayOwedReply(outbox);
        _duties.Settle(turn, outbox);
    }

    public void PeerUp(in Turn turn, Member peer, Outbox outbox) =>
        _duties.PeerUp(turn, peer, outbox);

    public void PeerDown(in Turn turn, Member peer, Outbox outbox) =>
        _duties.PeerDown(turn, peer, outbox);

    public void Propose(
        in Turn turn, RequestId request, Payload command, in Footprint footprint, Outbox outbox) =>
        _duties.Propose(turn, request, command, outbox);

    public void Read(in Turn turn, RequestId request, in Footprint footprint, Outbox outbox) =>
        _duties.Read(turn, request, outbox);

    public void Transfer(in Turn turn, RequestId request, TransferOrder order, Outbox outbox) =>
        _duties.Transfer(turn, request, order, outbox);

    public void Persisted(in Turn turn, RecordNumber through, Outbox outbox)
    {
        if (_duties.Role is MultiPaxosCampaigning campaigning && campaigning.OwnPromise <= through)
            CountPromise(turn, campaigning, _self, outbox);
        if (_duties.Role is Leading leading)
        {
            _state.DurableThrough(through);
            AdvanceChosen(leading, outbox);
        }

        _duties.Arm(outbox);
    }

    public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox)
    {
        TakePressure(turn, pressure);
        _duties.Arm(outbox);
    }

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
            hash.Add(value.Origin.Number);
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
        hash.Add(_waysGiven);
        hash.Add(_takenWhileFull);
        hash.Add(_owedReply?.Through.Number ?? -1);
        hash.Add(_owedReply?.Round ?? -1);
        hash.Add(_repairBallot.Number);
        hash.Add(_repairAt.Number);
        _duties.Digest(turn, ref hash);
    }

    public string DescribeFrame(ReadOnlySpan<byte> frame) => _codec.Describe(frame);

    public string DescribeRecord(ReadOnlySpan<byte> record) => _codec.Describe(record);
}
