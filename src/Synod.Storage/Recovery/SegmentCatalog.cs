using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Finds the segments among the files of a device, and where in the log each begins: its
/// frames say so, also if files before it are lost or cut short.</summary>
internal sealed class SegmentCatalog
{
    private readonly IBlockDevice _device;
    private readonly SegmentReader _reader;
    private readonly List<Segment> _segments = [];

    private SegmentCatalog(IBlockDevice device, SegmentReader reader)
    {
        _device = device;
        _reader = reader;
    }

    /// <summary>The segments in their order.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>The log that they are of; null if not one frame is intact.</summary>
    public LogId? LogId { get; private set; }

    /// <summary>All before this position was there once: a segment that is missing has others
    /// behind it.</summary>
    public long HoleEnd { get; private set; }

    /// <summary>Reads the directory. Files of other names are left alone.</summary>
    /// <exception cref="LogException">A segment is there twice, or of another log or of a newer
    /// release.</exception>
    public static SegmentCatalog Read(IBlockDevice device, SegmentReader reader)
    {
        SegmentCatalog catalog = new(device, reader);
        foreach (DiskFile file in device.List())
        {
            if (SegmentName.TryParse(file.Name, out SegmentName name))
                catalog.Add(file, name);
        }

        for (int index = 0; catalog.LogId is null && index < catalog._segments.Count; index++)
            catalog.TryFindHeader(catalog._segments[index], long.MaxValue, out _);
        return catalog;
    }

    private void Add(DiskFile file, SegmentName name)
    {
        long last = _segments.Count == 0 ? 0 : _segments[^1].Name.Sequence;
        if (name.Sequence <= last)
        {
            throw new LogException(
                $"The log in {_device.Location} is damaged: segment {name.Sequence} is there in "
                + $"two files, one of them {name}. Nothing was changed. Put back the files of "
                + "this log and no others, or remove this member and add it anew.");
        }

        bool isHole = name.Sequence > last + 1;
        long length = Sector.RoundDown(file.Length);
        long expected = _segments.Count == 0 ? 0 : _segments[^1].End;
        if (isHole)
            expected += (name.Sequence - last - 1) * length;
        Segment segment = new(name, expected, length);
        bool isFound = TryFindHeader(segment, isHole ? length : Sector.Bytes, out long start);
        segment = segment with { Base = isFound ? start : expected };
        if (isHole)
            HoleEnd = segment.Base;
        _segments.Add(segment);
    }

    private bool TryFindHeader(Segment segment, long within, out long start)
    {
        start = 0;
        for (long offset = 0; offset < Math.Min(within, segment.Length); offset += Sector.Bytes)
        {
            ReadOnlySpan<byte> sector = _reader.Read(segment, offset, Sector.Bytes);
            if (!FrameHeader.TryRead(sector, out FrameHeader header))
                continue;

            if (offset == 0)
                RequireSameLog(segment, header);
            else if (LogId is LogId known && header.LogId != known)
                continue;
            if (header.FormatVersion > FrameHeader.Version)
                throw FrameWalker.Newer(PlaceOf(segment, offset), header.FormatVersion);

            start = header.SegmentBase;
            if (!header.IsAt(segment with { Base = start }, offset))
                continue;

            LogId ??= header.LogId;
            return true;
        }

        return false;
    }

    // Where a segment begins there is never anything but a frame, while elsewhere the sector may be
    // left of a record, and so hold whatever a client has sent.
    private void RequireSameLog(Segment segment, in FrameHeader header)
    {
        if (LogId is not LogId known || header.LogId == known)
            return;

        throw new LogException(
            $"{PlaceOf(segment, 0)}: the frame belongs to log {header.LogId}, and the segments "
            + $"before it to log {known}: files of two logs are mixed. Nothing was changed. Put "
            + "back the files of one log and no others.");
    }

    private string PlaceOf(Segment segment, long offset) =>
        $"{_device.Location}/{segment.File} at offset {offset}";
}
