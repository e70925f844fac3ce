using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Watches a group of EPaxos: every step and every frame against what it knows of all
/// lives of all members (protocols §1.14). The phases are in the files beside this one; what must
/// be durable is in <see cref="EPaxosDurability"/>.</summary>
internal sealed partial class EPaxosAudit : ProtocolAudit<EPaxosReplica, EPaxosSeat>
{
    private readonly EPaxosVotes _votes;
    private readonly EPaxosDurability _durability;

    public EPaxosAudit(EpochDescriptor epoch)
        : base(
            epoch,
            EPaxosRules.DurableBeforeAnswer,
            member => new EPaxosSeat(member, epoch.Members.Count))
    {
        _votes = new EPaxosVotes(epoch.Quorums);
        _reports = new EPaxosReports(epoch.Quorums);
        _durability = new EPaxosDurability(_votes, epoch.Members.Count);
    }

    /// <summary>How many instances are decided.</summary>
    public int DecidedCount => _votes.Count;

    public override void Began(Member member, IKernel live, IKernel durable)
    {
        EPaxosSeat seat = Seats[member.Index];
        (EPaxosReplica mine, EPaxosReplica held) = (ReplicaIn(live), ReplicaIn(durable));
        CheckVoice(seat, mine, held);
        seat.Begin(mine);
        _durability.Began(member, held);
        CheckBallots(seat, held);
        seat.Saved = seat.Saved.Union(held.State.Saved);
        if (mine.State.Health == held.State.Health)
            CheckDigests(seat, held);
    }

    public override void Stepped(Member member, Outbox outbox, int first)
    {
        EPaxosSeat seat = Seats[member.Index];
        EPaxosReplica live = seat.Alive;
        CheckEffects(seat, outbox, first);
        CheckVotes(seat, live);
        CheckEnd(seat);
        CheckWaiting(seat, live);
        seat.Asking = default;
    }

    public override void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        EPaxosSeat seat = Seats[member.Index];
        seat.Pending--;
        seat.Durable = number;
        CheckOrdered(seat);
        FrameReader reader = new(body);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        if (kind == EPaxosKind.HeldRecord)
            _durability.Held(member, number, reader.ReadBytes(reader.Remaining));
        if (kind == EPaxosKind.StateRecord)
            CheckTruncated(seat, StateRecord.ReadFrom(ref reader));
        if (kind is < EPaxosKind.PreAcceptedRecord or > EPaxosKind.LearnedRecord)
            return;

        InstanceRecord record = InstanceRecord.ReadFrom(kind, ref reader);
        if (kind is not EPaxosKind.LearnedRecord)
            seat.EverTold.Add(record.Id);
        _durability.Held(member, number, reader.ReadBytes(reader.Remaining));
        _durability.Durable(member, number, record);
    }

    public override void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        foreach (byte[] part in EPaxosCodec.PartsOf(frame))
            Leaves(from, target, part);
        if (kind == EPaxosKind.Bundle)
            return;

        if (kind is <= EPaxosKind.AcceptOk)
            LeavesOfProposal(from, kind, ref reader, frame);
        else if (kind is EPaxosKind.Commit or EPaxosKind.Frontier or EPaxosKind.FetchCommitted)
            LeavesOfCommitment(from, kind, ref reader, frame);
        else if (kind is < EPaxosKind.Gather)
            LeavesOfRecovery(from, kind, ref reader, frame);
        else
            LeavesOfReading(from, kind, ref reader);
    }

    public override void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        if (kind == EPaxosKind.Gathered)
            Seats[target.Index].Hears(from, EPaxosCodec.ReadGathered(ref reader).Ticket);
        else if (kind == EPaxosKind.Waiting)
            Seats[target.Index].Hears(EPaxosCodec.ReadWaiting(ref reader));
        else if (kind == EPaxosKind.Used)
            Seats[target.Index].Hears(from, EPaxosCodec.ReadUsed(ref reader));
    }

    public override void Lost(Member member) => _durability.Lost(member);

    public override void Damaged(Member member)
    {
        _durability.Lost(member);
        Seats[member.Index].Forget();
    }

    public override void Check()
    {
        List<EPaxosReplica> alive = [];
        foreach (EPaxosSeat seat in Seats)
        {
            if (seat.Live is not EPaxosReplica live)
                continue;

            alive.Add(live);
            if (seat.Pending == 0 && _durability.HeldBy(seat.Member) is EPaxosReplica held)
                CheckDigests(seat, held);
        }

        EPaxosInvariants.Check(alive);
    }

    protected override string Difference(EPaxosSeat seat, EPaxosReplica held)
    {
        (EPaxosState mine, EPaxosState disk) = (seat.Alive.State, held.State);
        foreach (EPaxosInstance instance in mine.All())
        {
            EPaxosInstance? other = disk.Find(instance.Id);
            if ($"{instance} {instance.Command}" != $"{other} {other?.Command}")
                return $": {instance} {instance.Command}, {other} {other?.Command}";
        }

        return $": reserved {mine.Reserved} and {disk.Reserved}, known {mine.Known} and "
            + $"{disk.Known}";
    }
}
