using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Watches a group of Multi-Paxos: every step and every frame against what it knows of all
/// lives of all members. The phases are in the files beside this one; what must be durable is in
/// <see cref="MultiPaxosDurability"/>.</summary>
internal sealed partial class MultiPaxosAudit : ProtocolAudit<MultiPaxosReplica, MultiPaxosSeat>
{
    private readonly int _slotsAheadMax;
    private readonly MultiPaxosBallots _ballots;
    private readonly MultiPaxosDurability _durability;
    private readonly MultiPaxosCodec _codec = new();

    public MultiPaxosAudit(EpochDescriptor epoch, int slotsAheadMax)
        : base(
            epoch,
            MultiPaxosRules.DurableBeforeAnswer,
            static member => new MultiPaxosSeat(member))
    {
        _slotsAheadMax = slotsAheadMax;
        _ballots = new MultiPaxosBallots(epoch.Quorums);
        _durability = new MultiPaxosDurability(_ballots, epoch.Members.Count);
        _duties = new LeaderAudit<Ballot>(epoch, this);
    }

    /// <summary>How many ballots had a leader.</summary>
    public int LeaderCount => _ballots.Count;

    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public override void Began(Member member, IKernel live, IKernel durable)
    {
        MultiPaxosSeat seat = Seats[member.Index];
        (MultiPaxosReplica mine, MultiPaxosReplica held) = (ReplicaIn(live), ReplicaIn(durable));
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

    public override void Stepped(Member member, Outbox outbox, int first)
    {
        MultiPaxosSeat seat = Seats[member.Index];
        MultiPaxosReplica live = seat.Alive;
        _duties.NoteLease(member);
        CheckRole(seat, live);
        CheckChosen(seat, live);
        CheckEffects(seat, outbox, first);
        CheckAllIsDelivered(seat, live);
        CheckRest(seat, live);
        _duties.CheckLeases(member);
        if (live.HasGivenWay && !seat.HasGivenWay)
            Notices?.Invoke("a candidate with a full disk gave way");
        seat.Remember();
    }

    public override void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        MultiPaxosSeat seat = Seats[member.Index];
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
    public override void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
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

    public override void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
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

    public override void Lost(Member member) => _durability.Lost(member);

    public override void Damaged(Member member) => _durability.Damaged(member);

    public override void Check()
    {
        List<MultiPaxosReplica> alive = [];
        foreach (MultiPaxosSeat seat in Seats)
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

    private void CheckDisk(MultiPaxosSeat seat, MultiPaxosReplica held)
    {
        CheckSlots(seat.Member, held);
        if (seat.Live is not null && seat.Pending == 0)
            CheckDigests(seat, held);
    }
}
