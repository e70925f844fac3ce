using Synod.Kernel;

namespace Synod.Register;

/// <summary>Phase 1: asks for the promise to take part in no lower ballot of the key, and for what
/// was accepted.</summary>
internal readonly record struct Prepare(ulong Key, Ballot Ballot) : IWire
{
    /// <summary>In which ballot the sender has accepted itself: that state need not be
    /// sent.</summary>
    public Ballot Have { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Prepare, Key);
        buffer.WriteInt64(Ballot.Number);
        buffer.WriteInt64(Have.Number);
    }

    public override string ToString() => $"Prepare k{Key:x} {Ballot} have {Have}";
}

/// <summary>Answers <see cref="Prepare"/>.</summary>
internal readonly ref struct Promise : IWire
{
    public required ulong Key { get; init; }

    public required Ballot Ballot { get; init; }

    public required RegisterVote Vote { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Promise, Key);
        buffer.WriteInt64(Ballot.Number);
        Vote.WriteTo(buffer);
    }

    public override string ToString() => $"Promise k{Key:x} {Ballot} {Vote.ToString()}";
}

/// <summary>Phase 2: proposes a state in a ballot.</summary>
internal readonly ref struct Accept : IWire
{
    public required ulong Key { get; init; }

    public required Ballot Ballot { get; init; }

    public required ReadOnlySpan<byte> State { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Accept, Key);
        buffer.WriteInt64(Ballot.Number);
        buffer.WriteSized(State);
    }

    public override string ToString() => $"Accept k{Key:x} {Ballot} [{State.Length}]";
}

/// <summary>Answers <see cref="Accept"/>; promises the proposer its next ballot too.</summary>
internal readonly record struct Accepted(ulong Key, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Accepted, Key);
        buffer.WriteInt64(Ballot.Number);
    }

    public override string ToString() => $"Accepted k{Key:x} {Ballot}";
}

/// <summary>Answers <see cref="Prepare"/> or <see cref="Accept"/>: a higher ballot is
/// promised.</summary>
internal readonly record struct Refused(ulong Key, Ballot Ballot, Ballot Promised) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Refused, Key);
        buffer.WriteInt64(Ballot.Number);
        buffer.WriteInt64(Promised.Number);
    }

    public override string ToString() => $"Refused k{Key:x} {Ballot} promised {Promised}";
}

/// <summary>Tells that what was accepted in a ballot is chosen.</summary>
internal readonly record struct Chosen(ulong Key, Ballot Ballot) : IWire
{
    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Chosen, Key);
        buffer.WriteInt64(Ballot.Number);
    }

    public override string ToString() => $"Chosen k{Key:x} {Ballot}";
}

/// <summary>A passive read: asks what was accepted, and changes nothing.</summary>
internal readonly record struct Query(ulong Key, RegisterTicket Ticket) : IWire
{
    /// <summary>The state of which ballot need not be sent.</summary>
    public Ballot Have { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Query, Key);
        Ticket.WriteTo(buffer);
        buffer.WriteInt64(Have.Number);
    }

    public override string ToString() => $"Query k{Key:x} {Ticket} have {Have}";
}

/// <summary>Answers <see cref="Query"/>.</summary>
internal readonly ref struct Answer : IWire
{
    public required ulong Key { get; init; }

    public required RegisterTicket Ticket { get; init; }

    /// <summary>Whether the sender knows that what it has accepted is chosen.</summary>
    public required bool IsChosen { get; init; }

    public required RegisterVote Vote { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Answer, Key);
        Ticket.WriteTo(buffer);
        buffer.WriteBoolean(IsChosen);
        Vote.WriteTo(buffer);
    }

    public override string ToString() =>
        $"Answer k{Key:x} {Ticket} {Vote.ToString()}{(IsChosen ? " chosen" : "")}";
}

/// <summary>Tells what the sender knows to be chosen, as one sum for each part of the keys, and
/// asks what the receiver knows beyond.</summary>
internal readonly ref struct Compare : IWire
{
    public required RegisterTicket Ticket { get; init; }

    /// <summary>Parts before this one are compared.</summary>
    public required int First { get; init; }

    /// <summary>The sums of all parts, 8 bytes each.</summary>
    public required ReadOnlySpan<byte> Sums { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Compare, (ulong)First);
        Ticket.WriteTo(buffer);
        buffer.WriteBytes(Sums);
    }

    public override string ToString() => $"Compare {Ticket} from {First}";
}

/// <summary>Answers <see cref="Compare"/> with the ballots in which keys of some parts were
/// chosen.</summary>
internal readonly ref struct Listing : IWire
{
    public required RegisterTicket Ticket { get; init; }

    /// <summary>Parts before this one are done; all, if it is their number.</summary>
    public required int Next { get; init; }

    /// <summary>Key and ballot, 8 bytes each.</summary>
    public required ReadOnlySpan<byte> Entries { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        RegisterCodec.WriteHead(buffer, RegisterKind.Listing, (ulong)Next);
        Ticket.WriteTo(buffer);
        buffer.WriteSized(Entries);
    }

    public override string ToString() =>
        $"Listing {Ticket} to {Next} [{Entries.Length / RegisterCodec.ListedBytes}]";
}
