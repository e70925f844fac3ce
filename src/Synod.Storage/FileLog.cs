using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The log of a node on a block device: segments of fixed size, filled with batch frames
/// (safety §7). All that is appended while a flush is under way goes into the next one.</summary>
/// <remarks>Owned by one thread. The first error of the disk poisons it for ever.</remarks>
public sealed partial class FileLog : ILog
{
    private readonly FileLogOptions _options;
    private readonly DiskQueue _disk;
    private readonly LogScan _found;
    private readonly SegmentChain _segments;
    private readonly LogTail _tail;
    private readonly TailWindow _window;
    private readonly FrameBuilder _builder = new();
    private readonly StatementTable _statements;
    private readonly Queue<FlushMark> _flushes = new();
    private readonly byte[] _sector = new byte[Sector.Bytes];
    private byte[] _scratch = new byte[Sector.Bytes];
    private LogPosition _sealed;
    private long _flushing;
    private long _records;
    private long _spareTried;
    private int _creating;
    private long _activeSince;
    private long _flushesDone;
    private long _recordsFlushed;
    private readonly string? _damageText;
    private bool _isCopyDue = true;
    private bool _isFlushWanted;
    private bool _isClosed;

    /// <inheritdoc/>
    public StoragePressure Pressure => _segments.PressureAt(_tail.End + _builder.Length);

    /// <inheritdoc/>
    public LogStatus Status => new()
    {
        Segments = _segments.All.Count,
        Bytes = _tail.End + _builder.Length - _segments.Base,
        RoomBytes = _segments.RoomBytes,
        CapacityBytes = _options.CapacityBytes,
        Damage = _damageText,
        Flushes = _flushesDone,
        Records = _records - _found.Records,
    };

    /// <inheritdoc/>
    public int RecordBytesMax =>
        _options.FrameBytesMax - FrameHeader.Bytes - RecordFormat.HeaderBytes;

    /// <inheritdoc/>
    public int StatementBytesMax =>
        ((_options.FrameBytesMax - FrameBuilder.BytesFor(0, isStatement: true)) / 2)
        - RecordFormat.SizeOf(0);

    /// <inheritdoc/>
    public IReadOnlyList<LogDamage> Damage => _found.Damage;

    /// <inheritdoc/>
    public LogPosition Appended { get; private set; }

    /// <inheritdoc/>
    public LogPosition Durable { get; private set; }

    /// <inheritdoc/>
    public LogException? Poison { get; private set; }

    /// <summary>What the log holds by now.</summary>
    public LogReport Report => new()
    {
        LogId = _tail.LogId,
        Opening = _tail.Opening,
        Segments = _segments.All.Count,
        Frames = _found.Frames + _tail.Frames,
        Records = _records,
        Base = Base,
        Bytes = _tail.End,
        TornBytes = _found.TornBytes,
        DurableMark = new LogPosition(_found.DurableThrough),
        Damage = _found.Damage,
    };

    /// <inheritdoc/>
    public void Replay(ILogVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        LogReplay.Show(_disk.Device, _found, new DoubtVisitor(visitor, _statements));
    }

    /// <inheritdoc/>
    /// <exception cref="LogException">The log is poisoned, or now is because it is
    /// full.</exception>
    public LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        int length = record.Length + command.Length;
        RequireFits(length, header.IsStatement);
        if (Poison is not null)
            throw Poison;

        int size = RecordFormat.SizeOf(length);
        if (!_builder.HasRoomFor(size, header.IsStatement))
            BeginFrame(FrameBuilder.BytesFor(size, header.IsStatement));
        Appended = _builder.Add(_tail, header, record, command);
        _floors.Note(header.Group, Appended);
        if (header.IsStatement)
            _statements.Add(header, Appended, record, command);
        _records++;
        return Appended;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        bool isIdle = _builder.IsEmpty && _flushing == _tail.End && !_isReleaseDue;
        if (Poison is not null || isIdle)
            return;

