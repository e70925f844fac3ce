using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Finds where the log ends, and what of it is not as it was written
/// (safety §7).</summary>
/// <remarks>T is the highest mark in any header: all before it was flushed. The first bad frame at
/// or above T is where the last process stopped writing: nothing behind it was acknowledged, so it
/// and all after it are void. Below T it is damage: the log goes on at the next frame that is in
/// its place, and what is between is reported.</remarks>
internal sealed class LogScanner
{
    private static readonly IReadOnlyList<LogDamage> NoDamage = [];

    private readonly IBlockDevice _device;
    private readonly SegmentCatalog _catalog;
    private readonly IReadOnlyList<Segment> _segments;
    private readonly SegmentReader _reader;
    private readonly FrameWalker _walker;
    private readonly LogOpenings _openings = new();
    private readonly StatementTable _statements = new();
    private readonly FloorTable _floors = new();
    private readonly IReadOnlyList<Segment> _released;
    private readonly List<LogExtent> _extents = [];
    private readonly List<LogDamage> _damage = [];
    private long _durableThrough;
    private long _records;
    private (long Records, long Statements) _counts;
    private long _farthest;
    private long _releasedThrough;
    private long _goneThrough;
    private bool _isEndLost;
    private LogPosition _lastRecord;
    private LogPosition _lastOrCopy;

    private LogScanner(
        IBlockDevice device, SegmentReader reader, SegmentCatalog catalog, int released)
    {
        _device = device;
        _reader = reader;
        _catalog = catalog;
        _released = [.. catalog.Segments.Take(released)];
        _segments = [.. catalog.Segments.Skip(released)];
        _walker = new FrameWalker(reader, _segments, catalog.LogId);
        _durableThrough = catalog.HoleEnd;
    }

    /// <summary>Reads the whole log once and changes nothing.</summary>
    /// <param name="device">Where it is.</param>
    /// <param name="mustBeThere">Whether it cannot be new.</param>
    /// <exception cref="LogException">Nothing is left of the log, or it is of another release, or
    /// not one log.</exception>
    public static LogScan Scan(IBlockDevice device, bool mustBeThere = false)
    {
        SegmentReader reader = new(device);
        SegmentCatalog catalog = SegmentCatalog.Read(device, reader);
        if (catalog.LogId is null && mustBeThere)
            throw NoFrame(device, catalog.Segments.Count);

        LogScan scan = new LogScanner(device, reader, catalog, released: 0).Run();

        // The last process stopped before the files of what is released were gone. Nobody needs
        // what is in them, and it may be half gone, so the log is looked at without them.
        int released = 0;
        while (released < scan.EndSegment
            && scan.Segments[released].End <= scan.ReleasedThrough)
        {
            released++;
        }

        return released == 0
            ? scan
            : new LogScanner(device, reader, catalog, released).Run();
    }

    private LogScan Run()
    {
        if (_catalog.LogId is null)
            RequireNew();
        if (_segments.Count > 0 && _segments[0].Base > 0)
            _walker.Seek(0, 0);
        Walk();
        ScanRest();
        while (_walker.End < _durableThrough)
        {
            TakeDamage();
            Walk();
        }

        if (_segments.Count > 0 && _segments[0].Base > _goneThrough)
            TakeLostBegin();
        return new LogScan
        {
            Segments = _segments,
            Released = _released,
            ReleasedThrough = _releasedThrough,
            Floors = _floors,
            Extents = _extents,
            Damage = _damage.Count == 0 ? NoDamage : _damage,
            Statements = _statements,
            Openings = _openings,
            LogId = _catalog.LogId,
            Last = _walker.Header,
            PreviousCrc = _isEndLost ? ~_walker.Header.Crc : _walker.Header.Crc,
            End = _walker.End,
            EndSegment = _walker.EndSegment,
            DurableThrough = _durableThrough,
            Opening = _openings.Highest,
            LastRecord = _damage.Count == 0 ? _lastRecord : _lastOrCopy,
            Frames = _walker.Frames,
            Records = _records,
            Counts = _counts,
            TornBytes = Math.Max(_farthest - _walker.End, 0),
        };
    }

