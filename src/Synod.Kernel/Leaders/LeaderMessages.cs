namespace Synod.Kernel;

/// <summary>A leader asks a follower that has all that it has to campaign at once (thesis
/// §3.10).</summary>
/// <param name="Reign">The leader's reign.</param>
/// <param name="Last">The newest entry of both.</param>
/// <param name="Transfer">Which transfer of the reign it is, from 1.</param>
public readonly record struct TimeoutNow<TReign>(TReign Reign, LogIndex Last, long Transfer) : IWire
    where TReign : struct, IReign
{
    /// <inheritdoc/>
    public void WriteTo(FrameBuffer buffer)
    {
        LeaderCodec.WriteHead(buffer, LeaderKind.TimeoutNow, Reign);
        buffer.WriteInt64(Last.Number);
        buffer.WriteInt64(Transfer);
    }

    /// <summary>For traces.</summary>
    public override string ToString() => $"TimeoutNow {Reign} last {Last} transfer {Transfer}";
}

/// <summary>A follower passes a command on to the leader; the command follows.</summary>
/// <param name="Reign">The reign in which it follows that leader.</param>
/// <param name="Life">Boot and life of the follower.</param>
/// <param name="Tag">Which of its forwards it is: no two of a life have the same.</param>
public readonly record struct Forward<TReign>(
    TReign Reign, (ulong Boot, uint Life) Life, long Tag) : IWire
    where TReign : struct, IReign
{
    /// <summary>In a received message: where in the frame the command begins.</summary>
    public int CommandOffset { get; init; }

    /// <summary>In a received message: how long it is.</summary>
    public int CommandLength { get; init; }

    /// <inheritdoc/>
    public void WriteTo(FrameBuffer buffer)
    {
        LeaderCodec.WriteHead(buffer, LeaderKind.Forward, Reign);
        buffer.WriteUInt64(Life.Boot);
        buffer.WriteUInt32(Life.Life);
        buffer.WriteInt64(Tag);
    }

    /// <summary>For traces.</summary>
    public override string ToString() => $"Forward {Reign} life {Life.Boot}.{Life.Life} f{Tag}";
}

/// <summary>Answers <see cref="Forward{TReign}"/>, with certainty.</summary>
/// <param name="Reign">The reign of both.</param>
/// <param name="Life">Boot and life of the follower.</param>
/// <param name="Tag">Which of its forwards it is.</param>
/// <param name="Index">Where the leader has appended it; zero if it has not and will not.</param>
/// <param name="Reason">Why it will not; null if it has.</param>
public readonly record struct ForwardReply<TReign>(
    TReign Reign,
    (ulong Boot, uint Life) Life,
    long Tag,
    LogIndex Index,
    RejectReason? Reason) : IWire
    where TReign : struct, IReign
{
    /// <inheritdoc/>
    public void WriteTo(FrameBuffer buffer)
    {
        LeaderCodec.WriteHead(buffer, LeaderKind.ForwardReply, Reign);
        buffer.WriteUInt64(Life.Boot);
        buffer.WriteUInt32(Life.Life);
        buffer.WriteInt64(Tag);
        buffer.WriteInt64(Index.Number);
        RejectReasonWire.WriteTo(buffer, Reason);
    }

    /// <summary>For traces.</summary>
    public override string ToString() =>
        $"ForwardReply {Reign} life {Life.Boot}.{Life.Life} f{Tag} "
        + (Reason is RejectReason reason ? $"refused {reason}" : $"appended {Index}");
}

/// <summary>Asks a leader that rests to speak: the sender has reason to doubt that it still
/// leads.</summary>
/// <param name="Reign">The reign that the sender is in.</param>
public readonly record struct Rouse<TReign>(TReign Reign) : IWire
    where TReign : struct, IReign
{
    /// <inheritdoc/>
    public void WriteTo(FrameBuffer buffer) =>
        LeaderCodec.WriteHead(buffer, LeaderKind.Rouse, Reign);

    /// <summary>For traces.</summary>
    public override string ToString() => $"Rouse {Reign}";
}

/// <summary>A follower asks behind which entry its reads see all that is committed (thesis
/// §6.4).</summary>
/// <param name="Reign">The reign in which the receiver leads.</param>
/// <param name="Ticket">The batch.</param>
public readonly record struct ReadIndex<TReign>(TReign Reign, ReadTicket Ticket) : IWire
    where TReign : struct, IReign
{
    /// <inheritdoc/>
    public void WriteTo(FrameBuffer buffer)
    {
        LeaderCodec.WriteHead(buffer, LeaderKind.ReadIndex, Reign);
        Ticket.WriteTo(buffer);
    }

    /// <summary>For traces.</summary>
    public override string ToString() => $"ReadIndex {Reign} {Ticket}";
}

/// <summary>Answers <see cref="ReadIndex{TReign}"/>.</summary>
/// <param name="Reign">The sender's reign.</param>
/// <param name="Ticket">The batch.</param>
/// <param name="Index">Confirmed: the entry. The sender has led after it was asked.</param>
/// <param name="Reason">Why it is refused; null if it is confirmed.</param>
public readonly record struct ReadIndexReply<TReign>(
    TReign Reign, ReadTicket Ticket, LogIndex Index, RejectReason? Reason) : IWire
    where TReign : struct, IReign
{
    /// <summary>Whether it is not refused.</summary>
    public bool IsConfirmed => Reason is null;

    /// <inheritdoc/>
    public void WriteTo(FrameBuffer buffer)
    {
        LeaderCodec.WriteHead(buffer, LeaderKind.ReadIndexReply, Reign);
        Ticket.WriteTo(buffer);
        buffer.WriteInt64(Index.Number);
        RejectReasonWire.WriteTo(buffer, Reason);
    }

    /// <summary>For traces.</summary>
    public override string ToString() => $"ReadIndexReply {Reign} {Ticket} "
        + (Reason is RejectReason reason ? $"refused {reason}" : $"at {Index}");
}
