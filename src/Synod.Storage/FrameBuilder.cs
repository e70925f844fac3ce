using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>The frame that is being filled, in place, at the end of a block of the
/// window.</summary>
internal sealed class FrameBuilder
{
    private WindowBlock? _block;
    private int _start;
    private int _limit;

    /// <summary>How many records the frame has.</summary>
    public int Records { get; private set; }

    /// <summary>How many bytes the frame has by now, its header included.</summary>
    public int Length { get; private set; }

    /// <summary>Whether there is nothing to seal.</summary>
    public bool IsEmpty => Records == 0;

    /// <summary>Begins a frame behind what the block holds.</summary>
    /// <param name="block">The block.</param>
    /// <param name="limit">The bytes that the segment has left.</param>
    public void Begin(WindowBlock block, long limit)
    {
        _block = block;
        _start = block.Used;
        _limit = (int)Math.Min(block.Room, limit);
        Records = 0;
        Length = FrameHeader.Bytes;
        block.Used = _start + Length;
    }

    /// <summary>Whether a frame is begun and has room for so many bytes more.</summary>
    public bool HasRoomFor(int bytes) => _block is not null && Length + bytes <= _limit;

    /// <summary>Adds a record; there must be room.</summary>
    public LogPosition Add(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        WindowBlock block = Block;
        int bodyLength = record.Length + command.Length;
        int size = RecordFormat.SizeOf(bodyLength);
        LogPosition position = new(block.Start + block.Used);
        Span<byte> room = block.Bytes.AsSpan(block.Used, size);
        record.CopyTo(room[RecordFormat.HeaderBytes..]);
        command.CopyTo(room[(RecordFormat.HeaderBytes + record.Length)..]);
        RecordFormat.WriteHeader(room, position, header, bodyLength);
        block.Used += size;
        Length += size;
        Records++;
        return position;
    }

    /// <summary>Completes the frame as the next one of the log, and gives back the block it is in
    /// and its bytes.</summary>
    public WindowBlock Seal(LogTail tail, uint generation, out ReadOnlyMemory<byte> frame)
    {
        WindowBlock block = Block;
        int bytes = tail.Seal(
            block.Bytes.AsSpan(_start, Sector.RoundUp(Length)), Length, Records, generation);
        frame = block.Bytes.AsMemory(_start, bytes);
        block.Used = _start + bytes;
        Abandon();
        return block;
    }

    /// <summary>Forgets the frame.</summary>
    public void Abandon()
    {
        _block = null;
        Records = 0;
        Length = 0;
    }

    private WindowBlock Block =>
        _block ?? throw new InvalidOperationException("No frame is begun.");
}