    private void Walk()
    {
        long before = _walker.Frames;
        (int segment, long offset) = (0, 0L);
        while (_walker.MoveNext())
        {
            if (_walker.Frames == before + 1)
                (segment, offset) = (_walker.FrameSegment, _walker.FrameOffset);
            Tally();
        }

        _isEndLost &= _walker.Frames == before;
        if (_walker.Frames > before)
            _extents.Add(new LogExtent(segment, offset, _walker.Frames - before, null));
    }

    private void Tally()
    {
        RecordCursor cursor = _walker.Records;
        int count = 0;
        while (cursor.MoveNext())
        {
            Tally(cursor.Record, cursor.Position);
            count += cursor.IsCopy ? 0 : 1;
        }

        if (!cursor.IsValid || count != _walker.Header.Records)
        {
            throw new LogException(
                $"{_walker.PlaceOf(_walker.FrameSegment, _walker.FrameOffset)}: the frame is "
                + $"intact, and yet its record at {cursor.Position} has an impossible size or "
                + "owner, or records are missing. Nothing was changed. Keep the files and report "
                + "it.");
        }

        _records += count;
        _counts = (_walker.Header.RecordsThrough, _walker.Header.StatementsThrough);
        _durableThrough = Math.Max(_durableThrough, _walker.Header.DurableThrough);
        _releasedThrough = Math.Max(_releasedThrough, _walker.Header.ReleasedThrough);
        _goneThrough = Math.Max(_goneThrough, _releasedThrough);
        _openings.Note(_walker.Header);
    }

