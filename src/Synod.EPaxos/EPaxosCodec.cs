using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Bytes from and to messages. What it hands on is well-formed: a frame that is not gives
/// false and touches nothing.</summary>
internal static partial class EPaxosCodec
{
    /// <summary>The first byte of all that is written.</summary>
    public const byte Version = 1;

    private const long RoundMax = 1L << 40;
    private const int UncoveredMax = 1 << 20;

    public static void WriteHead(FrameBuffer buffer, EPaxosKind kind)
    {
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)kind);
    }

    public static EPaxosKind ReadHead(ref FrameReader reader)
    {
        reader.Require(reader.ReadByte() == Version);
        return (EPaxosKind)reader.ReadByte();
    }

    public static Ballot ReadBallot(ref FrameReader reader)
    {
        Ballot ballot = new(reader.ReadCount());
        reader.Require(ballot.Round <= RoundMax);
        return ballot;
    }

    public static void WriteUncovered(
        FrameBuffer buffer, IReadOnlyList<UncoveredInstance> instances)
    {
        buffer.WriteInt32(instances.Count);
        foreach (UncoveredInstance instance in instances)
        {
            instance.Id.WriteTo(buffer);
            buffer.WriteBoolean(instance.IsCommitted);
        }
    }

    public static void WriteRanges(FrameBuffer buffer, IReadOnlyList<SlotRange> ranges)
    {
        buffer.WriteInt32(ranges.Count);
        foreach (SlotRange range in ranges)
        {
            range.First.WriteTo(buffer);
            buffer.WriteInt64(range.Last);
        }
    }

    /// <summary>Decodes, validates and hands on a frame.</summary>
    public static bool TryDispatch(
        in Turn turn,
        Member from,
        ReadOnlySpan<byte> frame,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        FrameReader reader = new(frame);
        EPaxosKind kind = ReadHead(ref reader);
        return kind switch
        {
            EPaxosKind.PreAccept or EPaxosKind.PreAcceptOk or EPaxosKind.Accept
                or EPaxosKind.AcceptOk => TryPropose((turn, from, null), kind, ref reader, to),
            EPaxosKind.Commit or EPaxosKind.Frontier or EPaxosKind.FetchCommitted =>
                TryCommit((turn, from, null), kind, ref reader, to),
            EPaxosKind.Bundle => TryUnpack((turn, from), frame, to),
            EPaxosKind.Saved or EPaxosKind.Truncated =>
                TryTruncate((turn, from), kind, ref reader, to),
            EPaxosKind.Recover or EPaxosKind.RecoverOk or EPaxosKind.Validate
                or EPaxosKind.ValidateOk => TryRecover((turn, from), kind, ref reader, to),
            EPaxosKind.Waiting or EPaxosKind.TryRecover or EPaxosKind.Nack =>
                TryHint((turn, from), kind, ref reader, to),
            EPaxosKind.Gather or EPaxosKind.Gathered =>
                TryRead((turn, from), kind, ref reader, to),
            EPaxosKind.AskUsed or EPaxosKind.Used =>
                TryRepair((turn, from), kind, ref reader, to),
            _ => false,
        };
    }

    private static bool TryPropose(
        in (Turn Turn, Member From, Payload? Apart) when,
        EPaxosKind kind,
        ref FrameReader reader,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        ((Turn turn, Member from, Payload? apart), bool isNear) = (when, true);
        if (kind == EPaxosKind.PreAccept)
        {
            PreAccept message = ReadPreAccept(ref reader, apart);
            isNear = IsNear(to.Inbox, message.Id, message.Initial)
                && IsWhole(message.Value, message.Command);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (kind == EPaxosKind.PreAcceptOk)
        {
            PreAcceptOk message = ReadPreAcceptOk(ref reader);
            isNear = to.Inbox.IsNear(message.Id) && to.Inbox.IsNear(message.Dep);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (kind == EPaxosKind.Accept)
        {
            Accept message = ReadAccept(ref reader, apart);
            isNear = IsNear(to.Inbox, message.Id, message.Dep)
                && IsWhole(message.Value, message.Command);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            AcceptOk message = ReadAcceptOk(ref reader);
            isNear = to.Inbox.IsNear(message.Id);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }

        return reader.IsComplete && isNear;
    }

    private static bool TryCommit(
        in (Turn Turn, Member From, Payload? Apart) when,
        EPaxosKind kind,
        ref FrameReader reader,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        ((Turn turn, Member from, Payload? apart), bool isNear) = (when, true);
        if (kind == EPaxosKind.Commit)
        {
            Commit message = ReadCommit(ref reader, apart);
            isNear = IsNear(to.Inbox, message.Id, message.Dep)
                && IsWhole(message.Value, message.Command);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (kind == EPaxosKind.Frontier)
        {
            Frontier message = ReadFrontier(ref reader);
            isNear = to.Inbox.IsNear(message.Through) && to.Inbox.IsNear(message.Last);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            FetchCommitted message = ReadFetchCommitted(ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }

        return reader.IsComplete && isNear;
    }

    private static bool TryTruncate(
        in (Turn Turn, Member From) when,
        EPaxosKind kind,
        ref FrameReader reader,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (kind == EPaxosKind.Saved)
        {
            Saved message = ReadSaved(ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Truncated message = ReadTruncated(ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }

        return reader.IsComplete;
    }

    private static bool TryRecover(
        in (Turn Turn, Member From) when,
        EPaxosKind kind,
        ref FrameReader reader,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        ((Turn turn, Member from), bool isNear) = (when, true);
        if (kind == EPaxosKind.Recover)
        {
            Recover message = ReadRecover(ref reader);
            isNear = to.Inbox.IsNear(message.Id);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (kind == EPaxosKind.RecoverOk)
        {
            RecoverOk message = ReadRecoverOk(ref reader);
            isNear = IsNear(to.Inbox, message.Id, message.Dep.Union(message.Initial))
                && IsWhole(message.Value, message.Command);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (kind == EPaxosKind.Validate)
        {
            Validate message = ReadValidate(ref reader);
            isNear = IsNear(to.Inbox, message.Id, message.Initial)
                && IsWhole(message.Value, message.Command);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            ValidateOk message = ReadValidateOk(ref reader);
            isNear = to.Inbox.IsNear(message.Id);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }

        return reader.IsComplete && isNear;
    }

    private static bool TryHint(
        in (Turn Turn, Member From) when,
        EPaxosKind kind,
        ref FrameReader reader,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        ((Turn turn, Member from), bool isNear) = (when, true);
        if (kind == EPaxosKind.Waiting)
        {
            Waiting message = ReadWaiting(ref reader);
            isNear = to.Inbox.IsNear(message.Id);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else if (kind == EPaxosKind.TryRecover)
        {
            TryRecover message = ReadTryRecover(ref reader);
            isNear = to.Inbox.IsNear(message.Id);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Nack message = ReadNack(ref reader);
            isNear = to.Inbox.IsNear(message.Id);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }

        return reader.IsComplete && isNear;
    }

    private static bool TryRead(
        in (Turn Turn, Member From) when,
        EPaxosKind kind,
        ref FrameReader reader,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        ((Turn turn, Member from), bool isNear) = (when, true);
        if (kind == EPaxosKind.Gather)
        {
            Gather message = ReadGather(ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Gathered message = ReadGathered(ref reader);
            isNear = to.Inbox.IsNear(message.Conflicts);
            if (reader.IsComplete && isNear)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }

        return reader.IsComplete && isNear;
    }

    private static bool TryRepair(
        in (Turn Turn, Member From) when,
        EPaxosKind kind,
        ref FrameReader reader,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        (Turn turn, Member from) = when;
        if (kind == EPaxosKind.AskUsed)
        {
            AskUsed message = ReadAskUsed(ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }
        else
        {
            Used message = ReadUsed(ref reader);
            if (reader.IsComplete)
                to.Inbox.Receive(turn, from, message, to.Outbox);
        }

        return reader.IsComplete;
    }

    private static bool IsNear(IEPaxosInbox inbox, InstanceId id, in EPaxosCover cover) =>
        inbox.IsNear(id) && inbox.IsNear(cover);

    private static bool IsWhole(in EPaxosValue value, in EPaxosCommands command) =>
        command.Length == value.Carried;

    private static EPaxosPhase ReadPhase(ref FrameReader reader)
    {
        EPaxosPhase phase = (EPaxosPhase)reader.ReadByte();
        reader.Require(phase <= EPaxosPhase.Accepted);
        return phase;
    }

    // The command is the rest of the frame, or apart from it in a bundle; it is not there where
    // only the head is described.
    private static Payload ReadCommand(
        in EPaxosValue value, ref FrameReader reader, Payload? apart = null)
    {
        if (apart is Payload command)
            return command;

        int offset = reader.Position;
        int length = reader.Remaining;
        reader.Require(length == value.Carried || length == 0);
        reader.ReadBytes(length);
        return Payload.Transient(offset, length);
    }

    public static SlotRange[] ReadRanges(ref FrameReader reader, int most)
    {
        int count = reader.ReadInt32();
        reader.Require(count >= 0 && count <= most);
        SlotRange[] ranges = new SlotRange[reader.IsValid ? count : 0];
        for (int place = 0; place < ranges.Length; place++)
        {
            ranges[place] = new SlotRange(InstanceId.ReadFrom(ref reader), reader.ReadCount());
            reader.Require(ranges[place].First.Slot <= ranges[place].Last);
        }

        return ranges;
    }

    private static UncoveredInstance[] ReadUncovered(ref FrameReader reader)
    {
        int count = reader.ReadInt32();
        reader.Require(count is >= 0 and <= UncoveredMax && count <= reader.Remaining);
        UncoveredInstance[] instances = new UncoveredInstance[reader.IsValid ? count : 0];
        for (int place = 0; place < instances.Length; place++)
        {
            InstanceId id = InstanceId.ReadFrom(ref reader);
            instances[place] = new UncoveredInstance(id, reader.ReadBoolean());
        }

        return instances;
    }

    /// <summary>A frame as a line of trace text.</summary>
    public static string Describe(ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        EPaxosKind kind = ReadHead(ref reader);
        string? text = kind switch
        {
            EPaxosKind.PreAccept => ReadPreAccept(ref reader).ToString(),
            EPaxosKind.PreAcceptOk => ReadPreAcceptOk(ref reader).ToString(),
            EPaxosKind.Accept => ReadAccept(ref reader).ToString(),
            EPaxosKind.AcceptOk => ReadAcceptOk(ref reader).ToString(),
            EPaxosKind.Commit => ReadCommit(ref reader).ToString(),
            EPaxosKind.Recover => ReadRecover(ref reader).ToString(),
            EPaxosKind.RecoverOk => ReadRecoverOk(ref reader).ToString(),
            EPaxosKind.Validate => ReadValidate(ref reader).ToString(),
            EPaxosKind.ValidateOk => ReadValidateOk(ref reader).ToString(),
            EPaxosKind.Waiting => ReadWaiting(ref reader).ToString(),
            EPaxosKind.TryRecover => ReadTryRecover(ref reader).ToString(),
            EPaxosKind.Nack => ReadNack(ref reader).ToString(),
            EPaxosKind.Frontier => ReadFrontier(ref reader).ToString(),
            EPaxosKind.FetchCommitted => ReadFetchCommitted(ref reader).ToString(),
            EPaxosKind.Gather => ReadGather(ref reader).ToString(),
            EPaxosKind.Gathered => ReadGathered(ref reader).ToString(),
            EPaxosKind.Saved => ReadSaved(ref reader).ToString(),
            EPaxosKind.Truncated => ReadTruncated(ref reader).ToString(),
            EPaxosKind.TruncatedRecord => TruncatedRecord.ReadFrom(ref reader).ToString(),
            EPaxosKind.AskUsed => ReadAskUsed(ref reader).ToString(),
            EPaxosKind.Used => ReadUsed(ref reader).ToString(),
            EPaxosKind.RepairedRecord => RepairedRecord.ReadFrom(ref reader).ToString(),
            EPaxosKind.Bundle => DescribeBundle(frame),
            EPaxosKind.StateRecord => StateRecord.ReadFrom(ref reader).ToString(),
            EPaxosKind.HeldRecord => new HeldRecord().ToString(),
            >= EPaxosKind.PreAcceptedRecord and <= EPaxosKind.LearnedRecord =>
                InstanceRecord.ReadFrom(kind, ref reader).ToString(),
            _ => null,
        };
        return text is not null && reader.IsValid ? text : $"malformed, {frame.Length} bytes";
    }
}
