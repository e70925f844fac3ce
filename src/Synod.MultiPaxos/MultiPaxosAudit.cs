using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Watches a group of Multi-Paxos: every step and every frame against what it knows of all
/// lives of all members. The phases are in the files beside this one; what must be durable is in
/// <see cref="MultiPaxosDurability"/>.</summary>
internal sealed partial class MultiPaxosAudit : IProtocolAudit
{
    private readonly EpochDescriptor _epoch;
    private readonly int _slotsAheadMax;
    private readonly MultiPaxosBallots _ballots;
    private readonly MultiPaxosDurability _durability;
    private readonly MultiPaxosCodec _codec = new();
    private readonly Seat[] _seats;

    public MultiPaxosAudit(EpochDescriptor epoch, int slotsAheadMax)
    {
        _slotsAheadMax = slotsAheadMax;
        _epoch = epoch;
        _ballots = new MultiPaxosBallots(epoch.Quorums);
        _durability = new MultiPaxosDurability(_ballots, epoch.Members.Count);
        _duties = new LeaderAudit<Ballot>(epoch, this);
        _seats = new Seat[epoch.Members.Count];
        for (byte member = 0; member < _seats.Length; member++)
            _seats[member] = new Seat(new Member(member));
    }

    public Func<Member, Instant>? Clocks { get; set; }

    public Action<string>? Notices { get; set; }

    /// <summary>How many ballots had a leader.</summary>
    public int LeaderCount => _ballots.Count;

    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void Began(Member member, IKernel live, IKernel durable)
    {
        Seat seat = _seats[member.Index];
        (MultiPaxosReplica mine, MultiPaxosReplica held) = (Paxos(live), Paxos(durable));
        seat.Begin(mine);
        _duties.Began(member);
        _durability.Began(member, mine, held);
        if (mine.State.Damage.Health == KernelHealth.Whole)
            CheckNothingIsLost(member, held);

        // A new life takes all that it was given for durable, but for what it says of damage.
        if (mine.State.Damage.Number == held.State.Damage.Number)
            CheckDigests(seat, held);
        CheckSlots(member, held);
    }

    public void Ended(Member member) => _seats[member.Index].End();

