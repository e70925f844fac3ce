using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Finds where the log ends, and whether all is there that must be (safety §7).</summary>
internal sealed class LogScanner
{
    private readonly IBlockDevice _device;
    private readonly IReadOnlyList<Segment> _segments;
    private readonly SegmentReader _reader;
    private readonly FrameWalker _walker;
    private long _durableThrough;
    private uint _opening;
    private long _records;
    private long _farthest;
    private LogPosition _lastRecord;

    private LogScanner(IBlockDevice device, IReadOnlyList<Segment> segments)
    {
        _device = device;
        _segments = segments;
        _reader = new SegmentReader(device);
        _walker = new FrameWalker(_reader, segments);
    }

    /// <summary>Reads the whole log once and changes nothing.</summary>
    /// <exception cref="LogException">The log is damaged, of another release, or not one log.
    /// </exception>
    public static LogScan Scan(IBlockDevice device) =>
        new LogScanner(device, SegmentCatalog.Read(device)).Run();

    /// <summary>Shows the records that a scan has found.</summary>
    /// <exception cref="LogException">The log is not what it was when it was scanned.</exception>
    public static void Replay(IBlockDevice device, LogScan scan, ILogVisitor visitor)
    {
        FrameWalker walker = new(new SegmentReader(device), scan.Segments);
        for (long frame = 0; frame < scan.Frames; frame++)
        {
            if (!walker.MoveNext())
                throw Changed(walker);

            RecordCursor cursor = RecordsOf(walker);
            while (cursor.MoveNext())
            {
                visitor.Visit(
                    RecordFormat.ReadHeader(cursor.Record),
                    cursor.Position,
                    cursor.Record[RecordFormat.HeaderBytes..]);
            }
        }
    }

    private LogScan Run()
    {
        while (_walker.MoveNext())
            Tally();
        ScanRest();
        RequireDurable();
        if (_walker.Frames == 0)
            RequireNew();
        return new LogScan
        {
            Segments = _segments,
            Last = _walker.Header,
            End = _walker.End,
            EndSegment = _walker.EndSegment,
            DurableThrough = _durableThrough,
            Opening = _opening,
            LastRecord = _lastRecord,
            Frames = _walker.Frames,
            Records = _records,
            TornBytes = Math.Max(_farthest - _walker.End, 0),
        };
    }

    private void Tally()
    {
        RecordCursor cursor = RecordsOf(_walker);
        int count = 0;
        for (; cursor.MoveNext(); count++)
            _lastRecord = cursor.Position;
        if (!cursor.IsValid || count != _walker.Header.Records)
        {
            throw new LogException(
                $"{_walker.FramePlace}: the frame is "
                + $"intact, and yet its record at {cursor.Position} has an impossible size or "
                + "owner, or records are missing. Nothing was changed. Keep the files and report "
                + "it.");
        }

        _records += count;
        _durableThrough = Math.Max(_durableThrough, _walker.Header.DurableThrough);
        _opening = Math.Max(_opening, _walker.Header.Opening);
    }

    // A mark is true wherever it stands: what it says was flushed when it was written. So every
    // intact header counts, also of frames behind a bad one and of frames in the wrong place.
    private void ScanRest()
    {
        for (int index = _walker.EndSegment; index < _segments.Count; index++)
        {
            Segment segment = _segments[index];
            long offset = index == _walker.EndSegment ? _walker.End - segment.Base : 0;
            for (; offset < segment.Length; offset += Sector.Bytes)
            {
                ReadOnlySpan<byte> sector = _reader.Read(segment, offset, Sector.Bytes);
                if (FrameHeader.TryRead(sector, out FrameHeader header) && IsOurs(header))
                    Note(header, index, offset);
            }
        }
    }

    private void Note(in FrameHeader header, int segment, long offset)
    {
        if (header.FormatVersion > FrameHeader.Version)
            throw FrameWalker.Newer(_walker.PlaceOf(segment, offset), header.FormatVersion);

        _durableThrough = Math.Max(_durableThrough, header.DurableThrough);
        _opening = Math.Max(_opening, header.Opening);
        bool isLatest = header.Opening >= _walker.Header.Opening;
        if (isLatest && header.Length >= 0 && header.Length <= _segments[segment].Length)
            _farthest = Math.Max(_farthest, header.End);
    }

    private bool IsOurs(in FrameHeader header) =>
        _walker.Frames == 0 || header.LogId == _walker.Header.LogId;

    private void RequireDurable()
    {
        // At T or above, the first bad frame is where the last process stopped writing: nothing
        // behind it was acknowledged. Below T it was flushed and is lost.
        if (_walker.End >= _durableThrough)
            return;

        throw new LogException(
            $"{_walker.Place}: the log is damaged. It was durable up to position "
            + $"{_durableThrough}, but at position {_walker.End} there is {_walker.Fault}. Nothing "
            + "was changed. Check the disk; then remove this member and add it anew, so that its "
            + "peers give it the data back.");
    }

    private void RequireNew()
    {
        // The first opening makes its mark durable before it makes a second segment, so without any
        // frame there is at most one file, and at most its first sector was written.
        bool isNew = _segments.Count <= 1;
        foreach (Segment segment in _segments)
        {
            for (long offset = Sector.Bytes; offset < segment.Length; offset += Sector.Bytes)
                isNew &= !_reader.Read(segment, offset, Sector.Bytes).ContainsAnyExcept((byte)0);
        }

        if (!isNew)
        {
            throw new LogException(
                $"{_device.Location}: the log is damaged. There are {_segments.Count} segments and "
                + "not one intact frame. Nothing was changed. Check the disk; then remove this "
                + "member and add it anew.");
        }
    }

    private static RecordCursor RecordsOf(FrameWalker walker) =>
        new(walker.Body, walker.Header.Position + FrameHeader.Bytes);

    private static LogException Changed(FrameWalker walker) => new(
        $"{walker.Place}: the log was intact when it was opened, and now there is "
        + $"{walker.Fault}. Check the disk, and that nobody else writes to the directory.");
}
