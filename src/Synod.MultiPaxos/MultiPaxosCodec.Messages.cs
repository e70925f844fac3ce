using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Messages one by one.</summary>
internal sealed partial class MultiPaxosCodec
{
    private const int SlotHeadBytes = sizeof(long) + sizeof(byte) + sizeof(int);

    private static readonly LogIndex SlotMax = new(1L << 58);

    private MultiPaxosSlotHead[] _slots = new MultiPaxosSlotHead[4];

    /// <summary>A message or a record, for traces.</summary>
    public string Describe(ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        MultiPaxosKind kind = ReadHead(ref reader, out Ballot ballot);
        if (LeaderCodec.Knows((byte)kind))
            return LeaderCodec.Describe(((LeaderKind)kind, ballot), ref reader);
        if (!Enum.IsDefined(kind))
            return $"{frame.Length} bytes of no known kind";

        return kind switch
        {
            MultiPaxosKind.Probe => ReadProbe(ballot, ref reader).ToString(),
            MultiPaxosKind.ProbeReply => ReadProbeReply(ballot, ref reader).ToString(),
            MultiPaxosKind.Prepare => ReadPrepare(ballot, ref reader).ToString(),
            MultiPaxosKind.Promise =>
                ReadPromise(ballot, ref reader, hasCommands: false).ToString(),
            MultiPaxosKind.Nack => new Nack(ballot).ToString(),
            MultiPaxosKind.Accept or MultiPaxosKind.Rest =>
                ReadAccept((kind, ballot), ref reader, hasCommands: false).ToString(),
            MultiPaxosKind.Accepted => ReadAccepted(ballot, ref reader).ToString(),
            MultiPaxosKind.Learn => ReadLearn(ballot, ref reader).ToString(),
            MultiPaxosKind.Learned =>
                ReadLearned(ballot, ref reader, hasCommands: false).ToString(),
            MultiPaxosKind.PromiseRecord => PromiseRecord.ReadFrom(ballot, ref reader).ToString(),
            MultiPaxosKind.ValueRecord => ValueRecord.ReadFrom(ballot, ref reader).ToString(),
            MultiPaxosKind.BallotRecord => BallotRecord.ReadFrom(ballot, ref reader).ToString(),
        };
    }

    public static Probe ReadProbe(Ballot ballot, ref FrameReader reader) =>
        new(ballot, ReadSlot(ref reader));

    public static ProbeReply ReadProbeReply(Ballot ballot, ref FrameReader reader) =>
        new(ballot, reader.ReadBoolean());

    public static Prepare ReadPrepare(Ballot ballot, ref FrameReader reader)
    {
        Prepare prepare = new(ballot, ReadSlot(ref reader), reader.ReadCount());
        reader.Require(prepare.From > LogIndex.Zero);
        return prepare;
    }

    public Promise ReadPromise(Ballot ballot, ref FrameReader reader, bool hasCommands = true)
    {
        LogIndex from = ReadSlot(ref reader);
        LogIndex last = ReadSlot(ref reader);
        LogIndex chosen = ReadSlot(ref reader);
        KernelHealth health = DamageNumber.ReadHealth(ref reader);
        int count = ReadSlots(ref reader, ballot);
        reader.Require(from > LogIndex.Zero && chosen <= last);
        int offset = SkipCommands(ref reader, count, hasCommands);
        return new Promise
        {
            Ballot = ballot,
            From = from,
            Last = last,
            Chosen = chosen,
            Health = health,
            Slots = _slots.AsSpan(0, count),
            CommandsOffset = offset,
        };
    }