    public void Stepped(Member member, Outbox outbox, int first)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        Seat seat = _seats[member.Index];
        MultiPaxosReplica live = Alive(seat);
        _duties.NoteLease(member);
        CheckRole(seat, live);
        CheckChosen(seat, live);
        foreach (ref readonly Effect effect in outbox.Effects[first..])
            CheckEffect(seat, live, (outbox, effect));
        CheckAllIsDelivered(seat, live);
        CheckRest(seat, live);
        _duties.CheckLeases(member);
        if (live.HasGivenWay && !seat.HasGivenWay)
            Notices?.Invoke("a candidate with a full disk gave way");
        seat.Remember();
    }

    public void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        Seat seat = _seats[member.Index];
        seat.Pending--;
        FrameReader reader = new(body);
        MultiPaxosKind kind = MultiPaxosCodec.ReadHead(ref reader, out Ballot ballot);
        if (kind == MultiPaxosKind.PromiseRecord)
            Promised(seat, PromiseRecord.ReadFrom(ballot, ref reader));
        else if (kind == MultiPaxosKind.BallotRecord)
            _durability.Raised(member, BallotRecord.ReadFrom(ballot, ref reader));
        else
            Stored(member, number, ballot, body);
    }

    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        MultiPaxosKind kind = MultiPaxosCodec.ReadHead(ref reader, out Ballot ballot);
        switch (kind)
        {
            case MultiPaxosKind.Probe:
            case MultiPaxosKind.ProbeReply:
            case MultiPaxosKind.Prepare:
            case MultiPaxosKind.Promise:
                LeavesOfLeadership((from, target), (kind, ballot), frame);
                break;
            case MultiPaxosKind.Accept:
            case MultiPaxosKind.Rest:
            case MultiPaxosKind.Accepted:
                LeavesOfProposal((from, target), (kind, ballot), frame);
                break;
            case MultiPaxosKind.Learn:
            case MultiPaxosKind.Learned:
                LeavesOfCommitment(from, (kind, ballot), frame);
                break;
            case MultiPaxosKind.Nack:
                _durability.RequireAtLeast(from, ballot);
                break;
            case MultiPaxosKind.PromiseRecord:
            case MultiPaxosKind.ValueRecord:
            case MultiPaxosKind.BallotRecord:
            default:
                Invariant.Holds(
                    _duties.TryLeave(
                        (from, target), ((LeaderKind)kind, ballot), frame, ref reader),
                    MultiPaxosRules.FramesAreMessages,
                    $"{from} sends {target} another");
                break;
        }
    }

    public void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        MultiPaxosKind kind = MultiPaxosCodec.ReadHead(ref reader, out Ballot ballot);
        if (kind == MultiPaxosKind.Accepted)
            Arrives((from, target), MultiPaxosCodec.ReadAccepted(ballot, ref reader));
        else if ((LeaderKind)kind == LeaderKind.ReadIndexReply)
            _duties.Arrives(target, LeaderCodec.ReadReadIndexReply(ballot, ref reader));
    }

    private void Arrives((Member From, Member Target) line, in Accepted message) =>
        _duties.AnswersRound(line, (message.Ballot, message.Round), message.Health);

    public void Lost(Member member) => _durability.Lost(member);

    public void Damaged(Member member) => _durability.Damaged(member);

    public void Check()
    {
        List<MultiPaxosReplica> alive = [];
        foreach (Seat seat in _seats)
        {
            if (seat.Live is MultiPaxosReplica live)
            {
                alive.Add(live);
                CheckSlots(seat.Member, live);
            }

            if (_durability.HeldBy(seat.Member) is MultiPaxosReplica held)
                CheckDisk(seat, held);
        }

        MultiPaxosInvariants.Check(alive);
        CheckChosenIsOnAMajority();
    }

    private void CheckDisk(Seat seat, MultiPaxosReplica held)
    {
        CheckSlots(seat.Member, held);
        if (seat.Live is not null && seat.Pending == 0)
            CheckDigests(seat, held);
    }

    // What the disk gives back is what the kernel goes by, when all of it is durable.
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private static void CheckDigests(Seat seat, MultiPaxosReplica held)
    {
        StateHash live = default;
        StateHash durable = default;
        Alive(seat).Digest(ref live);
        held.Digest(ref durable);
        Invariant.Holds(
            live.Value == durable.Value,
            MultiPaxosRules.DurableBeforeAnswer,
            $"{seat.Member} goes by another promise or other slots than its disk holds");
    }

    private void CheckEffect(
        Seat seat, MultiPaxosReplica live, (Outbox Outbox, Effect Effect) written)
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

    private static MultiPaxosReplica Alive(Seat seat) => seat.Live
        ?? throw new ArgumentException($"{seat.Member} is not alive: its life was not begun.");

    private static MultiPaxosReplica Paxos(IKernel kernel) => kernel as MultiPaxosReplica
        ?? throw new ArgumentException(
            "The kernel is none that Multi-Paxos has made.", nameof(kernel));

    /// <summary>What was last seen of a member.</summary>
    private sealed class Seat(Member member)
    {
        public Member Member => member;

        public MultiPaxosReplica? Live { get; private set; }

        public Ballot Promised { get; private set; }

        public KernelRole Role { get; private set; }

        public LogIndex Chosen { get; private set; }

        /// <summary>The newest slot that was delivered in this life, or needs not be.</summary>
        public LogIndex Delivered { get; set; }

        /// <summary>Whether it has left it to others to campaign.</summary>
        public bool HasGivenWay { get; private set; }

        /// <summary>How many records of this life are not durable.</summary>
        public long Pending { get; set; }

        public void Begin(MultiPaxosReplica live)
        {
            Live = live;
            Pending = 0;
            Role = KernelRole.Following;
            HasGivenWay = false;
            Promised = live.State.Promised;
            Chosen = LogIndex.Zero;
            Delivered = LogIndex.Zero;
        }

        public void End() => Live = null;

        public void Remember()
        {
            if (Live is not MultiPaxosReplica live)
                return;

            Role = live.Status.Role;
            HasGivenWay = live.HasGivenWay;
            Promised = live.State.Promised;
            Chosen = live.State.Chosen;
        }
    }
}
