using Synod.Kernel;

namespace Synod.Raft;

/// <summary>One member of a Raft group: figure 2 of the paper as a function of its inputs. The
/// phases are in the files beside this one; what every leader does is in
/// <see cref="LeaderDuties{TReign}"/>.</summary>
internal sealed partial class RaftReplica : IKernel, IRaftInbox, ILeaderKernel<Term>
{
    private readonly RaftOptions _options;
    private readonly RaftState _state = new();
    private readonly RaftCodec _codec = new();
    private readonly LeaderDuties<Term> _duties;
    private readonly EpochDescriptor _epoch;
    private readonly Member _self;
    private readonly MemberSet _others;
    private readonly (ulong Boot, uint Life) _life;

    private AppendReply? _owedReply;

    public RaftReplica(KernelStart start, RaftOptions options)
    {
        _options = options;
        _epoch = start.Epoch;
        _self = start.Self;
        _others = start.Epoch.All.Without(start.Self);
        _life = (start.Boot.Number, start.Life.Number);
        _duties = new LeaderDuties<Term>(this, start, options);
    }

    public KernelStatus Status => new(
        _duties.KernelRole,
        _duties.Leader,
        _state.CurrentTerm.Number,
        _state.Log.Last.Number,
        _state.Commit.Number,
        Health)
    {
        Successor = _duties.Successor,
    };

    public KernelSurvey Survey(Instant now) => new(
        _state.Durable.Number,
        FirstKept: 1,
        Snapshot: 0,
        _duties.Role is Leading leading ? _duties.UnresponsiveTo(leading, now) : null);

    public LeaderDuties<Term> Duties => _duties;

    Term IRaftInbox.CurrentTerm => _state.CurrentTerm;

    Term ILeaderKernel<Term>.Reign => _state.CurrentTerm;

    LogIndex ILeaderKernel<Term>.Committed => _state.Commit;

    LogIndex ILeaderKernel<Term>.Last => _state.Log.Last;

    LogIndex ILeaderKernel<Term>.Durable => _state.Durable;

    bool ILeaderKernel<Term>.HasRoom => true;

    internal RaftState State => _state;

    internal Member Self => _self;

    internal RaftOptions Options => _options;

    public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
    {
        if (!_codec.TryDispatch(turn, from, frame, (this, outbox)))
            outbox.Violated(RaftRules.FramesAreMessages, from);
        _duties.Arm(outbox);
    }

    public void Wake(in Turn turn, Outbox outbox)
    {
        _duties.Wake(turn, outbox);
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
        _state.DurableThrough(through);
        if (_duties.Role is RaftCampaigning campaigning && campaigning.OwnVote <= through)
            CountVote(turn, campaigning, _self, outbox);
        if (_duties.Role is Leading leading)
            AdvanceCommit(leading, outbox);
        _duties.Arm(outbox);
    }

    public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox) =>
        _duties.Pressure = pressure;

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
        hash.Add(_owedReply?.Index.Number ?? -1);
        hash.Add(_owedReply?.Round ?? -1);
        hash.Add(_repairTerm.Number);
        hash.Add(_repairAt.Number);
        _duties.Digest(turn, ref hash);
    }

    public string DescribeFrame(ReadOnlySpan<byte> frame) => _codec.Describe(frame);

    public string DescribeRecord(ReadOnlySpan<byte> record) => _codec.Describe(record);
}