    public Accept ReadAccept(
        in (MultiPaxosKind Kind, Ballot Ballot) head,
        ref FrameReader reader,
        bool hasCommands = true)
    {
        LogIndex first = ReadSlot(ref reader);
        LogIndex below = ReadSlot(ref reader);
        LogIndex chosen = ReadSlot(ref reader);
        long round = reader.ReadCount();
        long transfersOver = reader.ReadCount();
        long damage = reader.ReadCount();
        LogIndex last = ReadSlot(ref reader);
        int count = ReadSlots(ref reader, head.Ballot);
        reader.Require(head.Ballot > Ballot.Zero);
        reader.Require(below < first && first.Number - 1 + count <= last.Number);
        reader.Require(below <= chosen && chosen <= last && AreAllOf(head.Ballot, count));
        reader.Require(count == 0 || head.Kind == MultiPaxosKind.Accept);
        int offset = SkipCommands(ref reader, count, hasCommands);
        return new Accept
        {
            Ballot = head.Ballot,
            First = first,
            Base = below,
            Chosen = chosen,
            Round = round,
            TransfersOver = transfersOver,
            Damage = damage,
            Last = last,
            Rests = head.Kind == MultiPaxosKind.Rest,
            Slots = _slots.AsSpan(0, count),
            CommandsOffset = offset,
        };
    }

    public static Accepted ReadAccepted(Ballot ballot, ref FrameReader reader) => new(
        ballot,
        ReadSlot(ref reader),
        ReadSlot(ref reader),
        reader.ReadBoolean(),
        ReadSlot(ref reader),
        ReadSlot(ref reader),
        reader.ReadCount(),
        reader.ReadCount(),
        DamageNumber.ReadHealth(ref reader),
        reader.ReadBoolean());

    public static Learn ReadLearn(Ballot ballot, ref FrameReader reader)
    {
        Learn learn = new(ballot, ReadSlot(ref reader));
        reader.Require(learn.From > LogIndex.Zero);
        return learn;
    }

    public Learned ReadLearned(Ballot ballot, ref FrameReader reader, bool hasCommands = true)
    {
        LogIndex from = ReadSlot(ref reader);
        LogIndex chosen = ReadSlot(ref reader);
        int count = ReadSlots(ref reader, ballot);
        reader.Require(from > LogIndex.Zero && from.Number - 1 + count <= chosen.Number);
        reader.Require(IsFilled(count));
        int offset = SkipCommands(ref reader, count, hasCommands);
        return new Learned
        {
            Ballot = ballot,
            From = from,
            Chosen = chosen,
            Slots = _slots.AsSpan(0, count),
            CommandsOffset = offset,
        };
    }

    // No group gets so far; a lie must leave room for what is counted on from it.
    private static LogIndex ReadSlot(ref FrameReader reader)
    {
        LogIndex slot = new(reader.ReadCount());
        reader.Require(slot <= SlotMax);
        return reader.IsValid ? slot : LogIndex.Zero;
    }

    // No value is newer than the ballot of who tells of it.
    private int ReadSlots(ref FrameReader reader, Ballot newest)
    {
        int count = reader.ReadInt32();
        reader.Require(count >= 0 && count <= reader.Remaining / SlotHeadBytes);
        reader.Require(count <= MultiPaxosOptions.SlotsPerMessageLimit);
        if (!reader.IsValid)
            return 0;

        if (_slots.Length < count)
            _slots = new MultiPaxosSlotHead[Math.Max(count, _slots.Length * 2)];
        for (int position = 0; position < count; position++)
        {
            Ballot ballot = new(reader.ReadCount());
            MultiPaxosValueKind kind = ReadKind(ballot, ref reader, out Ballot origin);
            int length = reader.ReadInt32();
            reader.Require(ballot <= newest);
            reader.Require(length == 0 || (length > 0 && kind == MultiPaxosValueKind.Command));
            _slots[position] = new MultiPaxosSlotHead(ballot, origin, kind, length);
        }

        return reader.IsValid ? count : 0;
    }

    private bool AreAllOf(Ballot ballot, int count)
    {
        foreach (MultiPaxosSlotHead slot in _slots.AsSpan(0, count))
        {
            if (slot.Ballot != ballot)
                return false;
        }

        return true;
    }

    private bool IsFilled(int count)
    {
        foreach (MultiPaxosSlotHead slot in _slots.AsSpan(0, count))
        {
            if (slot.Kind == MultiPaxosValueKind.None)
                return false;
        }

        return true;
    }

    private int SkipCommands(ref FrameReader reader, int count, bool areThere)
    {
        int offset = reader.Position;
        for (int position = 0; areThere && position < count; position++)
            reader.ReadBytes(_slots[position].Length);
        return offset;
    }
}
