using Synod.Kernel;

namespace Synod.Register;

/// <summary>Watches a group of per-key Paxos: every step and every frame against what it knows of
/// all lives of all members (protocols §4.6). What must be durable is in
/// <see cref="RegisterDurability"/>.</summary>
internal sealed class RegisterAudit : IProtocolAudit
{
    private readonly RegisterVotes _votes;
    private readonly RegisterDurability _durability;
    private readonly Seat[] _seats;

    public RegisterAudit(EpochDescriptor epoch)
    {
        _votes = new RegisterVotes(epoch.Quorums);
        _durability = new RegisterDurability(_votes, epoch.Members.Count);
        _seats = new Seat[epoch.Members.Count];
        for (byte member = 0; member < _seats.Length; member++)
            _seats[member] = new Seat(new Member(member));
    }

    public Func<Member, Instant>? Clocks { get; set; }

    /// <summary>How many states are chosen.</summary>
    public int ChosenCount => _votes.ChosenCount;

    public void Began(Member member, IKernel live, IKernel durable)
    {
        Seat seat = _seats[member.Index];
        seat.Begin(Register(live));
        _durability.Began(member, Register(durable));
    }

    public void Ended(Member member) => _seats[member.Index].End();

    public void Stepped(Member member, Outbox outbox, int first)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        Seat seat = _seats[member.Index];
        foreach (ref readonly Effect effect in outbox.Effects[first..])
            CheckEffect(seat, effect, outbox.Bytes(effect));
    }

    public void Reads(Member member, RequestId request, in Footprint footprint)
    {
        ulong key = footprint.Count == 1 ? footprint.KeyAt(0) : 0;
        _seats[member.Index].Reads.Add(request, (key, _votes.NewestOf(key)));
    }

    public void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        _seats[member.Index].Pending--;
        _durability.Durable(member, body);
    }

    public void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
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

    public void Lost(Member member) => _durability.Lost(member);

    public void Damaged(Member member) => _durability.Lost(member);

    public void Check()
    {
        List<RegisterReplica> alive = [];
        foreach (Seat seat in _seats)
        {
            if (seat.Live is not RegisterReplica live)
                continue;

            alive.Add(live);
            if (seat.Pending == 0 && _durability.HeldBy(seat.Member) is RegisterReplica held)
                CheckDigests(seat.Member, live, held);
        }

        RegisterInvariants.Check(alive);
    }

    // What the disk gives back is what the kernel goes by, when all of it is durable.
    [Rule(RegisterRules.DurableBeforeAnswer)]
    private static void CheckDigests(Member member, RegisterReplica live, RegisterReplica held)
    {
        StateHash now = default;
        StateHash durable = default;
        live.Digest(ref now);
        held.Digest(ref durable);
        Invariant.Holds(
            now.Value == durable.Value,
            RegisterRules.DurableBeforeAnswer,
            $"{member} goes by another state than its disk holds");
    }

    private void CheckEffect(Seat seat, in Effect effect, ReadOnlySpan<byte> bytes)
    {
        switch (effect.Kind)
        {
            case EffectKind.Persist:
                seat.Pending++;
                CheckRecord(seat, bytes);
                break;
            case EffectKind.Evaluate:
                CheckEvaluation(seat, effect.Request, KeyState.Of(bytes));
                break;
            case EffectKind.Learned:
                CheckLearned(seat, KeyState.Of(bytes));
                break;
            case EffectKind.Done:
                CheckDone(seat, effect.Request);
                break;
            case EffectKind.ReadReady:
                CheckRead(seat, effect.Request);
                break;
            case EffectKind.Violated:
                Invariant.Holds(
                    false, effect.Rule ?? "", $"{seat.Member} blames {effect.Peer}, who is honest");
                break;
            case EffectKind.Deliver:
                Invariant.Holds(
                    false, RegisterRules.AnsweredWhenChosen, $"{seat.Member} delivers a command");
                break;
            case EffectKind.Committed:
            case EffectKind.Send:
            case EffectKind.Release:
            case EffectKind.Reject:
            case EffectKind.Abandon:
            case EffectKind.TransferEnded:
            case EffectKind.WakeAt:
            case EffectKind.RoleChanged:
                break;
        }
    }

    // The own vote is the proposal: it is written before anything of it leaves.
    [Rule(RegisterRules.OneStatePerBallot)]
    private void CheckRecord(Seat seat, ReadOnlySpan<byte> bytes)
    {
        FrameReader reader = new(bytes);
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
    private static void CheckEvaluation(Seat seat, RequestId request, in KeyState state)
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
    private void CheckLearned(Seat seat, in KeyState state)
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
    private void CheckDone(Seat seat, RequestId request)
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
    private static void CheckRead(Seat seat, RequestId request)
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

    private static RegisterReplica Register(IKernel kernel) => kernel as RegisterReplica
        ?? throw new ArgumentException("The kernel is none of this protocol.", nameof(kernel));

    /// <summary>What was last seen of a member.</summary>
    private sealed class Seat(Member member)
    {
        public Member Member => member;

        public RegisterReplica? Live { get; private set; }

        /// <summary>How many records of this life are not durable.</summary>
        public long Pending { get; set; }

        /// <summary>The newest ballot of each key that it told of.</summary>
        public Dictionary<ulong, Ballot> Learned { get; } = [];

        /// <summary>In which ballot a command ran last.</summary>
        public Dictionary<RequestId, (ulong Key, Ballot Ballot)> Evaluated { get; } = [];

        /// <summary>Reads that are asked for, with what was chosen then.</summary>
        public Dictionary<RequestId, (ulong Key, Ballot Newest)> Reads { get; } = [];

        public void Begin(RegisterReplica live)
        {
            Live = live;
            Pending = 0;
            Learned.Clear();
            Evaluated.Clear();
            Reads.Clear();
        }

        public void End() => Live = null;
    }
}
