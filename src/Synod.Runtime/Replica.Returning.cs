using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>A life that follows one that was ended in place takes its records back slice by slice:
/// however many there are, the other replicas of the shard go on meanwhile.</content>
internal sealed partial class Replica
{
    private const int SliceRecordsMax = 256;
    private const int SliceBytesMax = 1 << 20;
    private const int UnknownBytes = 4 << 10;

    private Queue<LogPosition>? _keptLeft;
    private LogLoad? _slice;
    private bool _isSliceLoaded;

    /// <summary>Whether the next of its records are on their way from the disk.</summary>
    public bool IsWaitingForSlice => _slice is not null && !_isSliceLoaded;

    /// <summary>Begins to take back the records of the lives before; all are durable.</summary>
    public void BeginReturn()
    {
        _recovered = _records.Released;
        _keptLeft = new(_records.Kept());
    }

    /// <summary>Takes back as many records as fit into a turn.</summary>
    /// <returns>Whether all are back, so that it can begin to live.</returns>
    public bool TakeBack()
    {
        if (IsWaitingForSlice)
            return false;

        long bytes = 0;
        for (int count = 0; count < SliceRecordsMax && bytes < SliceBytesMax; count++)
        {
            if (!TryPeekBack(out LogPosition next))
            {
                EndSlice();
                return true;
            }

            if (!TryTakeBack(next, ref bytes))
            {
                LoadSlice();
                return false;
            }
        }

        return false;
    }

    // Lost records before the next one are told on the way.
    private bool TryPeekBack(out LogPosition next)
    {
        next = default;
        if (_keptLeft?.TryPeek(out next) == true)
            return true;

        // Told once, and before anything else that is lost.
        bool isAtFloor = _recovered == _records.Released && _lost is null;
        if (isAtFloor && _records.LostBefore is LostRecords before
            && before.From == _recovered.Next())
        {
            Lose(before);
        }

        while (_records.LostAt(_recovered.Next()) is LostRecords lost)
            Lose(lost);
        bool isMore = _recovered < _records.Appended;
        next = isMore ? _records[_recovered.Next()] : default;
        return isMore;
    }

    private bool TryTakeBack(LogPosition next, ref long bytes)
    {
        if (_slice is LogLoad slice
            && slice.TryGet(next, out RecordHeader header, out ReadOnlySpan<byte> body))
        {
            bytes += body.Length;
            Recover(header, next, body);
        }
        else if (_host.Log.TryRead(next, out body))
        {
            bytes += body.Length;
            _host.Log.Show(next, this);
        }
        else
        {
            return false;
        }

        _keptLeft?.TryDequeue(out _);
        return true;
    }

    // The next records, up to the first that is in memory.
    private void LoadSlice()
    {
        EndSlice();
        LogLoad load = _host.Loads.Rent(this);
        long span = 0;
        foreach ((LogPosition position, long room) in Ahead())
        {
            bool isFull = span >= SliceBytesMax || load.Count == SliceRecordsMax;
            if (isFull || _host.Log.TryRead(position, out _))
                break;

            load.Add(position, (int)room);
            span += room;
        }

        _slice = load;
        _host.Loads.Submit(load);
    }

    // With the room up to the next record of the replica, where that is near: a record is not
    // larger. One that is larger than what is guessed is read again, with what it says itself.
    private IEnumerable<(LogPosition Position, long Room)> Ahead()
    {
        foreach (LogPosition statement in _keptLeft ?? [])
            yield return (statement, UnknownBytes);
        RecordNumber number = AfterLost(_recovered.Next());
        while (number <= _records.Appended)
        {
            RecordNumber next = AfterLost(number.Next());
            LogPosition position = _records[number];
            long room =
                next <= _records.Appended ? _records[next].Bytes - position.Bytes : UnknownBytes;
            yield return (position, room is > 0 and < UnknownBytes ? room : UnknownBytes);
            number = next;
        }
    }

    private RecordNumber AfterLost(RecordNumber number)
    {
        while (_records.LostAt(number) is LostRecords lost)
            number = lost.Through.Next();
        return number;
    }

    private void EndSlice()
    {
        LogLoad? done = _isSliceLoaded ? _slice : null;
        _slice = null;
        _isSliceLoaded = false;
        if (done is not null)
            _host.Loads.Return(done);
    }
}