    // Says whether it is a statement, or a copy of one, that was not known.
    private bool Tally(ReadOnlySpan<byte> record, LogPosition position)
    {
        RecordHeader header = RecordFormat.ReadHeader(record);
        if (RecordFormat.IsFloor(record))
        {
            _floors.Found(FloorTable.Read(header, record[RecordFormat.HeaderBytes..]));
            return false;
        }

        _lastOrCopy = position;
        if (!RecordFormat.IsCopy(record))
            _lastRecord = position;
        if (!RecordFormat.IsCopy(record))
            _floors.Note(header.Group, position);
        return header.IsStatement
            && _statements.Found(header, position, record[RecordFormat.HeaderBytes..]);
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
                if (TryReadOwn(index, offset, out FrameHeader header))
                    Note(header, segment);
            }
        }
    }

    private void Note(in FrameHeader header, Segment segment)
    {
        _durableThrough = Math.Max(_durableThrough, header.DurableThrough);
        _goneThrough = Math.Max(_goneThrough, header.ReleasedThrough);
        _openings.Note(header);
        bool isLatest = header.Opening >= _walker.Header.Opening;
        if (isLatest && header.Length >= 0 && header.Length <= segment.Length)
            _farthest = Math.Max(_farthest, header.End);
    }

    private bool TryReadOwn(int segment, long offset, out FrameHeader header)
    {
        ReadOnlySpan<byte> sector = _reader.Read(_segments[segment], offset, Sector.Bytes);
        if (!FrameHeader.TryRead(sector, out header) || header.LogId != _catalog.LogId)
            return false;
        if (header.FormatVersion > FrameHeader.Version)
            throw FrameWalker.Newer(_walker.PlaceOf(segment, offset), header.FormatVersion);
        return true;
    }

    // Files may be missing from the front because all in them was released, and then some header
    // says so: they go only when it is durable. What nobody has released is lost.
    private void TakeLostBegin()
    {
        long from = _goneThrough;
        long to = _segments[0].Base;
        bool isTold = TryReadOwn(0, 0, out FrameHeader first);
        long most = (to - from) / RecordFormat.HeaderBytes;
        LogDamage damage = new(
            new LogPosition(from), new LogPosition(to), "the first files are missing")
        {
            LostMax = isTold ? Math.Min(first.RecordsBefore, most) : most,
            StatementsMax = isTold ? Math.Min(first.StatementsBefore, most) : most,
        };
        _damage.Insert(0, damage);
        _extents.Insert(0, new LogExtent(0, 0, 0, damage));
    }

    private void TakeDamage()
    {
        long from = _walker.End;
        long offset = from - _segments[_walker.EndSegment].Base;
        string what = $"{_walker.Place}: {_walker.Fault}";
        (int, long, string) place = (_walker.EndSegment, offset, what);
        if (_walker.Hurt is FrameHeader hurt && hurt.End <= _durableThrough)
        {
            _walker.StepOver(hurt);
            _isEndLost = false;
            _openings.Note(hurt);
            Add(from, _walker.End, (hurt.RecordsThrough, hurt.StatementsThrough), place);
            return;
        }

        // If no frame is reached from there either, what comes next must not look as if it followed
        // the last one that is left: then nothing would tell of the gap any more.
        _isEndLost = true;
        if (TryFindNext(from, out FrameHeader next))
        {
            Add(from, next.Position, (next.RecordsBefore, next.StatementsBefore), place);
            return;
        }

        int last = _segments.Count - 1;
        while (_segments[last].Base > _durableThrough)
            last--;
        _walker.Seek(last, _durableThrough - _segments[last].Base);
        Add(from, _durableThrough, null, place);
    }

    // The rest of what was flushed: at T there may be a frame that is live. If there is none, the
    // next one may stand at the begin of the next file; it was flushed if nothing was written
    // between. If something was, and is torn, nobody was told of either: then a gap is told that
    // is larger than the damage, by its count, and nothing is lost without being told.
    private bool TryFindNext(long from, out FrameHeader next)
    {
        next = default;
        for (int index = _walker.EndSegment; index < _segments.Count; index++)
        {
            Segment segment = _segments[index];
            long offset = Math.Max(from + Sector.Bytes - segment.Base, 0);
            for (; offset < segment.Length; offset += Sector.Bytes)
            {
                if (segment.Base + offset > _durableThrough)
                    return TryGoOn(offset == 0 ? index : index + 1, 0, out next);
                if (TryGoOn(index, offset, out next))
                    return true;
            }
        }

        return false;
    }

    private bool TryGoOn(int index, long offset, out FrameHeader next)
    {
        next = default;
        bool isNext = index < _segments.Count
            && TryReadOwn(index, offset, out next)
            && next.IsAt(_segments[index], offset)
            && !_openings.IsStale(next.Opening, next.Position);
        if (isNext)
            _walker.Seek(index, offset);
        return isNext;
    }

    private void Add(
        long from,
        long to,
        (long Records, long Statements)? after,
        (int Segment, long Offset, string What) place)
    {
        RecordSalvage salvage = new(_reader, _segments, _openings, _catalog.LogId ?? default);
        (long found, long statements) = (0, 0);
        salvage.Show(from, to, (record, position) =>
        {
            statements += Tally(record, position) ? 1 : 0;
            found += RecordFormat.IsCopy(record) ? 0 : 1;
        });

        // What nothing tells is taken to be as bad as it can be: so also where what came before is
        // released, and with it the count.
        long most = Math.Max(((to - from) / RecordFormat.HeaderBytes) - found, 0);
        long lost = after is { } known
            ? Math.Clamp(known.Records - _counts.Records - found, 0, most)
            : most;
        long hidden = after is { } told
            ? Math.Clamp(told.Statements - _counts.Statements - statements, 0, lost)
            : lost;
        LogDamage damage = new(new LogPosition(from), new LogPosition(to), place.What)
        {
            LostMax = lost,
            StatementsMax = hidden,
        };
        _damage.Add(damage);
        _extents.Add(new LogExtent(place.Segment, place.Offset, 0, damage));
        _records += found;
        _counts = after
            ?? (_counts.Records + found + lost, _counts.Statements + statements + hidden);
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
            throw NoFrame(_device, _segments.Count);
    }

    private static LogException NoFrame(IBlockDevice device, int segments) => new(
        $"{device.Location}: the log is damaged. There are {segments} segments and not one intact "
        + "frame. Nothing was changed. Check the disk; then remove this member and add it anew.");
}
