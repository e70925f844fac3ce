using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Watches a group of Raft: every step and every frame against what it knows of all lives
/// of all members. The phases are in the files beside this one; what must be durable is in
/// <see cref="RaftDurability"/>.</summary>
internal sealed partial class RaftAudit : IProtocolAudit
{
    private readonly EpochDescriptor _epoch;
    private readonly RaftReigns _reigns = new();
    private readonly RaftDurability _durability;
    private readonly RaftCodec _codec = new();
    private readonly Seat[] _seats;

    public RaftAudit(EpochDescriptor epoch)
    {
        _epoch = epoch;
        _durability = new RaftDurability(_reigns, epoch.Members.Count);
        _duties = new LeaderAudit<Term>(epoch, this);
        _seats = new Seat[epoch.Members.Count];
        for (byte member = 0; member < _seats.Length; member++)
            _seats[member] = new Seat(new Member(member));
    }

    public Func<Member, Instant>? Clocks { get; set; }

    /// <summary>How many terms had a leader.</summary>
    public int LeaderCount => _reigns.Count;

    [Rule(RaftRules.DurableBeforeAnswer)]
    public void Began(Member member, IKernel live, IKernel durable)
    {
        Seat seat = _seats[member.Index];
        (RaftReplica mine, RaftReplica held) = (Raft(live), Raft(durable));
        seat.Begin(mine);
        _duties.Began(member);
        _durability.Began(member, mine, held);
        if (mine.State.Damage.Health == KernelHealth.Whole)
            CheckNothingIsLost(member, held);

        // A new life takes all that it was given for durable, but for what it says of damage.
        if (mine.State.Damage.Number == held.State.Damage.Number)
            CheckDigests(seat, held);
        CheckEntries(member, held.State.Log);
        CheckCommittedIsHeld(seat, held.State.Log);
    }

    public void Ended(Member member) => _seats[member.Index].End();

