using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Watches a group of Raft: every step and every frame against what it knows of all lives
/// of all members. The phases are in the files beside this one; what must be durable is in
/// <see cref="RaftDurability"/>.</summary>
internal sealed partial class RaftAudit : ProtocolAudit<RaftReplica, RaftSeat>
{
    private readonly RaftReigns _reigns = new();
    private readonly RaftDurability _durability;
    private readonly RaftCodec _codec = new();

    public RaftAudit(EpochDescriptor epoch)
        : base(epoch, RaftRules.DurableBeforeAnswer, static member => new RaftSeat(member))
    {
        _durability = new RaftDurability(_reigns, epoch.Members.Count);
        _duties = new LeaderAudit<Term>(epoch, this);
    }

    /// <summary>How many terms had a leader.</summary>
    public int LeaderCount => _reigns.Count;

    [Rule(RaftRules.DurableBeforeAnswer)]
    public override void Began(Member member, IKernel live, IKernel durable)
    {
        RaftSeat seat = Seats[member.Index];
        (RaftReplica mine, RaftReplica held) = (ReplicaIn(live), ReplicaIn(durable));
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

    public override void Stepped(Member member, Outbox outbox, int first)
    {
        RaftSeat seat = Seats[member.Index];
        RaftReplica live = seat.Alive;
        _duties.NoteLease(member);
        CheckRole(seat, live);
        CheckCommit(seat, live);
        CheckEffects(seat, outbox, first);
        CheckAllIsDelivered(seat, live);
        CheckOwnDurable(seat, live);
        CheckRest(seat, live);
        _duties.CheckLeases(member);
        seat.Remember();
    }

    public override void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        RaftSeat seat = Seats[member.Index];
        seat.Pending--;
        FrameReader reader = new(body);
        RaftKind kind = RaftCodec.ReadHead(ref reader, out Term term);
        if (kind == RaftKind.VoteRecord)
            Voted(seat, VoteRecord.ReadFrom(term, ref reader));
        else if (kind == RaftKind.EntryRecord)
            Stored(seat, EntryRecord.ReadFrom(term, ref reader), body[reader.Position..]);
    }

    [Rule(RaftRules.DurableBeforeAnswer)]
    public override void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
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

    public override void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
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

    public override void Lost(Member member)
    {
        _durability.Lost(member);
        Seats[member.Index].Held = LogIndex.Zero;
    }

    public override void Damaged(Member member)
    {
        _durability.Damaged(member);
        Seats[member.Index].Held = LogIndex.Zero;
    }

    public override void Check()
    {
        List<RaftReplica> alive = [];
        foreach (RaftSeat seat in Seats)
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

    private void CheckDisk(RaftSeat seat, RaftReplica held)
    {
        CheckEntries(seat.Member, held.State.Log);
        CheckCommittedIsHeld(seat, held.State.Log);
        if (seat.Live is not null && seat.Pending == 0)
            CheckDigests(seat, held);
    }
}
