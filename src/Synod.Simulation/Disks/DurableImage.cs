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
    private readonly SortedDictionary<ulong, DurableRecords> _groups = [];
    private readonly Queue<DurableFrame> _pending = [];
    private readonly List<(RecordHeader Header, byte[] Body)> _read = [];
    private long _readEnd;

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
        foreach (DurableRecords records in _groups.Values)
            records.BeginReplay();
    }

    /// <summary>The log shows a record. What was certain must be there as it was, or be told to be
    /// lost; what was not may be there too, and from now on is certain, because the log is
    /// open.</summary>
    public void Replayed(in RecordHeader header, ReadOnlySpan<byte> body, bool isHurt)
    {
        if (RecordsOf(header.Group).Replayed(header, body) && !isHurt)
            Recorded(header, body.ToArray());
    }

    /// <summary>The replica of a group has asked that its records before one may go.</summary>
    public void MayGo(GroupId group, RecordNumber first) => RecordsOf(group).MayGo(first);

    /// <summary>The log says where the records of a group begin.</summary>
    public void Released(in LogFloor floor) => RecordsOf(floor.Group).Released(floor);

    /// <summary>The file is used again, or gone: nothing in it may be needed.</summary>
    public void Gone(string file)
    {
        foreach (DurableRecords records in _groups.Values)
            records.Gone(file);
        _frames.RemoveAll(frame => frame.File == file);
    }

    /// <summary>The log says that records are lost.</summary>
    public void Lost(in LostRecords lost) => RecordsOf(lost.Group).Lost(lost);

    /// <summary>The log has shown all; says whether what was certain is there, or told to be
    /// lost.</summary>
    public bool EndReplay()
    {
        LogPosition cut = Cut();
        bool isThere = true;
        foreach (DurableRecords records in _groups.Values)
            isThere &= records.EndReplay(cut);
        return isThere;
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

    private DurableRecords RecordsOf(GroupId group)
    {
        if (!_groups.TryGetValue(group.Number, out DurableRecords? records))
            _groups[group.Number] = records = new DurableRecords();
        return records;
    }

    // The first damaged frame at or above the highest mark that is left on the disk.
    private LogPosition Cut()
    {
        LogPosition mark = default;
        foreach (DurableFrame frame in _frames.Where(static frame => !frame.IsDamaged))
            mark = frame.Head.DurableThrough > mark ? frame.Head.DurableThrough : mark;

        LogPosition cut = new(long.MaxValue);
        foreach (DurableFrame frame in _frames.Where(static frame => frame.IsDamaged))
        {
            LogPosition position = frame.Head.Position;
            cut = position >= mark && position < cut ? position : cut;
        }

        return cut;
    }

    private void Survey(IBlockDevice device, DiskFile file, long offset)
    {
        byte[] bytes = new byte[file.Length - offset];
        device.Read(file.Name, offset, bytes);
        int start = 0;
        while (start < bytes.Length
            && TryRead(file.Name, offset + start, bytes.AsSpan(start)) is DurableFrame frame
            && !IsOfFormerUse(frame))
        {
            foreach ((RecordHeader header, byte[] _) in frame.Contents)
                RecordsOf(header.Group).Locate(header, frame);

            frame.Contents = [];
            _frames.Add(frame);
            start += (int)frame.Length;
        }
    }

    // A file that is used again still has what nothing was written over.
    private bool IsOfFormerUse(DurableFrame frame) =>
        _frames.Count > 0 && frame.Head.Position < _frames[^1].Head.End;

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
            HasStatement = _read.Exists(static record => record.Header.IsStatement),
            UsedBytes = (int)Math.Clamp(_readEnd - head.Position.Bytes, HeadBytes, length),
        };
    }

    private void Take(DurableFrame frame)
    {
        _frames.Add(frame);
        foreach ((RecordHeader header, byte[] body) in frame.Contents)
        {
            RecordsOf(header.Group).Add(header, body, frame);
            Recorded(header, body);
        }

        frame.Contents = [];
    }
}