    public void Stepped(Member member, Outbox outbox, int first)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        Seat seat = _seats[member.Index];
        RaftReplica live = Alive(seat);
        _duties.NoteLease(member);
        CheckRole(seat, live);
        CheckCommit(seat, live);
        foreach (ref readonly Effect effect in outbox.Effects[first..])
            CheckEffect(seat, live, (outbox, effect));
        CheckAllIsDelivered(seat, live);
        CheckOwnDurable(seat, live);
        CheckRest(seat, live);
        _duties.CheckLeases(member);
        seat.Remember();
    }

    public void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        Seat seat = _seats[member.Index];
        seat.Pending--;
        FrameReader reader = new(body);
        RaftKind kind = RaftCodec.ReadHead(ref reader, out Term term);
        if (kind == RaftKind.VoteRecord)
            Voted(seat, VoteRecord.ReadFrom(term, ref reader));
        else if (kind == RaftKind.EntryRecord)
            Stored(seat, EntryRecord.ReadFrom(term, ref reader), body[reader.Position..]);
    }

    [Rule(RaftRules.DurableBeforeAnswer)]
    public void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        RaftKind kind = RaftCodec.ReadHead(ref reader, out Term term);
        switch (kind)
        {
            case RaftKind.RequestVote:
                Leaves(from, RaftCodec.ReadRequestVote(term, ref reader));
                break;
            case RaftKind.VoteReply:
                Leaves(from, target, RaftCodec.ReadVoteReply(term, ref reader));
                break;
            case RaftKind.AppendEntries:
            case RaftKind.Rest:
            case RaftKind.AppendReply:
                LeavesOfProposal(from, target, frame, ref reader);
                break;
            case RaftKind.VoteRecord:
            case RaftKind.EntryRecord:
            default:
                reader.Require(_duties.TryLeave(
                    (from, target), ((LeaderKind)kind, term), frame, ref reader));
                break;
        }

        Invariant.Holds(
            reader.IsComplete, RaftRules.FramesAreMessages, $"{from} sends {target} another");
    }

    public void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        RaftKind kind = RaftCodec.ReadHead(ref reader, out Term term);
        if (kind == RaftKind.AppendReply)
            Arrives((from, target), RaftCodec.ReadAppendReply(term, ref reader));
        else if ((LeaderKind)kind == LeaderKind.ReadIndexReply)
            _duties.Arrives(target, LeaderCodec.ReadReadIndexReply(term, ref reader));
    }

    private void Arrives((Member From, Member Target) line, in AppendReply message) =>
        _duties.AnswersRound(line, (message.Term, message.Round), message.Health);

    private void Leaves(Member from, in RequestVote request)
    {
        _durability.Leaves(from, request);
        Asks(from, request);
    }

    private void Leaves(Member from, Member target, in VoteReply vote)
    {
        _durability.Leaves(from, target, vote);
        Votes(from, target, vote);
    }

    public void Lost(Member member)
    {
        _durability.Lost(member);
        _seats[member.Index].Held = LogIndex.Zero;
    }

    public void Damaged(Member member)
    {
        _durability.Damaged(member);
        _seats[member.Index].Held = LogIndex.Zero;
    }

    public void Check()
    {
        List<RaftReplica> alive = [];
        foreach (Seat seat in _seats)
        {
            if (seat.Live is RaftReplica live)
            {
                alive.Add(live);
                CheckEntries(seat.Member, live.State.Log);
            }

            if (_durability.HeldBy(seat.Member) is RaftReplica held)
                CheckDisk(seat, held);
        }

        RaftInvariants.Check(alive);
        CheckCommittedIsOnAMajority();
    }

    private void CheckDisk(Seat seat, RaftReplica held)
    {
        CheckEntries(seat.Member, held.State.Log);
        CheckCommittedIsHeld(seat, held.State.Log);
        if (seat.Live is not null && seat.Pending == 0)
            CheckDigests(seat, held);
    }

    // What the disk gives back is what the kernel goes by, when all of it is durable.
    [Rule(RaftRules.DurableBeforeAnswer)]
    private static void CheckDigests(Seat seat, RaftReplica held)
    {
        StateHash live = default;
        StateHash durable = default;
        Alive(seat).Digest(ref live);
        held.Digest(ref durable);
        Invariant.Holds(
            live.Value == durable.Value,
            RaftRules.DurableBeforeAnswer,
            $"{seat.Member} goes by another term, vote or log than its disk holds");
    }

    private void CheckEffect(Seat seat, RaftReplica live, (Outbox Outbox, Effect Effect) written)
    {
        (Outbox outbox, Effect effect) = written;
        switch (effect.Kind)
        {
            case EffectKind.Persist:
                seat.Pending++;
                CheckRecord(seat, live, written);
                break;
            case EffectKind.Send:
                CheckSend(seat, effect, outbox.Bytes(effect));
                break;
            case EffectKind.Deliver:
                CheckDelivery(seat, live, effect);
                break;
            case EffectKind.ReadReady:
                CheckRead(seat, live, effect.Request);
                break;
            case EffectKind.Violated:
                Invariant.Holds(
                    false, effect.Rule ?? "", $"{seat.Member} blames {effect.Peer}, who is honest");
                break;
            case EffectKind.Committed:
            case EffectKind.Release:
            case EffectKind.Evaluate:
            case EffectKind.Learned:
            case EffectKind.Done:
            case EffectKind.Reject:
            case EffectKind.Abandon:
            case EffectKind.TransferEnded:
            case EffectKind.WakeAt:
            case EffectKind.RoleChanged:
                break;
        }
    }

    private static RaftReplica Alive(Seat seat) => seat.Live
        ?? throw new ArgumentException($"{seat.Member} is not alive: its life was not begun.");

    private static RaftReplica Raft(IKernel kernel) => kernel as RaftReplica
        ?? throw new ArgumentException("The kernel is none that Raft has made.", nameof(kernel));

    /// <summary>What was last seen of a member.</summary>
    private sealed class Seat(Member member)
    {
        public Member Member => member;

        public RaftReplica? Live { get; private set; }

        public Term Term { get; private set; }

        public KernelRole Role { get; private set; }

        public LogIndex Commit { get; private set; }

        /// <summary>The newest entry that was delivered in this life, or needs not be.</summary>
        public LogIndex Delivered { get; set; }

        /// <summary>How many records of this life are not durable.</summary>
        public long Pending { get; set; }

        /// <summary>How far the disk holds what is committed, over all lives.</summary>
        public LogIndex Held { get; set; }

        public void Begin(RaftReplica live)
        {
            Live = live;
            Pending = 0;
            Role = KernelRole.Following;
            Term = live.State.CurrentTerm;
            Commit = LogIndex.Zero;
            Delivered = LogIndex.Zero;
        }

        public void End() => Live = null;

        public void Remember()
        {
            if (Live is not RaftReplica live)
                return;

            Role = live.Status.Role;
            Term = live.State.CurrentTerm;
            Commit = live.State.Commit;
        }
    }
}
