using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>What the disk of a node holds for certain: the records of all frames that were written
/// and then flushed, as seen at the device and without believing the log. A frame counts once all
/// frames before it do, since nothing behind a gap can be read back.</summary>
internal sealed class DurableImage : ILogVisitor
{
    // The head of a frame, and what stands before the body of a record; more is padding.
    private const int HeadBytes = 128;
    private const int RecordHeadBytes = 48;

    private readonly List<DurableFrame> _frames = [];
    private readonly SortedList<long, DurableRecord> _records = [];
    private readonly List<LostRecords> _told = [];
    private readonly Queue<DurableFrame> _pending = [];
    private readonly List<(RecordHeader Header, byte[] Body)> _read = [];
    private long _readEnd;
    private long _mayGoBefore = 1;
    private long _begin;
    private int _replayed;

    /// <summary>Told of each record that is durable now, in order.</summary>
    public required Action<RecordHeader, byte[]> Recorded { get; init; }

    /// <summary>The frames that are on the disk for certain.</summary>
    public IReadOnlyList<DurableFrame> Frames => _frames;

    /// <summary>How many bytes were written and not flushed.</summary>
    public long PendingBytes => _pending.Sum(static frame => frame.UsedBytes);

    /// <summary>How many frames were written and not flushed.</summary>
    public int PendingFrames => _pending.Count;

    /// <summary>Bytes were written to a file; not yet for certain.</summary>
    public void Written(string file, long offset, ReadOnlySpan<byte> bytes)
    {
        if (TryRead(file, offset, bytes) is DurableFrame frame)
            _pending.Enqueue(frame);
    }

    /// <summary>All that was written to the file is there for certain.</summary>
    public void Flushed(string file)
    {
        foreach (DurableFrame frame in _pending)
            frame.IsFlushed |= frame.File == file;
        while (_pending.TryPeek(out DurableFrame? first) && first.IsFlushed)
            Take(_pending.Dequeue());
    }

    /// <summary>The process has ended: what was not certain may be there or not.</summary>
    public void Forget() => _pending.Clear();

    /// <summary>Something else was written to a place of the file.</summary>
    public void Overwritten(string file, long offset, long length)
    {
        foreach (DurableFrame frame in _frames.Concat(_pending))
        {
            frame.IsDamaged |= frame.File == file
                && offset < frame.Offset + frame.UsedBytes
                && frame.Offset < offset + length;
        }
    }

    /// <summary>The log is about to show what it has found.</summary>
    public void BeginReplay()
    {
        _replayed = 0;
        _begin = 0;
        _told.Clear();
    }

    /// <summary>The log shows a record. What was certain must be there as it was, or be told to be
    /// lost; what was not may be there too, and from now on is certain, because the log is
    /// open.</summary>
    public void Replayed(in RecordHeader header, ReadOnlySpan<byte> body, bool isHurt)
    {
        // The newest statement of what is released comes as well, and was there before.
        long number = header.Number.Number;
        if (number < _begin)
            return;

        Skip(number);
        uint digest = DigestOf(header, body);
        if (!_records.TryGetValue(number, out DurableRecord? known))
        {
            _records.Add(number, new DurableRecord(digest));
            if (!isHurt)
                Recorded(header, body.ToArray());
        }
        else if (known.Digest != digest)
        {
            throw new SimulationViolationException(
                $"record {header.Number} has changed on the disk");
        }

        _replayed++;
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
        foreach ((long number, DurableRecord record) in _records)
        {
            if (number >= _mayGoBefore && record.Frame?.File == file)
            {
                throw new SimulationViolationException(
                    $"{file} is gone with record {number}, which the replica needs");
            }
        }

        _frames.RemoveAll(frame => frame.File == file);
    }

    /// <summary>The log says that records are lost.</summary>
    public void Lost(in LostRecords lost) => _told.Add(lost);

    /// <summary>The log has shown all; says whether what was certain is there, or told to be
    /// lost.</summary>
    /// <exception cref="SimulationViolationException">Something is not that is not damaged, or
    /// although a mark says that it was durable: then the log must have told.</exception>
    public bool EndReplay()
    {
        while (_replayed < _records.Count && IsTold(_records.Keys[_replayed]))
            Drop();
        if (_replayed == _records.Count)
            return true;

        DurableFrame? lost = _records.Values[_replayed].Frame;
        if (lost is { IsDamaged: true } && lost.Head.Position >= Mark())
            return false;

        throw new SimulationViolationException(
            $"the log opened without record {_records.Keys[_replayed]}, which was durable");
    }

    /// <summary>The log is open: takes in what stands on the device behind the newest frame that is
    /// known, which is what survived without having been certain, and the cut mark.</summary>
    public void Survey(IBlockDevice device)
    {
        foreach (DiskFile file in device.List())
        {
            long known = _frames.Count > 0 ? _frames[^1].Offset + _frames[^1].Length : 0;
            int order = _frames.Count > 0
                ? string.CompareOrdinal(file.Name, _frames[^1].File)
                : 1;
            if (order >= 0)
                Survey(device, file, order == 0 ? known : 0);
        }
    }

    void ILogVisitor.Visit(
        in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
    {
        _read.Add((header, body.ToArray()));
        _readEnd = position.Bytes + RecordHeadBytes + body.Length;
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
        if (_records.Values[_replayed].Frame is { IsDamaged: false })
        {
            throw new SimulationViolationException(
                $"the log has lost record {_records.Keys[_replayed]}, which is not damaged");
        }

        _records.RemoveAt(_replayed);
    }

    // The highest mark that is left on the disk.
    private LogPosition Mark()
    {
        LogPosition mark = default;
        foreach (DurableFrame frame in _frames.Where(static frame => !frame.IsDamaged))
            mark = frame.Head.DurableThrough > mark ? frame.Head.DurableThrough : mark;
        return mark;
    }

    private void Survey(IBlockDevice device, DiskFile file, long offset)
    {
        byte[] bytes = new byte[file.Length - offset];
        device.Read(file.Name, offset, bytes);
        int start = 0;
        while (start < bytes.Length
            && TryRead(file.Name, offset + start, bytes.AsSpan(start)) is DurableFrame frame)
        {
            foreach ((RecordHeader header, byte[] _) in frame.Contents)
            {
                if (_records.TryGetValue(header.Number.Number, out DurableRecord? known))
                    known.Frame = frame;
            }

            frame.Contents = [];
            _frames.Add(frame);
            start += (int)frame.Length;
        }
    }

    private DurableFrame? TryRead(string file, long offset, ReadOnlySpan<byte> bytes)
    {
        _read.Clear();
        _readEnd = 0;
        if (!LogFrames.TryShow(bytes, this, out LogFrame head))
            return null;

        int length = (int)(head.End.Bytes - head.Position.Bytes);
        return new DurableFrame(file, offset, head)
        {
            Contents = [.. _read],
            UsedBytes = (int)Math.Clamp(_readEnd - head.Position.Bytes, HeadBytes, length),
        };
    }

    private void Take(DurableFrame frame)
    {
        _frames.Add(frame);
        foreach ((RecordHeader header, byte[] body) in frame.Contents)
        {
            DurableRecord record = new(DigestOf(header, body)) { Frame = frame };
            _records.Add(header.Number.Number, record);
            Recorded(header, body);
        }

        frame.Contents = [];
    }

    private sealed class DurableRecord(uint digest)
    {
        public uint Digest => digest;

        /// <summary>Where it is; null until that is known.</summary>
        public DurableFrame? Frame { get; set; }
    }
}
