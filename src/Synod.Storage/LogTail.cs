using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The end of the log: what the header of the next frame says.</summary>
/// <param name="logId">The name of the log.</param>
/// <param name="opening">Which opening this is.</param>
internal sealed class LogTail(LogId logId, uint opening)
{
    private uint _previousCrc;
    private long _records;
    private long _statements;

    public LogId LogId => logId;

    public uint Opening => opening;

    /// <summary>Where the next frame begins.</summary>
    public long End { get; private set; }

    /// <summary>All before this position is flushed.</summary>
    public long DurableThrough { get; private set; }

    /// <summary>All before this position is released.</summary>
    public long ReleasedThrough { get; private set; }

    /// <summary>Whether the last frame is a mark: nothing came since.</summary>
    public bool IsMarked { get; private set; }

    /// <summary>Where this opening has begun to write.</summary>
    public long Since { get; private set; }

    /// <summary>How many frames were sealed.</summary>
    public long Frames { get; private set; }

    /// <summary>Goes on behind what a recovery has found.</summary>
    /// <param name="end">Where the log ends.</param>
    /// <param name="previousCrc">Of the last header.</param>
    /// <param name="counts">How many records and statements the log has had up to there.</param>
    /// <param name="released">Through where it is released.</param>
    public void Resume(
        long end, uint previousCrc, (long Records, long Statements) counts, long released)
    {
        End = Since = end;
        ReleasedThrough = released;
        _previousCrc = previousCrc;
        (_records, _statements) = counts;
    }

    /// <summary>Completes a frame whose records are there: header in front, zeros behind.</summary>
    /// <param name="room">Whole sectors that hold the frame.</param>
    /// <param name="length">The bytes of header and records.</param>
    /// <param name="counts">How many records and statements there are, copies not counted.</param>
    /// <param name="segment">The segment it is for.</param>
    /// <returns>The bytes of the frame, in whole sectors.</returns>
    public int Seal(
        Span<byte> room, int length, (int Records, int Statements) counts, Segment segment)
    {
        FrameHeader header = new()
        {
            LogId = logId,
            Opening = opening,
            Generation = segment.Name.Generation,
            Sequence = segment.Name.Sequence,
            SegmentBase = segment.Base,
            Since = Since,
            RecordsBefore = _records,
            Position = End,
            DurableThrough = DurableThrough,
            Length = length - FrameHeader.Bytes,
            Records = counts.Records,
            StatementsBefore = _statements,
            ReleasedThrough = ReleasedThrough,
            Statements = counts.Statements,
            PreviousCrc = _previousCrc,
            BodyCrc = Crc32C.Of(room[FrameHeader.Bytes..length]),
        };
        room[length..header.FrameBytes].Clear();
        _previousCrc = header.WriteTo(room);
        End = header.End;
        IsMarked = header.Length == 0;
        _records += counts.Records;
        _statements += counts.Statements;
        Frames++;
        return header.FrameBytes;
    }

    /// <summary>Goes on at the beginning of the next segment.</summary>
    public void MoveTo(long position)
    {
        if (Frames == 0)
            Since = position;
        End = position;
    }

    /// <summary>All before the position is released; the next frames say so.</summary>
    public void Release(long through) => ReleasedThrough = through;

    /// <summary>All before the position is flushed.</summary>
    public void Flushed(long through) => DurableThrough = through;
}
