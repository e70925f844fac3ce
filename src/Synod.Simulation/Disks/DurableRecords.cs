using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The records of one group that a disk holds for certain, and what a log that opens shows
/// of them.</summary>
internal sealed class DurableRecords
{
    private readonly SortedList<long, Known> _records = [];
    private readonly List<LostRecords> _told = [];
    private int _replayed;
    private long _mayGoBefore = 1;
    private long _begin;

    /// <summary>A record is there for certain.</summary>
    public void Add(in RecordHeader header, ReadOnlySpan<byte> body, DurableFrame frame) =>
        _records.Add(header.Number.Number, new Known(DigestOf(header, body)) { Frame = frame });

    /// <summary>Where a record is, now that it is known.</summary>
    public void Locate(in RecordHeader header, DurableFrame frame)
    {
        if (_records.TryGetValue(header.Number.Number, out Known? known))
            known.Frame = frame;
    }

    /// <summary>The log is about to show what it has found.</summary>
    public void BeginReplay()
    {
        _replayed = 0;
        _begin = 0;
        _told.Clear();
    }

    /// <summary>The replica has asked that its records before one may go.</summary>
    public void MayGo(RecordNumber first) => _mayGoBefore = Math.Max(_mayGoBefore, first.Number);

    /// <summary>The log says where its records begin: no record is gone that was not to
    /// go.</summary>
    public void Released(in LogFloor floor)
    {
        if (floor.Number.Number > _mayGoBefore)
        {
            throw new SimulationViolationException(
                $"the log begins at {floor}, and the replica needs all from r{_mayGoBefore} on");
        }

        _begin = floor.Number.Number;
        while (_records.Count > 0 && _records.Keys[0] < floor.Number.Number)
            _records.RemoveAt(0);
    }

    /// <summary>The file is used again, or gone: nothing in it may be needed.</summary>
    public void Gone(string file)
    {
        foreach ((long number, Known record) in _records)
        {
            if (number >= _mayGoBefore && record.Frame?.File == file)
            {
                throw new SimulationViolationException(
                    $"{file} is gone with record {number}, which the replica needs");
            }

            record.IsGone |= record.Frame?.File == file;
        }
    }

    /// <summary>The log shows a record; says whether it was not certain before.</summary>
    public bool Replayed(in RecordHeader header, ReadOnlySpan<byte> body)
    {
        // The newest statement of what is released comes as well, and was there before.
        long number = header.Number.Number;
        if (number < _begin)
            return false;

        Skip(number);
        uint digest = DigestOf(header, body);
        bool isKnown = _records.TryGetValue(number, out Known? known);
        if (known is not null && known.Digest != digest)
        {
            throw new SimulationViolationException(
                $"record {header.Number} of {header.Group} has changed on the disk");
        }

        if (!isKnown)
            _records.Add(number, new Known(digest));
        _replayed++;
        return !isKnown;
    }

    /// <summary>The log says that records are lost.</summary>
    public void Lost(in LostRecords lost) => _told.Add(lost);

    /// <summary>The log has shown all; says whether what was certain is there, or told to be
    /// lost.</summary>
    /// <param name="cut">The first damaged frame of which no mark that is left says that it was
    /// durable: no log can tell it, nor what stands behind it, from what was never flushed. A range
    /// that is told to be lost may be too long and have their numbers, but was found without
    /// them.</param>
    /// <exception cref="SimulationViolationException">Something before that is not: then the log
    /// must have told.</exception>
    public bool EndReplay(LogPosition cut)
    {
        while (_replayed < _records.Count
            && IsTold(_records.Keys[_replayed])
            && !(_records.Values[_replayed].Frame?.Head.Position >= cut))
        {
            Drop();
        }

        if (_replayed == _records.Count)
            return true;

        DurableFrame? lost = _records.Values[_replayed].Frame;
        if (lost is not null && lost.Head.Position >= cut)
            return false;

        throw new SimulationViolationException(
            $"the log opened without record {_records.Keys[_replayed]}, which was durable");
    }

    private static uint DigestOf(in RecordHeader header, ReadOnlySpan<byte> body) => Crc32C.Of(
        body, unchecked((uint)header.Number.Number + ((uint)header.Owner << 24)));

    // Records that were certain and do not come: each must have been told of, and be damaged.
    private void Skip(long number)
    {
        while (_replayed < _records.Count && _records.Keys[_replayed] < number)
        {
            if (!IsTold(_records.Keys[_replayed]))
            {
                throw new SimulationViolationException(
                    $"the log leaves out record {_records.Keys[_replayed]} and says nothing");
            }

            Drop();
        }
    }

    private bool IsTold(long number) => _told.Exists(lost =>
        lost.From.Number <= number && number <= lost.Through.Number);

    private void Drop()
    {
        // Of what was released the file may be gone, and the floor that says so damaged.
        if (_records.Values[_replayed] is { IsGone: false, Frame.IsDamaged: false })
        {
            throw new SimulationViolationException(
                $"the log has lost record {_records.Keys[_replayed]}, which is not damaged");
        }

        _records.RemoveAt(_replayed);
    }

    private sealed class Known(uint digest)
    {
        public uint Digest => digest;

        /// <summary>Where it is; null until that is known.</summary>
        public DurableFrame? Frame { get; set; }

        /// <summary>Whether its file is used again, or gone.</summary>
        public bool IsGone { get; set; }
    }
}
