using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Asks whether a promise would be given, before a ballot is spent on it.</summary>
/// <param name="Ballot">The ballot that the sender would prepare.</param>
/// <param name="Chosen">Up to where the sender knows what is chosen.</param>
internal readonly record struct Probe(Ballot Ballot, LogIndex Chosen) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.Probe, Ballot);
        buffer.WriteInt64(Chosen.Number);
    }

    public override string ToString() => $"Probe {Ballot} chosen {Chosen}";
}

/// <summary>Answers <see cref="Probe"/>.</summary>
/// <param name="Ballot">Granted: the ballot asked for. Refused: what the sender has
/// promised.</param>
/// <param name="IsGranted">Whether the promise would be given; it binds nobody.</param>
internal readonly record struct ProbeReply(Ballot Ballot, bool IsGranted) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.ProbeReply, Ballot);
        buffer.WriteBoolean(IsGranted);
    }

    public override string ToString() =>
        $"ProbeReply {Ballot} " + (IsGranted ? "granted" : "refused");
}

/// <summary>Phase 1a for all slots from one on: asks for a promise, or for the next page of
/// one.</summary>
/// <param name="Ballot">The proposer's ballot.</param>
/// <param name="From">The first slot of the page.</param>
/// <param name="Transfer">Which transfer of the leader before it was asked to campaign for, by that
/// leader itself (thesis §3.10); zero if it campaigns of its own accord.</param>
internal readonly record struct Prepare(Ballot Ballot, LogIndex From, long Transfer = 0) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.Prepare, Ballot);
        buffer.WriteInt64(From.Number);
        buffer.WriteInt64(Transfer);
    }

    public override string ToString() =>
        $"Prepare {Ballot} from {From}" + (Transfer == 0 ? "" : $" transfer {Transfer}");
}

/// <summary>Phase 1b: promises, and says what was accepted, a page at a time.</summary>
internal readonly ref struct Promise : IWire
{
    /// <summary>The ballot that is promised.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>The first slot of the page.</summary>
    public required LogIndex From { get; init; }

    /// <summary>The highest slot that the sender knows of a value for: whether this is the last
    /// page.</summary>
    public required LogIndex Last { get; init; }

    /// <summary>Up to where the sender knows what is chosen.</summary>
    public required LogIndex Chosen { get; init; }

    /// <summary>What the word of the sender is worth: what a damaged acceptor has accepted is
    /// unknown, and another must be asked.</summary>
    public required KernelHealth Health { get; init; }

    /// <summary>The slots of the page, one behind the other.</summary>
    public ReadOnlySpan<MultiPaxosSlotHead> Slots { get; init; }

    /// <summary>In a received message: where in the frame the first command begins.</summary>
    public int CommandsOffset { get; init; }

    /// <summary>The last slot of the page.</summary>
    public LogIndex Through => From.Previous() + Slots.Length;

    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.Promise, Ballot);
        buffer.WriteInt64(From.Number);
        buffer.WriteInt64(Last.Number);
        buffer.WriteInt64(Chosen.Number);
        buffer.WriteByte((byte)Health);
        MultiPaxosCodec.WriteSlots(buffer, Slots);
    }

    public override string ToString() =>
        $"Promise {Ballot} from {From} slots {Slots.Length} last {Last} chosen {Chosen}"
        + (Health == KernelHealth.Whole ? "" : $" {Health}");
}

/// <summary>Refuses a ballot that is below what is promised, and names that.</summary>
/// <param name="Ballot">What is promised.</param>
internal readonly record struct Nack(Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer) =>
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.Nack, Ballot);

    public override string ToString() => $"Nack {Ballot}";
}

