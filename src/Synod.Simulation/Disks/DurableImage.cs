using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>What the disk of a node holds for certain: the records of all frames that were written
/// and then flushed, as seen at the device and without believing the log. A frame counts once all
/// frames before it do, since nothing behind a gap can be read back.</summary>
internal sealed class DurableImage : ILogVisitor
{
    private readonly List<DurableFrame> _frames = [];
    private readonly List<uint> _records = [];
    private readonly Queue<DurableFrame> _pending = [];
    private readonly List<(RecordHeader Header, byte[] Body)> _read = [];
    private LogPosition _mark;
    private int _replayed;

    /// <summary>Told of each record that is durable now, in order.</summary>
    public required Action<RecordHeader, byte[]> Recorded { get; init; }

    /// <summary>The frames that are on the disk for certain.</summary>
    public IReadOnlyList<DurableFrame> Frames => _frames;

    /// <summary>How many records are on the disk for certain.</summary>
    public int Records => _records.Count;

    /// <summary>Bytes were written to a file; not yet for certain.</summary>
    public void Written(string file, long offset, ReadOnlySpan<byte> bytes)
    {
        _read.Clear();
        if (LogFrames.TryShow(bytes, this, out LogFrame frame))
            _pending.Enqueue(new DurableFrame(file, offset, frame, [.. _read]));
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
                && offset < frame.Offset + frame.Length
                && frame.Offset < offset + length;
        }
    }

    /// <summary>A cut mark is there for certain: all before it is.</summary>
    public void Marked(string file, long offset, ReadOnlySpan<byte> bytes)
    {
        _read.Clear();
        if (LogFrames.TryShow(bytes, this, out LogFrame frame) && frame.Records == 0)
            _frames.Add(new DurableFrame(file, offset, frame, []));
    }

    /// <summary>The log is about to show what it has found.</summary>
    public void BeginReplay()
    {
        _replayed = 0;
        _mark = default;
        foreach (DurableFrame frame in _frames.Where(static frame => !frame.IsDamaged))
            _mark = frame.Head.DurableThrough > _mark ? frame.Head.DurableThrough : _mark;
    }

    /// <summary>The log shows a record. What was certain must be there as it was; what was not may
    /// be there too, and from now on is certain, because the log is open.</summary>
    public void Replayed(in RecordHeader header, ReadOnlySpan<byte> body)
    {
        int index = _replayed++;
        if (index < _records.Count)
        {
            if (_records[index] == DigestOf(header, body))
                return;

            throw new SimulationViolationException(
                $"record {header.Number} has changed on the disk");
        }

        _records.Add(DigestOf(header, body));
        Recorded(header, body.ToArray());
    }

    /// <summary>The log has shown all; says whether what was certain is there.</summary>
    /// <exception cref="SimulationViolationException">Something is not, although a mark says that
    /// it was durable: that is damage, and the log must not have opened.</exception>
    public bool EndReplay()
    {
        if (_replayed >= _records.Count)
            return true;

        DurableFrame? lost =
            _frames.Find(frame => frame.RecordsBefore + frame.Head.Records > _replayed);
        bool isBelowMark = lost is not null && lost.Head.Position < _mark;
        bool isDamaged = _frames.Exists(static frame => frame.IsDamaged);
        if (isBelowMark || !isDamaged)
        {
            throw new SimulationViolationException(
                $"the log opened with {_replayed} records, but {_records.Count} were durable");
        }

        return false;
    }

    void ILogVisitor.Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        _read.Add((header, body.ToArray()));

    private static uint DigestOf(in RecordHeader header, ReadOnlySpan<byte> body) => Crc32C.Of(
        body, unchecked((uint)header.Number.Number + ((uint)header.Owner << 24)));

    private void Take(DurableFrame frame)
    {
        frame.RecordsBefore = _records.Count;
        _frames.Add(frame);
        foreach ((RecordHeader header, byte[] body) in frame.Contents)
        {
            _records.Add(DigestOf(header, body));
            Recorded(header, body);
        }

        frame.Contents = [];
    }
}
