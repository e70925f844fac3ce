using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>The frame that is being filled, in place, at the end of a block of the
/// window.</summary>
internal sealed class FrameBuilder
{
    private WindowBlock? _block;
    private int _start;
    private int _limit;
    private int _reserved;
    private int _statementsEnd;
    private int _statements;

    /// <summary>How many records the frame has, copies not counted.</summary>
    public int Records { get; private set; }

    /// <summary>How many bytes the frame has by now, its header included.</summary>
    public int Length { get; private set; }

    /// <summary>Whether there is nothing to seal.</summary>
    public bool IsEmpty => Length <= FrameHeader.Bytes;

    /// <summary>Whether the frame has a statement, which must be copied before it is
    /// sealed.</summary>
    public bool HasStatement => _statementsEnd > 0;

    /// <summary>The bytes that a record takes in a frame of its own, at most.</summary>
    public static int BytesFor(int size, bool isStatement) =>
        FrameHeader.Bytes + (isStatement ? (2 * size) + Sector.Bytes : size);

    /// <summary>Begins a frame behind what the block holds.</summary>
    /// <param name="block">The block.</param>
    /// <param name="limit">The bytes that the segment has left.</param>
    public void Begin(WindowBlock block, long limit)
    {
        _block = block;
        _start = block.Used;
        _limit = (int)Math.Min(block.Room, limit);
        _reserved = 0;
        _statementsEnd = 0;
        _statements = 0;
        Records = 0;
        Length = FrameHeader.Bytes;
        block.Used = _start + Length;
    }

    /// <summary>Whether a frame is begun and has room for a record of so many bytes more, with the
    /// copies of all its statements.</summary>
    public bool HasRoomFor(int size, bool isStatement)
    {
        int copy = isStatement ? size + (_reserved == 0 ? Sector.Bytes : 0) : 0;
        return _block is not null && Length + _reserved + size + copy <= _limit;
    }

    /// <summary>Adds a record; there must be room.</summary>
    public LogPosition Add(
        LogTail tail,
        in RecordHeader header,
        ReadOnlySpan<byte> record,
        ReadOnlySpan<byte> command)
    {
        RecordPlace place = PlaceHere(tail, isCopy: false);
        Write(place, header, record, command);
        Records++;
        if (!header.IsStatement)
            return place.Position;

        int size = RecordFormat.SizeOf(record.Length + command.Length);
        _reserved += size + (_reserved == 0 ? Sector.Bytes : 0);
        _statementsEnd = Length;
        _statements++;
        return place.Position;
    }

    /// <summary>Adds the copy of a statement, in another sector than any statement of this
    /// frame.</summary>
    public void AddCopy(
        LogTail tail, in RecordHeader header, ReadOnlySpan<byte> body, bool isDoubtful = false)
    {
        if (_statementsEnd > 0)
            PadTo(Sector.RoundUp(_statementsEnd));
        RecordPlace place = PlaceHere(tail, isCopy: true) with { IsDoubtful = isDoubtful };
        Write(place, header, body, default);
    }

    /// <summary>Completes the frame as the next one of the log, and gives back the block it is in
    /// and its bytes.</summary>
    public WindowBlock Seal(LogTail tail, Segment segment, out ReadOnlyMemory<byte> frame)
    {
        WindowBlock block = Block;
        Span<byte> room = block.Bytes.AsSpan(_start, Sector.RoundUp(Length));
        int bytes = tail.Seal(room, Length, (Records, _statements), segment);
        frame = block.Bytes.AsMemory(_start, bytes);
        block.Used = _start + bytes;
        Abandon();
        return block;
    }

    /// <summary>Forgets the frame.</summary>
    public void Abandon()
    {
        _block = null;
        _reserved = 0;
        _statementsEnd = 0;
        _statements = 0;
        Records = 0;
        Length = 0;
    }

    private RecordPlace PlaceHere(LogTail tail, bool isCopy) => new(
        tail.LogId, tail.Opening, new LogPosition(Block.Start + Block.Used), isCopy);

    private void Write(
        in RecordPlace place,
        in RecordHeader header,
        ReadOnlySpan<byte> record,
        ReadOnlySpan<byte> command)
    {
        WindowBlock block = Block;
        int bodyLength = record.Length + command.Length;
        int size = RecordFormat.SizeOf(bodyLength);
        Span<byte> room = block.Bytes.AsSpan(block.Used, size);
        record.CopyTo(room[RecordFormat.HeaderBytes..]);
        command.CopyTo(room[(RecordFormat.HeaderBytes + record.Length)..]);
        RecordFormat.WriteHeader(room, place, header, bodyLength);
        block.Used += size;
        Length += size;
    }

    // Frames begin where sectors begin.
    private void PadTo(int length)
    {
        if (Length >= length)
            return;

        WindowBlock block = Block;
        block.Bytes.AsSpan(block.Used, length - Length).Clear();
        block.Used += length - Length;
        Length = length;
    }

    private WindowBlock Block =>
        _block ?? throw new InvalidOperationException("No frame is begun.");
}