/// <summary>Phase 2a for slots one behind the other, and the heartbeat when there are
/// none.</summary>
internal readonly ref struct Accept : IWire
{
    /// <summary>The leader's ballot.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>The first slot; all that are proposed in this ballot before it were sent
    /// earlier.</summary>
    public required LogIndex First { get; init; }

    /// <summary>The last slot that is not proposed in this ballot, because it was known to be
    /// chosen.</summary>
    public required LogIndex Base { get; init; }

    /// <summary>Up to where the leader knows what is chosen.</summary>
    public required LogIndex Chosen { get; init; }

    /// <summary>The newest round that was begun before it was sent; the answer confirms
    /// it.</summary>
    public required long Round { get; init; }

    /// <summary>How many transfers of leadership were begun in the ballot and are over: who was
    /// asked to campaign for one of them must not any more.</summary>
    public required long TransfersOver { get; init; }

    /// <summary>The number of the receiver's damage, as far as the leader knew it; see
    /// <see cref="DamageNumber"/>.</summary>
    public long Damage { get; init; }

    /// <summary>The highest slot of the leader when it sent this.</summary>
    public LogIndex Last { get; init; }

    /// <summary>Whether the leader has nothing to do: all of its slots are chosen. Whoever knows
    /// all of them waits for it no longer.</summary>
    public bool Rests { get; init; }

    /// <summary>What is proposed.</summary>
    public ReadOnlySpan<MultiPaxosSlotHead> Slots { get; init; }

    /// <summary>In a received message: where in the frame the first command begins.</summary>
    public int CommandsOffset { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosKind kind = Rests ? MultiPaxosKind.Rest : MultiPaxosKind.Accept;
        MultiPaxosCodec.WriteHead(buffer, kind, Ballot);
        buffer.WriteInt64(First.Number);
        buffer.WriteInt64(Base.Number);
        buffer.WriteInt64(Chosen.Number);
        buffer.WriteInt64(Round);
        buffer.WriteInt64(TransfersOver);
        buffer.WriteInt64(Damage);
        buffer.WriteInt64(Last.Number);
        MultiPaxosCodec.WriteSlots(buffer, Slots);
    }

    public override string ToString() =>
        $"Accept {Ballot} from {First} base {Base} chosen {Chosen} round {Round} "
        + $"slots {Slots.Length}"
        + (Rests ? " rests" : "")
        + (TransfersOver == 0 ? "" : $" transfers over {TransfersOver}")
        + (Damage > 0 ? $" damage {DamageNumber.Text(Damage)} last {Last}" : "");
}

/// <summary>Phase 2b: answers <see cref="Accept"/>.</summary>
/// <param name="Ballot">The ballot.</param>
/// <param name="Through">All slots that are proposed in the ballot, up to this one, are accepted in
/// it, or known to be chosen.</param>
/// <param name="Before">The slot before the first one of the message.</param>
/// <param name="HasGap">Whether slots before those of the message are missing.</param>
/// <param name="Last">The highest slot that the sender has a value for, perhaps of a leader before
/// this one.</param>
/// <param name="Chosen">Up to where the sender knows what is chosen.</param>
/// <param name="Round">The round of the message.</param>
/// <param name="Damage">The number of the sender's damage; see
/// <see cref="DamageNumber"/>.</param>
/// <param name="Health">What its word is worth: what a damaged acceptor accepts is not
/// counted.</param>
/// <param name="IsFull">Whether the sender's disk is full.</param>
internal readonly record struct Accepted(
    Ballot Ballot,
    LogIndex Through,
    LogIndex Before,
    bool HasGap,
    LogIndex Last,
    LogIndex Chosen,
    long Round,
    long Damage = 0,
    KernelHealth Health = KernelHealth.Whole,
    bool IsFull = false) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.Accepted, Ballot);
        buffer.WriteInt64(Through.Number);
        buffer.WriteInt64(Before.Number);
        buffer.WriteBoolean(HasGap);
        buffer.WriteInt64(Last.Number);
        buffer.WriteInt64(Chosen.Number);
        buffer.WriteInt64(Round);
        buffer.WriteInt64(Damage);
        buffer.WriteByte((byte)Health);
        buffer.WriteBoolean(IsFull);
    }

    public override string ToString() =>
        $"Accepted {Ballot} through {Through} chosen {Chosen} round {Round}"
        + (HasGap ? $" gap before {Before.Next()}" : "")
        + (Last > Through ? $" last {Last}" : "")
        + (Damage > 0 ? $" {Health} {DamageNumber.Text(Damage)}" : "")
        + (IsFull ? " full" : "");
}

/// <summary>Asks for what is chosen.</summary>
/// <param name="Ballot">What the sender has promised.</param>
/// <param name="From">The first slot that it lacks.</param>
internal readonly record struct Learn(Ballot Ballot, LogIndex From) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.Learn, Ballot);
        buffer.WriteInt64(From.Number);
    }

    public override string ToString() => $"Learn {Ballot} from {From}";
}

/// <summary>Answers <see cref="Learn"/> with what is chosen, a page at a time.</summary>
internal readonly ref struct Learned : IWire
{
    /// <summary>What the sender has promised.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>The first slot.</summary>
    public required LogIndex From { get; init; }

    /// <summary>Up to where the sender knows what is chosen.</summary>
    public required LogIndex Chosen { get; init; }

    /// <summary>The slots, one behind the other; all of them are chosen.</summary>
    public ReadOnlySpan<MultiPaxosSlotHead> Slots { get; init; }

    /// <summary>In a received message: where in the frame the first command begins.</summary>
    public int CommandsOffset { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        MultiPaxosCodec.WriteHead(buffer, MultiPaxosKind.Learned, Ballot);
        buffer.WriteInt64(From.Number);
        buffer.WriteInt64(Chosen.Number);
        MultiPaxosCodec.WriteSlots(buffer, Slots);
    }

    public override string ToString() =>
        $"Learned {Ballot} from {From} slots {Slots.Length} chosen {Chosen}";
}
