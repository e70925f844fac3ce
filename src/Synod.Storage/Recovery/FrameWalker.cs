using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>Walks from frame to frame, from the first one, as long as each is intact and continues
/// the one before.</summary>
/// <remarks>
/// Why a frame behind a torn tail never comes back to life: every opening begins with a mark, an
/// empty frame that is made durable in the place where the log was found to end, before anything is
/// appended behind it. The mark carries the number of the opening, so its checksum differs from
/// that of whatever header stood there, and that header is gone for good. A stale frame further on
/// names the checksum of its own predecessor, which no intact frame has any more; and if two
/// checksums were equal by accident, its opening is lower than that of the mark.
/// </remarks>
internal sealed class FrameWalker(SegmentReader reader, IReadOnlyList<Segment> segments)
{
    private const string NoHeader = "no intact frame header";

    private int _segment;
    private long _offset;
    private int _frameSegment;
    private long _frameOffset;

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

    /// <summary>Where the frame is that was reached: file and offset.</summary>
    public string FramePlace => PlaceOf(_frameSegment, _frameOffset);

    /// <summary>The records of the frame that was reached. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Body => reader
        .Read(segments[_frameSegment], _frameOffset, FrameHeader.Bytes + Header.Length)
        [FrameHeader.Bytes..];

    /// <summary>Goes to the next frame; false at the end of the log, or at the first frame that is
    /// not intact.</summary>
    /// <exception cref="LogException">A frame is of another log, of a newer release, or one that no
    /// release of Synod writes.</exception>
    public bool MoveNext()
    {
        if (_segment >= segments.Count)
            return false;

        Fault = FaultAt(_segment, _offset, out FrameHeader header);
        Place = PlaceOf(_segment, _offset);
        if (Fault.Length == 0)
            return Advance(_segment, _offset, header);

        // The rest of a segment stays empty when the next frame does not fit. Whether that is so
        // here, or a frame is missing, is told by the chain: the first frame of the next segment
        // continues the last one that was reached, or it does not.
        if (_segment + 1 >= segments.Count)
            return false;

        string next = FaultAt(_segment + 1, 0, out header);
        if (next.Length == 0)
            return Advance(_segment + 1, 0, header);
        if (Fault == NoHeader && next != NoHeader)
            (Fault, Place) = (next, PlaceOf(_segment + 1, 0));
        return false;
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

        RequireOwn(header, index, offset);
        if (header.Position != segment.Base + offset)
            return $"a frame that belongs at position {header.Position} of the log";
        if (header.Generation != segment.Name.Generation)
            return $"a frame of generation {header.Generation} of this segment";
        if (header.PreviousCrc != Header.Crc || header.Opening < Header.Opening)
            return "a frame that does not continue the frame before it (chain CRC)";

        RequirePossible(header, segment, offset);
        ReadOnlySpan<byte> frame =
            reader.Read(segment, offset, FrameHeader.Bytes + header.Length);
        return Crc32C.Of(frame[FrameHeader.Bytes..]) == header.BodyCrc
            ? ""
            : "a frame whose records are not intact (body CRC)";
    }

    private void RequireOwn(in FrameHeader header, int index, long offset)
    {
        // Where a segment begins there is never anything but a frame, while elsewhere the sector
        // may be left of a record, and so hold whatever a client has sent.
        bool isOther = Frames > 0 && header.LogId != Header.LogId;
        if (isOther && offset == 0)
        {
            throw new LogException(
                $"{PlaceOf(index, offset)}: the frame belongs to log {header.LogId}, and the "
                + $"segments before it to log {Header.LogId}: files of two logs are mixed. "
                + "Nothing was changed. Put back the files of one log and no others.");
        }

        if (!isOther && header.FormatVersion > FrameHeader.Version)
            throw Newer(PlaceOf(index, offset), header.FormatVersion);
    }

    private void RequirePossible(in FrameHeader header, Segment segment, long offset)
    {
        // The checksum of the header holds, so this is neither a torn write nor a flipped bit.
        long room = segment.Length - offset - FrameHeader.Bytes;
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
