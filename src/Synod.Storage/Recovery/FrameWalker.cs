using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>Walks from frame to frame as long as each is intact and continues the one
/// before.</summary>
/// <remarks>
/// Why a frame behind a torn tail never comes back to life: every opening begins with a mark, an
/// empty frame that is made durable in the place where the log was found to end, before anything is
/// appended behind it. The mark carries the number of the opening, so its checksum differs from
/// that of whatever header stood there, and that header is gone for good. A stale frame further on
/// names the checksum of its own predecessor, which no intact frame has any more; and if two
/// checksums were equal by accident, its opening is lower than that of the mark.
/// </remarks>
internal sealed class FrameWalker(
    SegmentReader reader, IReadOnlyList<Segment> segments, LogId? logId)
{
    private const string NoHeader = "no intact frame header";
    private const string NoBody = "a frame whose records are not intact (body CRC)";

    private int _segment;
    private long _offset;
    private int _frameSegment;
    private long _frameOffset;
    private bool _isUnchained;

    /// <summary>The frame that was reached.</summary>
    public FrameHeader Header { get; private set; }

    /// <summary>How many frames were reached.</summary>
    public long Frames { get; private set; }

    /// <summary>Where the log goes on, or would go on.</summary>
    public long End => _segment < segments.Count ? segments[_segment].Base + _offset : 0;

    /// <summary>The index of the segment that holds the end.</summary>
    public int EndSegment => _segment;

    /// <summary>Why the walk has ended.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Where it has ended: file and offset.</summary>
    public string Place { get; private set; } = "";

    /// <summary>The header of the frame at which the walk has ended, if only its records are not
    /// intact; then the log goes on behind it.</summary>
    public FrameHeader? Hurt { get; private set; }

    /// <summary>The index of the segment of the frame that was reached.</summary>
    public int FrameSegment => _frameSegment;

    /// <summary>Where in its segment the frame is that was reached.</summary>
    public long FrameOffset => _frameOffset;

    /// <summary>The records of the frame that was reached. Valid until the next call.</summary>
    public RecordCursor Records => new(
        reader.Read(segments[_frameSegment], _frameOffset, FrameHeader.Bytes + Header.Length)
            [FrameHeader.Bytes..],
        Header.Position + FrameHeader.Bytes,
        Header.LogId);

    /// <summary>Goes to the next frame; false at the end of the log, or at the first frame that is
    /// not intact.</summary>
    /// <exception cref="LogException">A frame is of a newer release, or one that no release of
    /// Synod writes.</exception>
    public bool MoveNext()
    {
        if (_segment >= segments.Count)
            return false;

        Fault = FaultAt(_segment, _offset, out FrameHeader header);
        Place = PlaceOf(_segment, _offset);
        Hurt = Fault == NoBody ? header : null;
        if (Fault.Length == 0)
            return Advance(_segment, _offset, header);

        // The rest of a segment stays empty when the next frame does not fit. Whether that is so
        // here, or a frame is missing, is told by the chain: the first frame of the next segment
        // continues the last one that was reached, or it does not.
        if (_segment + 1 >= segments.Count || _isUnchained)
            return false;

        string next = FaultAt(_segment + 1, 0, out header);
        if (next.Length == 0)
            return Advance(_segment + 1, 0, header);
        if (Fault != NoHeader || next == NoHeader)
            return false;

        (Fault, Place) = (next, PlaceOf(_segment + 1, 0));
        Hurt = next == NoBody ? header : null;
        return false;
    }

    /// <summary>Goes on at a place that was found otherwise: what is there needs not continue what
    /// was reached before.</summary>
    public void Seek(int segment, long offset)
    {
        _segment = segment;
        _offset = offset;
        _isUnchained = true;
    }

    /// <summary>Goes on behind the frame that is <see cref="Hurt"/>.</summary>
    public void StepOver(in FrameHeader hurt)
    {
        int index = hurt.Position < segments[_segment].End ? _segment : _segment + 1;
        _segment = index;
        _offset = hurt.End - segments[index].Base;
        Header = hurt;
        _isUnchained = false;
    }

    /// <summary>Where an offset is, for messages.</summary>
    public string PlaceOf(int segment, long offset) =>
        $"{reader.Location}/{segments[segment].File} at offset {offset}";

    /// <summary>The error for a frame of a newer format.</summary>
    public static LogException Newer(string place, int version) => new(
        $"{place}: the log has format version {version}, and this release reads up to version "
        + $"{FrameHeader.Version}. Nothing was changed. Run the newer release of Synod again.");

    private bool Advance(int segment, long offset, in FrameHeader header)
    {
        _frameSegment = segment;
        _frameOffset = offset;
        _segment = segment;
        _offset = offset + header.FrameBytes;
        _isUnchained = false;
        Header = header;
        Frames++;
        return true;
    }

    private string FaultAt(int index, long offset, out FrameHeader header)
    {
        Segment segment = segments[index];
        if (offset >= segment.Length
            || !FrameHeader.TryRead(reader.Read(segment, offset, Sector.Bytes), out header))
        {
            header = default;
            return NoHeader;
        }

        if (header.LogId != logId)
            return $"a frame of log {header.LogId}";
        if (header.FormatVersion > FrameHeader.Version)
            throw Newer(PlaceOf(index, offset), header.FormatVersion);
        if (header.Generation != segment.Name.Generation)
            return $"a frame of generation {header.Generation} of this segment";
        if (!header.IsAt(segment, offset))
            return $"a frame that belongs at position {header.Position} of the log";
        bool continues = header.PreviousCrc == Header.Crc && header.Opening >= Header.Opening;
        if (!continues && !_isUnchained)
            return "a frame that does not continue the frame before it (chain CRC)";

        RequirePossible(header, index, offset);
        if (header.FrameBytes > segment.Length - offset)
            return "a frame that is cut off with its file";

        ReadOnlySpan<byte> frame =
            reader.Read(segment, offset, FrameHeader.Bytes + header.Length);
        return Crc32C.Of(frame[FrameHeader.Bytes..]) == header.BodyCrc ? "" : NoBody;
    }

    private void RequirePossible(in FrameHeader header, int index, long offset)
    {
        // The checksum of the header holds, so this is neither a torn write nor a flipped bit. A
        // file that was cut short once reached to the next one.
        Segment segment = segments[index];
        long end = index + 1 < segments.Count
            ? Math.Max(segment.End, segments[index + 1].Base)
            : segment.End;
        long room = end - segment.Base - offset - FrameHeader.Bytes;
        bool isPossible = header.Length >= 0 && header.Length <= room && header.Records >= 0
            && header.Records <= header.Length / RecordFormat.HeaderBytes
            && header.DurableThrough <= header.Position;
        if (!isPossible)
        {
            throw new LogException(
                $"{reader.Location}/{segment.File} at offset {offset}: the frame has an impossible "
                + $"size: {header.Length} bytes, {header.Records} records, durable through "
                + $"{header.DurableThrough}. Nothing was changed. Keep the files and report it.");
        }
    }
}
