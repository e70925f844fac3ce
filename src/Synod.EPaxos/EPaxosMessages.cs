using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Ballot 0: the owner proposes, with the conflicts that it knows.</summary>
internal readonly record struct PreAccept : IWire
{
    /// <summary>The instance.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>What is proposed, or held; its command follows if it is carried.</summary>
    public required EPaxosValue Value { get; init; }

    /// <summary>What the owner knew to conflict when it proposed.</summary>
    public required EPaxosCover Initial { get; init; }

    /// <summary>In a received message: the command in the frame.</summary>
    public EPaxosCommands Command { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.PreAccept);
        Id.WriteTo(buffer);
        Value.WriteTo(buffer);
        Initial.WriteTo(buffer);
    }

    public override string ToString() => $"PreAccept {Id} {Value} dep {Initial}";
}

/// <summary>Answers <see cref="PreAccept"/> with the conflicts that the sender knows,
/// too.</summary>
/// <param name="Id">The instance.</param>
/// <param name="Dep">The dependencies.</param>
internal readonly record struct PreAcceptOk(InstanceId Id, EPaxosCover Dep) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.PreAcceptOk);
        Id.WriteTo(buffer);
        Dep.WriteTo(buffer);
    }

    public override string ToString() => $"PreAcceptOk {Id} dep {Dep}";
}

/// <summary>Proposes a value in a ballot.</summary>
internal readonly record struct Accept : IWire
{
    /// <summary>The instance.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The ballot.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>What is proposed, or held; its command follows if it is carried.</summary>
    public required EPaxosValue Value { get; init; }

    /// <summary>The dependencies.</summary>
    public required EPaxosCover Dep { get; init; }

    /// <summary>In a received message: the command in the frame.</summary>
    public EPaxosCommands Command { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Accept);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
        Value.WriteTo(buffer);
        Dep.WriteTo(buffer);
    }

    public override string ToString() => $"Accept {Id} {Ballot} {Value} dep {Dep}";
}

/// <summary>Answers <see cref="Accept"/>.</summary>
/// <param name="Id">The instance.</param>
/// <param name="Ballot">The ballot.</param>
internal readonly record struct AcceptOk(InstanceId Id, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.AcceptOk);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
    }

    public override string ToString() => $"AcceptOk {Id} {Ballot}";
}

/// <summary>Tells what is decided.</summary>
internal readonly record struct Commit : IWire
{
    /// <summary>The instance.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The ballot.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>What is proposed, or held; its command follows if it is carried.</summary>
    public required EPaxosValue Value { get; init; }

    /// <summary>The dependencies.</summary>
    public required EPaxosCover Dep { get; init; }

    /// <summary>In a received message: the command in the frame.</summary>
    public EPaxosCommands Command { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Commit);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
        Value.WriteTo(buffer);
        Dep.WriteTo(buffer);
    }

    public override string ToString() => $"Commit {Id} {Ballot} {Value} dep {Dep}";
}

/// <summary>Asks for a promise, and for what is known.</summary>
/// <param name="Id">The instance.</param>
/// <param name="Ballot">The ballot.</param>
internal readonly record struct Recover(InstanceId Id, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Recover);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
    }

    public override string ToString() => $"Recover {Id} {Ballot}";
}

/// <summary>Promises, and tells what is known.</summary>
internal readonly record struct RecoverOk : IWire
{
    /// <summary>The instance.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The ballot.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>The ballot in which the value was accepted.</summary>
    public required Ballot AcceptedIn { get; init; }

    /// <summary>How far it has come.</summary>
    public required EPaxosPhase Phase { get; init; }

    /// <summary>What is proposed, or held; its command follows if it is carried.</summary>
    public required EPaxosValue Value { get; init; }

    /// <summary>The dependencies.</summary>
    public required EPaxosCover Dep { get; init; }

    /// <summary>What the owner knew to conflict when it proposed.</summary>
    public required EPaxosCover Initial { get; init; }

    /// <summary>In a received message: the command in the frame.</summary>
    public EPaxosCommands Command { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.RecoverOk);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
        buffer.WriteInt64(AcceptedIn.Number);
        buffer.WriteByte((byte)Phase);
        Value.WriteTo(buffer);
        Dep.WriteTo(buffer);
        Initial.WriteTo(buffer);
    }

    public override string ToString() =>
        $"RecoverOk {Id} {Ballot} {Phase} {Value} in {AcceptedIn} dep {Dep} of {Initial}";
}

/// <summary>Asks what contradicts that the owner has committed at once.</summary>
internal readonly record struct Validate : IWire
{
    /// <summary>The instance.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The ballot.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>What is proposed, or held; its command follows if it is carried.</summary>
    public required EPaxosValue Value { get; init; }

    /// <summary>What the owner knew to conflict when it proposed.</summary>
    public required EPaxosCover Initial { get; init; }

    /// <summary>In a received message: the command in the frame.</summary>
    public EPaxosCommands Command { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Validate);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
        Value.WriteTo(buffer);
        Initial.WriteTo(buffer);
    }

    public override string ToString() => $"Validate {Id} {Ballot} {Value} dep {Initial}";
}

