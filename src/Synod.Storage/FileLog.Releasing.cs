using Synod.Abstractions;

namespace Synod.Storage;

/// <content>What no group needs any more goes, segment by segment (safety §7).</content>
/// <remarks>
/// In this order, and a crash between any two steps leaves a log that opens: the checkpoint, which
/// the caller has appended; the floors; a header that says through where the log is released; the
/// flush of all that; and only then the name of the file, and the flush of the names.
/// </remarks>
public sealed partial class FileLog
{
    private const int SparesMax = 2;
    private const int FloorBytes = sizeof(long);

    private readonly FloorTable _floors;
    private readonly Queue<Segment> _released;
    private bool _areCopiesWhole;
    private bool _isReleaseDue;

    /// <inheritdoc/>
    public LogPosition Base { get; private set; }

    /// <inheritdoc/>
    public void Release(in LogFloor floor)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        bool isHere = _floors.TryFind(floor.Group, out _)
            && floor.Position.Bytes >= FrameHeader.Bytes && floor.Position <= Appended;
        if (!isHere)
            throw new ArgumentException($"The floor {floor} is no record of it.", nameof(floor));
        if (Poison is not null || !_floors.Raise(floor) || Releasable() <= _tail.ReleasedThrough)
            return;

        _isReleaseDue = true;
        Flush();
    }

    // Never the current segment: its begin has the copies of the statements, and of all floors.
    private long Releasable()
    {
        long lowest = Math.Min(_floors.Lowest().Bytes, _segments.Current.Base);
        long through = _tail.ReleasedThrough;
        foreach (Segment segment in _segments.All)
        {
            if (segment.End > lowest)
                break;

            through = segment.End;
        }

        return through;
    }

    // The floors twice, in different sectors, and in the header of the last of these frames that
    // they are released: whoever finds that has all floors before it, twice. Where the segment has
    // no room left, this waits for the next one, which begins with all floors.
    private void WriteFloors()
    {
        if (_isCopyDue)
            CopyStatements();
        long through = Releasable();
        int perFrame = (_options.FrameBytesMax - FrameHeader.Bytes)
            / RecordFormat.SizeOf(FloorBytes);
        long frames = 2 * ((_floors.Fresh.Count + perFrame - 1L) / perFrame);
        bool fits = _segments.Current.End - _tail.End >= frames * _options.FrameBytesMax
            || (frames == 2 && _segments.Current.End - _tail.End >= 2 * FloorFrameBytes());
        if (!_areCopiesWhole || through <= _tail.ReleasedThrough || !fits)
            return;

        AddFloors(_floors.Fresh);
        Seal();
        AddFloors(_floors.Fresh);

        // A frame that begins late in its block of memory is shorter, so there may be more of them
        // than was thought, and too few bytes for the last.
        if (_areCopiesWhole)
        {
            _tail.Release(through);
            _floors.Written();
            _isReleaseDue = false;
        }

        Seal();
    }

    private int FloorFrameBytes() => Sector.RoundUp(
        FrameHeader.Bytes + (_floors.Fresh.Count * RecordFormat.SizeOf(FloorBytes)));

    private void AddFloors(IEnumerable<LogFloor> floors)
    {
        Span<byte> body = stackalloc byte[FloorBytes];
        foreach (LogFloor floor in floors)
        {
            FloorTable.Write(floor, body);
            RecordHeader header = new(
                floor.Group, default, floor.Number, RecordFormat.FloorOwner);
            if (!TryAddCopy(header, body))
            {
                _areCopiesWhole = false;
                return;
            }
        }
    }

    // What is said to be released is durable by now, so the files may go.
    private void Released(long through)
    {
        if (through <= Base.Bytes)
            return;

        Base = new LogPosition(through);
        foreach (Segment segment in _segments.Release(through))
            _released.Enqueue(segment);
    }

    // The oldest first, one after the other: what is left on the disk has no hole, whenever the
    // power fails. Not behind a file that is being made: when that does not fit it is left out, and
    // there would be a hole before this one.
    private void Reuse()
    {
        while (_creating == 0
            && _released.TryPeek(out Segment? oldest) && !_loads.IsLoadingFrom(oldest))
        {
            _released.Dequeue();
            if (IsOfUse(oldest))
                _disk.Recycle(oldest, _segments.PlanRecycled(oldest));
            else
                _disk.Remove(oldest);
        }
    }

    private void ReuseNow(Segment released)
    {
        if (!IsOfUse(released))
        {
            _disk.RemoveNow(released);
            return;
        }

        Segment spare = _segments.PlanRecycled(released);
        _disk.RecycleNow(released, spare);
        _segments.Created(spare.File);
    }

    private bool IsOfUse(Segment released) =>
        released.Length == _options.SegmentBytes && _segments.Spares < SparesMax;

    // They take room until they are used again or removed.
    private long WaitingBytes()
    {
        long bytes = 0;
        foreach (Segment segment in _released)
            bytes += segment.Length;
        return bytes;
    }
}
