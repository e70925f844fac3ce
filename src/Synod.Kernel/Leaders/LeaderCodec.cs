namespace Synod.Kernel;

/// <summary>Bytes from and to the messages of <see cref="LeaderDuties{TReign}"/>. Their head is
/// that of all messages of a protocol: version, kind, reign. What it hands on is well-formed: a
/// frame that is not gives false and touches nothing.</summary>
public static class LeaderCodec
{
    private const byte Version = 1;
    private static readonly LogIndex IndexMax = new(1L << 58);

    /// <summary>Whether a message of this kind is one of these.</summary>
    public static bool Knows(byte kind) =>
        kind is >= (byte)LeaderKind.TimeoutNow and <= (byte)LeaderKind.ReadIndexReply;

    /// <summary>Whether a message of this kind may leave before what its sender has written to its
    /// disk: whatever it rests on was durable long before.</summary>
    public static bool MayOvertake(LeaderKind kind) =>
        Knows((byte)kind) && kind != LeaderKind.Rouse;

    /// <summary>Decodes, validates and hands on a message whose head was read.</summary>
    public static bool TryDispatch<TReign>(
        in (Turn Turn, Member From) when,
        (LeaderKind Kind, TReign Reign) head,
        ref FrameReader reader,
        (LeaderDuties<TReign> Duties, Outbox Outbox) to)
        where TReign : struct, IReign
    {
        switch (head.Kind)
        {
            case LeaderKind.TimeoutNow:
                TimeoutNow<TReign> timeout = ReadTimeoutNow(head.Reign, ref reader);
                if (reader.IsComplete)
                    to.Duties.Receive(when.Turn, when.From, timeout, to.Outbox);
                break;
            case LeaderKind.Rouse:
                Rouse<TReign> rouse = new(head.Reign);
                if (reader.IsComplete)
                    to.Duties.Receive(when.Turn, when.From, rouse, to.Outbox);
                break;
            case LeaderKind.Forward:
            case LeaderKind.ForwardReply:
                DispatchForward(when, head, ref reader, to);
                break;
            case LeaderKind.ReadIndex:
            case LeaderKind.ReadIndexReply:
                DispatchRead(when, head, ref reader, to);
                break;
            default:
                return false;
        }

        return reader.IsComplete;
    }

    /// <summary>A message whose head was read, for traces.</summary>
    public static string Describe<TReign>(
        (LeaderKind Kind, TReign Reign) head, ref FrameReader reader)
        where TReign : struct, IReign => head.Kind switch
        {
            LeaderKind.TimeoutNow => ReadTimeoutNow(head.Reign, ref reader).ToString(),
            LeaderKind.Forward => ReadForward(head.Reign, ref reader).ToString(),
            LeaderKind.ForwardReply => ReadForwardReply(head.Reign, ref reader).ToString(),
            LeaderKind.Rouse => new Rouse<TReign>(head.Reign).ToString(),
            LeaderKind.ReadIndex => ReadReadIndex(head.Reign, ref reader).ToString(),
            LeaderKind.ReadIndexReply => ReadReadIndexReply(head.Reign, ref reader).ToString(),
        };

    /// <summary>Reads one back.</summary>
    public static TimeoutNow<TReign> ReadTimeoutNow<TReign>(TReign reign, ref FrameReader reader)
        where TReign : struct, IReign =>
        new(reign, ReadIndex(ref reader), reader.ReadCount());

    /// <summary>Reads one back.</summary>
    public static Forward<TReign> ReadForward<TReign>(TReign reign, ref FrameReader reader)
        where TReign : struct, IReign
    {
        Forward<TReign> forward =
            new(reign, (reader.ReadUInt64(), reader.ReadUInt32()), reader.ReadCount());
        (int offset, int length) = (reader.Position, reader.Remaining);
        reader.ReadBytes(length);
        return forward with { CommandOffset = offset, CommandLength = length };
    }

    /// <summary>Reads one back. It has appended it, and so says where; or it has not, and says
    /// why.</summary>
    public static ForwardReply<TReign> ReadForwardReply<TReign>(
        TReign reign, ref FrameReader reader)
        where TReign : struct, IReign
    {
        (ulong Boot, uint Life) life = (reader.ReadUInt64(), reader.ReadUInt32());
        (long tag, LogIndex index) = (reader.ReadCount(), ReadIndex(ref reader));
        RejectReason? reason = RejectReasonWire.ReadFrom(ref reader);
        reader.Require(reason is null ? index > LogIndex.Zero : index == LogIndex.Zero);
        return new ForwardReply<TReign>(reign, life, tag, index, reason);
    }

    /// <summary>Reads one back.</summary>
    public static ReadIndex<TReign> ReadReadIndex<TReign>(TReign reign, ref FrameReader reader)
        where TReign : struct, IReign => new(reign, ReadTicket.ReadFrom(ref reader));

    /// <summary>Reads one back.</summary>
    public static ReadIndexReply<TReign> ReadReadIndexReply<TReign>(
        TReign reign, ref FrameReader reader)
        where TReign : struct, IReign
    {
        ReadTicket ticket = ReadTicket.ReadFrom(ref reader);
        LogIndex index = ReadIndex(ref reader);
        RejectReason? reason = RejectReasonWire.ReadFrom(ref reader);
        reader.Require(reason is null || index == LogIndex.Zero);
        return new ReadIndexReply<TReign>(reign, ticket, index, reason);
    }

    internal static void WriteHead<TReign>(FrameBuffer buffer, LeaderKind kind, TReign reign)
        where TReign : struct, IReign
    {
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)kind);
        buffer.WriteInt64(reign.Number);
    }

    private static void DispatchForward<TReign>(
        in (Turn Turn, Member From) when,
        (LeaderKind Kind, TReign Reign) head,
        ref FrameReader reader,
        (LeaderDuties<TReign> Duties, Outbox Outbox) to)
        where TReign : struct, IReign
    {
        if (head.Kind == LeaderKind.Forward)
        {
            Forward<TReign> forward = ReadForward(head.Reign, ref reader);
            if (reader.IsComplete)
                to.Duties.Receive(when.Turn, when.From, forward, to.Outbox);
            return;
        }

        ForwardReply<TReign> reply = ReadForwardReply(head.Reign, ref reader);
        if (reader.IsComplete)
            to.Duties.Receive(when.Turn, when.From, reply, to.Outbox);
    }

    private static void DispatchRead<TReign>(
        in (Turn Turn, Member From) when,
        (LeaderKind Kind, TReign Reign) head,
        ref FrameReader reader,
        (LeaderDuties<TReign> Duties, Outbox Outbox) to)
        where TReign : struct, IReign
    {
        if (head.Kind == LeaderKind.ReadIndex)
        {
            ReadIndex<TReign> question = ReadReadIndex(head.Reign, ref reader);
            if (reader.IsComplete)
                to.Duties.Receive(when.Turn, when.From, question, to.Outbox);
            return;
        }

        ReadIndexReply<TReign> answer = ReadReadIndexReply(head.Reign, ref reader);
        if (reader.IsComplete)
            to.Duties.Receive(when.Turn, when.From, answer, to.Outbox);
    }

    // No group gets so far; a lie must leave room for what is counted on from it.
    private static LogIndex ReadIndex(ref FrameReader reader)
    {
        LogIndex index = new(reader.ReadCount());
        reader.Require(index <= IndexMax);
        return reader.IsValid ? index : LogIndex.Zero;
    }
}
