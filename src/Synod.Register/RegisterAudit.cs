using Synod.Kernel;

namespace Synod.Register;

/// <summary>Watches a group of per-key Paxos: every step and every frame against what it knows of
/// all lives of all members (protocols §4.6). What must be durable is in
/// <see cref="RegisterDurability"/>.</summary>
internal sealed class RegisterAudit : ProtocolAudit<RegisterReplica, RegisterSeat>
{
    private readonly RegisterVotes _votes;
    private readonly RegisterDurability _durability;

    public RegisterAudit(EpochDescriptor epoch)
        : base(epoch, RegisterRules.DurableBeforeAnswer, static member => new RegisterSeat(member))
    {
        _votes = new RegisterVotes(epoch.Quorums);
        _durability = new RegisterDurability(_votes, epoch.Members.Count);
    }

    /// <summary>How many states are chosen.</summary>
    public int ChosenCount => _votes.ChosenCount;

    public override void Began(Member member, IKernel live, IKernel durable)
    {
        RegisterSeat seat = Seats[member.Index];
        seat.Begin(ReplicaIn(live));
        _durability.Began(member, ReplicaIn(durable));
    }

    public override void Stepped(Member member, Outbox outbox, int first) =>
        CheckEffects(Seats[member.Index], outbox, first);

    public override void Reads(Member member, RequestId request, in Footprint footprint)
    {
        ulong key = footprint.Count == 1 ? footprint.KeyAt(0) : 0;
        Seats[member.Index].Reads.Add(request, (key, _votes.NewestOf(key)));
    }

    public override void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        Seats[member.Index].Pending--;
        _durability.Durable(member, body);
    }

    public override void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        reader.ReadByte();
        while (reader.IsValid && reader.Remaining > 0)
        {
            RegisterKind kind = (RegisterKind)reader.ReadByte();
            _durability.Leaves(from, kind, reader.ReadUInt64(), ref reader);
        }

        Invariant.Holds(
            reader.IsComplete, RegisterRules.FramesAreMessages, $"{from} sends something else");
    }

    public override void Lost(Member member) => _durability.Lost(member);

    public override void Damaged(Member member) => _durability.Lost(member);

    public override void Check()
    {
        List<RegisterReplica> alive = [];
        foreach (RegisterSeat seat in Seats)
        {
            if (seat.Live is not RegisterReplica live)
                continue;

            alive.Add(live);
            if (seat.Pending == 0 && _durability.HeldBy(seat.Member) is RegisterReplica held)
                CheckDigests(seat, held);
        }

        RegisterInvariants.Check(alive);
    }

    [Rule(RegisterRules.AnsweredWhenChosen)]
    protected override void CheckDelivery(RegisterSeat seat, in Effect effect) => Invariant.Holds(
        false, RegisterRules.AnsweredWhenChosen, $"{seat.Member} delivers a command");

    // The own vote is the proposal: it is written before anything of it leaves.
    [Rule(RegisterRules.OneStatePerBallot)]
    protected override void CheckRecord(
        RegisterSeat seat, in Effect effect, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        if (RegisterCodec.ReadRecordHead(ref reader) != RegisterKind.AcceptedRecord)
            return;

        AcceptedRecord record = AcceptedRecord.ReadFrom(ref reader);
        ulong state = StableHash.Of(record.State);
        RegisterRound? round = seat.Live?.RoundAt(record.Key);
        if (round is { Stage: RegisterStage.Accepting } && round.Ballot == record.Ballot)
        {
            _votes.Proposed(
                record.Key, new RegisterVotes.Proposal(record.Ballot, round.Base, state));
            return;
        }

        Invariant.Holds(
            _votes.TryGet(record.Key, record.Ballot, out RegisterVotes.Proposal? proposal)
                && proposal.State == state,
            RegisterRules.OneStatePerBallot,
            $"{seat.Member} accepts another state in {record.Ballot} of k{record.Key:x}");
    }

    [Rule(RegisterRules.EvaluatedOncePerBallot)]
    protected override void CheckEvaluation(RegisterSeat seat, RequestId request, in KeyState state)
    {
        bool isAgain = seat.Evaluated.TryGetValue(
            request, out (ulong Key, Ballot Ballot) before);
        Invariant.Holds(
            !isAgain || (before.Key == state.Key && before.Ballot < state.Ballot),
            RegisterRules.EvaluatedOncePerBallot,
            $"{seat.Member} runs {request} in {state.Ballot} after {before.Ballot}");
        seat.Evaluated[request] = (state.Key, state.Ballot);
    }

    [Rule(RegisterRules.ChosenInOneBallot)]
    protected override void CheckLearned(RegisterSeat seat, in KeyState state)
    {
        _durability.RequireChosen(seat.Member, state.Key, state.Ballot);
        ulong hash = StableHash.Of(state.State);
        Invariant.Holds(
            _votes.TryGet(state.Key, state.Ballot, out RegisterVotes.Proposal? proposal)
                && proposal.State == hash,
            RegisterRules.OneStatePerBallot,
            $"{seat.Member} learns another state of {state.Ballot} of k{state.Key:x}");
        if (seat.Learned.GetValueOrDefault(state.Key) < state.Ballot)
            seat.Learned[state.Key] = state.Ballot;
    }

    [Rule(RegisterRules.AnsweredWhenChosen)]
    protected override void CheckDone(RegisterSeat seat, RequestId request)
    {
        bool isRun = seat.Evaluated.Remove(request, out (ulong Key, Ballot Ballot) last);
        Invariant.Holds(
            isRun && _votes.IsChosen(last.Key, last.Ballot),
            RegisterRules.AnsweredWhenChosen,
            $"{seat.Member} ends {request}, which ran in {last.Ballot} of k{last.Key:x}");
        Invariant.Holds(
            last.Ballot <= seat.Learned.GetValueOrDefault(last.Key),
            RegisterRules.AnsweredWhenChosen,
            $"{seat.Member} ends {request} before it has told {last.Ballot} of k{last.Key:x}");
    }

    [Rule(RegisterRules.PassiveRead)]
    [Rule(RegisterRules.NothingIsAnAnswer)]
    protected override void CheckRead(RegisterSeat seat, RequestId request)
    {
        bool isAsked = seat.Reads.Remove(request, out (ulong Key, Ballot Newest) read);
        Invariant.Holds(
            isAsked, RegisterRules.PassiveRead, $"{seat.Member} reads {request} unasked");
        Ballot learned = seat.Learned.GetValueOrDefault(read.Key);
        Invariant.Holds(
            read.Newest <= learned,
            RegisterRules.PassiveRead,
            $"{seat.Member} reads {learned} of k{read.Key:x} for {request}; before it was asked "
            + $"{read.Newest} was chosen");
    }
}