/// <summary>Answers <see cref="Validate"/>.</summary>
internal readonly record struct ValidateOk : IWire
{
    /// <summary>The instance.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The ballot.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>What is neither before nor behind it.</summary>
    public required IReadOnlyList<UncoveredInstance> Uncovered { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.ValidateOk);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
        EPaxosCodec.WriteUncovered(buffer, Uncovered);
    }

    public override string ToString() =>
        $"ValidateOk {Id} {Ballot} uncovered {string.Join(',', Uncovered)}";
}

/// <summary>Tells that a recovery waits for others.</summary>
/// <param name="Id">The instance.</param>
/// <param name="Count">How many have pre-accepted it as its owner proposed it.</param>
internal readonly record struct Waiting(InstanceId Id, int Count) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Waiting);
        Id.WriteTo(buffer);
        buffer.WriteByte((byte)Count);
    }

    public override string ToString() => $"Waiting {Id} {Count}";
}

/// <summary>Asks what has become of an instance: who knows tells, and one recovers it.</summary>
/// <param name="Id">The instance.</param>
internal readonly record struct TryRecover(InstanceId Id) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.TryRecover);
        Id.WriteTo(buffer);
    }

    public override string ToString() => $"TryRecover {Id}";
}

/// <summary>Refuses a ballot that is below what is promised, and names that.</summary>
/// <param name="Id">The instance.</param>
/// <param name="Ballot">The ballot.</param>
internal readonly record struct Nack(InstanceId Id, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Nack);
        Id.WriteTo(buffer);
        buffer.WriteInt64(Ballot.Number);
    }

    public override string ToString() => $"Nack {Id} {Ballot}";
}

/// <summary>Tells how much of what is decided the sender knows.</summary>
/// <param name="Through">Of each owner the slot up to which it knows all.</param>
/// <param name="Last">Of each owner the highest slot that it knows.</param>
/// <param name="Sum">A hash of all that it knows: equal ones know the same.</param>
/// <param name="IsAnswer">Whether no answer is expected.</param>
internal readonly record struct Frontier(
    EPaxosCover Through, EPaxosCover Last, long Sum, bool IsAnswer = false) : IWire
{
    /// <summary>Whether both know the same.</summary>
    public bool IsAs(in Frontier other) =>
        Sum == other.Sum && Through == other.Through && Last == other.Last;

    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Frontier);
        Through.WriteTo(buffer);
        Last.WriteTo(buffer);
        buffer.WriteInt64(Sum);
        buffer.WriteBoolean(IsAnswer);
    }

    public override string ToString() =>
        $"Frontier {Through} last {Last}{(IsAnswer ? " answers" : "")}";
}

/// <summary>Asks for what is decided.</summary>
/// <param name="Missing">What the sender does not know to be decided.</param>
internal readonly record struct FetchCommitted(IReadOnlyList<SlotRange> Missing) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.FetchCommitted);
        EPaxosCodec.WriteRanges(buffer, Missing);
    }

    public override string ToString() => $"FetchCommitted {string.Join(',', Missing)}";
}

/// <summary>Asks what conflicts with a read.</summary>
/// <param name="Ticket">Which question it is.</param>
/// <param name="Footprint">What is to be read.</param>
internal readonly record struct Gather(GatherTicket Ticket, Footprint Footprint) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Gather);
        Ticket.WriteTo(buffer);
        Footprint.WriteTo(buffer);
    }

    public override string ToString() => $"Gather {Ticket}";
}

/// <summary>Answers <see cref="Gather"/>.</summary>
/// <param name="Ticket">Which question it is.</param>
/// <param name="Conflicts">What must be executed before.</param>
internal readonly record struct Gathered(GatherTicket Ticket, EPaxosCover Conflicts) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Gathered);
        Ticket.WriteTo(buffer);
        Conflicts.WriteTo(buffer);
    }

    public override string ToString() => $"Gathered {Ticket} {Conflicts}";
}

/// <summary>Asks which own slots a member has used: who asks has lost records.</summary>
internal readonly record struct AskUsed(GatherTicket Ticket) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.AskUsed);
        Ticket.WriteTo(buffer);
    }

    public override string ToString() => $"AskUsed {Ticket}";
}

/// <summary>Answers <see cref="AskUsed"/>.</summary>
/// <param name="Ticket">Which question it is.</param>
/// <param name="Last">The last slot that its sender may have used of its own, in any life.</param>
internal readonly record struct Used(GatherTicket Ticket, long Last) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Used);
        Ticket.WriteTo(buffer);
        buffer.WriteInt64(Last);
    }

    public override string ToString() => $"Used {Ticket} {Last}";
}

/// <summary>Tells what a durable snapshot of the sender has in it.</summary>
/// <param name="Through">Of each owner the slot up to which it has all.</param>
internal readonly record struct Saved(EPaxosCover Through) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Saved);
        Through.WriteTo(buffer);
    }

    public override string ToString() => $"Saved {Through}";
}

/// <summary>Answers any question about an instance that the sender has truncated: it is decided,
/// and whoever does not know it needs a snapshot.</summary>
/// <param name="Through">Of each owner the slot up to which all is truncated.</param>
internal readonly record struct Truncated(EPaxosCover Through) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        EPaxosCodec.WriteHead(buffer, EPaxosKind.Truncated);
        Through.WriteTo(buffer);
    }

    public override string ToString() => $"Truncated {Through}";
}
