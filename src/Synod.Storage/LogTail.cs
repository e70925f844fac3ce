using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The end of the log: what the header of the next frame says.</summary>
/// <param name="logId">The name of the log.</param>
/// <param name="opening">Which opening this is.</param>
internal sealed class LogTail(LogId logId, uint opening)
{
    private uint _previousCrc;

    public LogId LogId => logId;

    public uint Opening => opening;

    /// <summary>Where the next frame begins.</summary>
    public long End { get; private set; }

    /// <summary>All before this position is flushed.</summary>
    public long DurableThrough { get; private set; }

    /// <summary>Whether the last frame has no records: nothing came since it was a mark.</summary>
    public bool IsMarked { get; private set; }

    /// <summary>How many frames were sealed.</summary>
    public long Frames { get; private set; }

    /// <summary>Goes on behind what a recovery has found.</summary>
    public void Resume(long end, uint previousCrc)
    {
        End = end;
        _previousCrc = previousCrc;
    }

    /// <summary>Completes a frame whose records are there: header in front, zeros behind.</summary>
    /// <param name="room">Whole sectors that hold the frame.</param>
    /// <param name="length">The bytes of header and records.</param>
    /// <param name="records">How many there are.</param>
    /// <param name="generation">Of the segment.</param>
    /// <returns>The bytes of the frame, in whole sectors.</returns>
    public int Seal(Span<byte> room, int length, int records, uint generation)
    {
        FrameHeader header = new()
        {
            LogId = logId,
            Opening = opening,
            Generation = generation,
            Position = End,
            DurableThrough = DurableThrough,
            Length = length - FrameHeader.Bytes,
            Records = records,
            PreviousCrc = _previousCrc,
            BodyCrc = Crc32C.Of(room[FrameHeader.Bytes..length]),
        };
        room[length..header.FrameBytes].Clear();
        _previousCrc = header.WriteTo(room);
        End = header.End;
        IsMarked = records == 0;
        Frames++;
        return header.FrameBytes;
    }

    /// <summary>Goes on at the beginning of the next segment.</summary>
    public void MoveTo(long position) => End = position;

    /// <summary>All before the position is flushed.</summary>
    public void Flushed(long through) => DurableThrough = through;
}
