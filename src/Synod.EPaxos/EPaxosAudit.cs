using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Watches a group of EPaxos: every step and every frame against what it knows of all
/// lives of all members (protocols §1.14). The phases are in the files beside this one; what must
/// be durable is in <see cref="EPaxosDurability"/>.</summary>
internal sealed partial class EPaxosAudit : IProtocolAudit
{
    private readonly EpochDescriptor _epoch;
    private readonly EPaxosVotes _votes;
    private readonly EPaxosDurability _durability;
    private readonly EPaxosSeat[] _seats;

    public EPaxosAudit(EpochDescriptor epoch)
    {
        _epoch = epoch;
        _votes = new EPaxosVotes(epoch.Quorums);
        _reports = new EPaxosReports(epoch.Quorums);
        _durability = new EPaxosDurability(_votes, epoch.Members.Count);
        _seats = new EPaxosSeat[epoch.Members.Count];
        for (byte member = 0; member < _seats.Length; member++)
            _seats[member] = new EPaxosSeat(new Member(member), _seats.Length);
    }

    public Func<Member, Instant>? Clocks { get; set; }

    public Action<string>? Notices { get; set; }

    /// <summary>How many instances are decided.</summary>
    public int DecidedCount => _votes.Count;

    public void Began(Member member, IKernel live, IKernel durable)
    {
        EPaxosSeat seat = _seats[member.Index];
        (EPaxosReplica mine, EPaxosReplica held) = (EPaxos(live), EPaxos(durable));
        CheckVoice(seat, mine, held);
        seat.Begin(mine);
        _durability.Began(member, held);
        CheckBallots(seat, held);
        if (mine.State.IsVoiceless == held.State.IsVoiceless)
            CheckDigests(seat, held);
    }

    public void Ended(Member member) => _seats[member.Index].End();

    public void Stepped(Member member, Outbox outbox, int first)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        EPaxosSeat seat = _seats[member.Index];
        EPaxosReplica live = Alive(seat);
        foreach (ref readonly Effect effect in outbox.Effects[first..])
            CheckEffect(seat, live, (outbox, effect));
        CheckVotes(seat, live);
        CheckWaiting(seat, live);
        seat.Asking = default;
    }

    public void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        EPaxosSeat seat = _seats[member.Index];
        seat.Pending--;
        seat.Durable = number;
        CheckOrdered(seat);
        FrameReader reader = new(body);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        if (kind == EPaxosKind.HeldRecord)
            _durability.Held(member, number, reader.ReadBytes(reader.Remaining));
        if (kind < EPaxosKind.PreAcceptedRecord)
            return;

        InstanceRecord record = InstanceRecord.ReadFrom(kind, ref reader);
        _durability.Held(member, number, reader.ReadBytes(reader.Remaining));
        _durability.Durable(member, number, record);
    }

    public void Leaves(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        if (kind is <= EPaxosKind.AcceptOk)
            LeavesOfProposal(from, kind, ref reader, frame);
        else if (kind is EPaxosKind.Commit or EPaxosKind.Frontier or EPaxosKind.FetchCommitted)
            LeavesOfCommitment(from, kind, ref reader, frame);
        else if (kind is < EPaxosKind.Gather)
            LeavesOfRecovery(from, kind, ref reader, frame);
        else
            _durability.RequireVoice(from);
    }

    public void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        if (kind == EPaxosKind.Gathered)
            _seats[target.Index].Hears(from, EPaxosCodec.ReadGathered(ref reader).Ticket);
        else if (kind == EPaxosKind.Waiting)
            _seats[target.Index].Hears(EPaxosCodec.ReadWaiting(ref reader));
    }

    public void Lost(Member member) => _durability.Lost(member);

    public void Damaged(Member member)
    {
        _durability.Lost(member);
        _seats[member.Index].Forget();
    }

    public void Check()
    {
        List<EPaxosReplica> alive = [];
        foreach (EPaxosSeat seat in _seats)
        {
            if (seat.Live is not EPaxosReplica live)
                continue;

            alive.Add(live);
            if (seat.Pending == 0 && _durability.HeldBy(seat.Member) is EPaxosReplica held)
                CheckDigests(seat, held);
        }

        EPaxosInvariants.Check(alive);
    }

    // What the disk gives back is what the kernel goes by, when all of it is durable.
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    private static void CheckDigests(EPaxosSeat seat, EPaxosReplica held)
    {
        StateHash live = default;
        StateHash durable = default;
        Alive(seat).Digest(ref live);
        held.Digest(ref durable);
        Invariant.Holds(
            live.Value == durable.Value,
            EPaxosRules.DurableBeforeAnswer,
            $"{seat.Member} goes by other instances than its disk holds: "
            + Difference(Alive(seat).State, held.State));
    }

    private static string Difference(EPaxosState live, EPaxosState held)
    {
        foreach (EPaxosInstance instance in live.All())
        {
            EPaxosInstance? other = held.Find(instance.Id);
            if ($"{instance} {instance.Command}" != $"{other} {other?.Command}")
                return $"{instance} {instance.Command}, {other} {other?.Command}";
        }

        return $"reserved {live.Reserved} and {held.Reserved}, known {live.Known} and {held.Known}";
    }

    private void CheckEffect(
        EPaxosSeat seat, EPaxosReplica live, (Outbox Outbox, Effect Effect) written)
    {
        (Outbox outbox, Effect effect) = written;
        switch (effect.Kind)
        {
            case EffectKind.Persist:
                seat.Pending++;
                CheckRecord(seat, outbox.Bytes(effect), effect);
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
            case EffectKind.Send:
                CheckSent(seat, live, outbox.Bytes(effect));
                break;
            case EffectKind.Committed:
                CheckCommitted(seat, live, effect);
                break;
            case EffectKind.Reject:
                CheckRejected(seat, effect);
                break;
            case EffectKind.Release:
            case EffectKind.Evaluate:
            case EffectKind.Learned:
            case EffectKind.Done:
            case EffectKind.Abandon:
            case EffectKind.TransferEnded:
            case EffectKind.WakeAt:
            case EffectKind.RoleChanged:
                break;
        }
    }

    private static EPaxosReplica Alive(EPaxosSeat seat) => seat.Live
        ?? throw new ArgumentException($"{seat.Member} is not alive: its life was not begun.");

    private static EPaxosReplica EPaxos(IKernel kernel) => kernel as EPaxosReplica
        ?? throw new ArgumentException("The kernel is none that EPaxos has made.", nameof(kernel));
}