        // Group commit: a flush that is under way does not cover what came after it, so all of that
        // waits for one more, which begins when this one has ended.
        _isFlushWanted = true;
        if (_flushes.Count == 0)
            BeginFlush();
    }

    /// <inheritdoc/>
    public void Poll()
    {
        while (_disk.TryTake(out DiskJob? job))
        {
            Take(job);
            _disk.Return(job);
        }

        if (Poison is not null)
            return;
        if (_isFlushWanted && _flushes.Count == 0)
            BeginFlush();
        if (!_isClosed)
            Reuse();
        if (_segments.IsWaitingForRoom && !_isClosed)
            RetrySpare();
        if (IdleMarkDue == TimeSpan.Zero)
            BeginMark();
    }

    private void Take(DiskJob job)
    {
        if (job.Kind == DiskJobKind.Read)
        {
            TookPiece(job);
            return;
        }

        if (job.Kind == DiskJobKind.Create)
            _creating--;

        // After the first error nothing counts any more, not even what succeeds.
        if (Poison is not null)
            return;

        bool isWithdrawn = job.Error is { IsFull: true } && _segments.Withdraw(job.File);
        if (isWithdrawn)
            _spareTried = _options.Clock.GetTimestamp();
        else if (job.Error is not null)
            Poison = _disk.Explain(job.Error);
        else if (job.Kind is DiskJobKind.Create or DiskJobKind.Rename)
            _segments.Created(job.Kind == DiskJobKind.Create ? job.File : job.NewFile);
        else
            Took(job.Kind);
    }

    private void Took(DiskJobKind kind)
    {
        switch (kind)
        {
            case DiskJobKind.Write:
                _window.Completed();
                break;
            case DiskJobKind.Flush:
                // Jobs are done in order and a failed one poisons, so all earlier writes and
                // flushes, of earlier segments too, have succeeded: only now may this one count.
                FlushMark mark = _flushes.Dequeue();
                _tail.Flushed(mark.End);
                Durable = mark.Record;
                Released(mark.Released);
                TellFlushed(mark);
                break;
            case DiskJobKind.Create:
            case DiskJobKind.Rename:
            case DiskJobKind.Remove:
            case DiskJobKind.FlushNames:
            case DiskJobKind.Read:
                break;
        }
    }

    private void TellFlushed(in FlushMark mark)
    {
        _activeSince = _options.Clock.GetTimestamp();
        _flushesDone++;
        if (_tail.IsMarked && _builder.IsEmpty)
            _window.Trim();
        long records = mark.Records - _recordsFlushed;
        _recordsFlushed = mark.Records;
        _options.Flushed?.Invoke(_options.Clock.GetElapsedTime(mark.Asked), records);
    }

    private void BeginFlush()
    {
        _isFlushWanted = false;
        Seal();
        if (_isReleaseDue)
            WriteFloors();
        FlushCurrent();
    }

    private void RequireFits(int length, bool isStatement)
    {
        int most = isStatement ? StatementBytesMax : RecordBytesMax;
        if (length > most)
            throw new ArgumentException($"A record of {length} bytes is larger than {most}.");
    }

    private void BeginFrame(int bytes)
    {
        Seal();
        if (_segments.Current.End - _tail.End < bytes)
            Roll();
        if (_isCopyDue)
            CopyStatements();
        if (_segments.Current.End - _tail.End < bytes)
            Roll();
        BeginHere(bytes);
    }

    private void BeginHere(int bytes)
    {
        WindowBlock? block = _window.Newest;
        bool continues = block is not null && block.Start + block.Used == _tail.End;
        if (block is null || !continues || block.Room < bytes)
            block = _window.Begin(_tail.End);
        _builder.Begin(block, _segments.Current.End - _tail.End);
    }

    // Frames of copies alone, at the begin of each segment and each opening: what is in older
    // parts of the log may be lost, and the small state is still known (safety §7).
    private void CopyStatements()
    {
        _isCopyDue = false;
        _areCopiesWhole = true;
        foreach (StatementTable.Statement statement in _statements.All)
        {
            if (!TryAddCopy(statement.Header, statement.Body, statement.IsDoubtful))
            {
                _areCopiesWhole = false;
                return;
            }
        }

        AddFloors(_floors.All);
        Seal();
    }

    private bool TryAddCopy(
        in RecordHeader header, ReadOnlySpan<byte> body, bool isDoubtful = false)
    {
        int size = RecordFormat.SizeOf(body.Length);
        if (!_builder.HasRoomFor(size, isStatement: false))
        {
            Seal();
            if (_segments.Current.End - _tail.End < FrameHeader.Bytes + size)
                return false;

            BeginHere(FrameHeader.Bytes + size);
        }

        _builder.AddCopy(_tail, header, body, isDoubtful);
        return true;
    }

    private void Seal()
    {
        if (_builder.IsEmpty)
            return;

        if (_builder.HasStatement)
        {
            foreach (StatementTable.Statement statement in _statements.Fresh)
                _builder.AddCopy(_tail, statement.Header, statement.Body);
            _statements.Copied();
        }

        SealFrame();
    }

    private void SealFrame()
    {
        long position = _tail.End;
        Segment segment = _segments.Current;
        WindowBlock block = _builder.Seal(_tail, segment, out ReadOnlyMemory<byte> frame);
        _window.Submitted(block);
        _disk.Write(segment, position, frame);
        _sealed = Appended;
    }

    private void FlushCurrent()
    {
        if (_flushing == _tail.End)
            return;

        _flushing = _tail.End;
        _flushes.Enqueue(new FlushMark(
            _tail.End,
            _sealed,
            _records - _builder.Records,
            _tail.ReleasedThrough,
            _options.Clock.GetTimestamp()));
        _disk.Flush(_segments.Current);
    }

    private void Roll()
    {
        FlushCurrent();
        if (!_segments.HasSpare)
        {
            Poison = Full();
            throw Poison;
        }

        Advance();
        CreateLater();
    }

    private void Advance()
    {
        Segment next = _segments.Roll();
        _tail.MoveTo(next.Base);
        _flushing = next.Base;
        _isCopyDue = true;
    }

    private void RetrySpare()
    {
        if (_options.Clock.GetElapsedTime(_spareTried) < _options.SpareRetryInterval)
            return;

        _spareTried = _options.Clock.GetTimestamp();
        CreateLater();
    }

    private void CreateLater()
    {
        if (_segments.PlanSpare(WaitingBytes()) is not { } spare)
            return;

        _creating++;
        _disk.Create(spare);
    }

    private LogException Full() => new(
        $"The log in {_disk.Device.Location} is full to the last byte: {_segments.All.Count} "
        + $"segments, and no room for another one (capacity {_options.CapacityBytes} bytes). "
        + "Nothing is written to it any more. Give it more room, on the disk or by "
        + $"{nameof(FileLogOptions.CapacityBytes)}, and restart the process.");
}
