using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The log of a node that has no disk: it is there as long as its process. What is
/// appended counts as durable, in the sense of <see cref="Durability.Memory"/>, from the next
/// <see cref="Poll"/> on.</summary>
/// <remarks>Owned by one thread.</remarks>
public sealed class MemoryLog : ILog
{
    // Zero is before the first record.
    private const int Begin = 64;
    private const int RestParts = 4;
    private const int LargePageBytes = 2 << 20;

    private readonly MemoryLogOptions _options;
    private readonly Action _wake;
    private readonly List<byte[]> _blocks = [];
    private readonly FloorTable _floors = new();
    private readonly StatementTable _statements = new();
    private long _dropped;
    private LogPosition? _releaseAt;
    private int _used = Begin;
    private long _flushes;
    private long _records;
    private LogPosition _flushed;

    /// <summary>An empty log.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="wake">Called when it is time for <see cref="Poll"/>, within
    /// <see cref="Flush"/>; it must only leave a sign.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public MemoryLog(MemoryLogOptions options, Action wake)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wake);
        options.Validate();
        _options = options;
        _wake = wake;
        _blocks.Add(NewBlock(options.BlockBytes));
    }

    /// <inheritdoc/>
    public StoragePressure Pressure
    {
        get
        {
            long left = _options.CapacityBytes - (End - (_dropped * _options.BlockBytes));
            if (left >= _options.ReserveBytes)
                return StoragePressure.None;
            return left < _options.ReserveBytes / RestParts
                ? StoragePressure.Full
                : StoragePressure.High;
        }
    }

    /// <inheritdoc/>
    public LogStatus Status => new()
    {
        Segments = _blocks.Count,
        Bytes = End - Base.Bytes,
        RoomBytes = (long)_blocks.Count * _options.BlockBytes,
        CapacityBytes = _options.CapacityBytes,
        Flushes = _flushes,
        Records = _records,
    };

    /// <inheritdoc/>
    public int RecordBytesMax => _options.BlockBytes - Begin - RecordFormat.HeaderBytes;

    /// <summary>As for any record: what is in memory needs no copies.</summary>
    public int StatementBytesMax => RecordBytesMax;

    /// <summary>Nothing, ever.</summary>
    public IReadOnlyList<LogDamage> Damage => [];

    /// <inheritdoc/>
    public LogPosition Base { get; private set; }

    /// <inheritdoc/>
    public LogPosition Appended { get; private set; }

    /// <inheritdoc/>
    public LogPosition Durable { get; private set; }

    /// <inheritdoc/>
    public LogException? Poison { get; private set; }

    private long End => ((_dropped + _blocks.Count - 1) * _options.BlockBytes) + _used;

    /// <summary>Shows nothing: a log in memory begins empty.</summary>
    public void Replay(ILogVisitor visitor) => ArgumentNullException.ThrowIfNull(visitor);

    /// <inheritdoc/>
    /// <exception cref="LogException">The log is poisoned, or now is because it is
    /// full.</exception>
    public LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        int length = record.Length + command.Length;
        if (length > RecordBytesMax)
        {
            throw new ArgumentException(
                $"A record of {length} bytes is larger than {RecordBytesMax}.", nameof(record));
        }

        if (Poison is not null)
            throw Poison;

        int size = RecordFormat.SizeOf(length);
        if (_options.BlockBytes - _used < size)
            AddBlock();
        LogPosition position = new(End);
        Span<byte> room = _blocks[^1].AsSpan(_used, size);
        record.CopyTo(room[RecordFormat.HeaderBytes..]);
        command.CopyTo(room[(RecordFormat.HeaderBytes + record.Length)..]);
        RecordFormat.WriteHeader(
            room, new RecordPlace(default, 1, position, false), header, length);
        _used += size;
        _records++;
        _floors.Note(header.Group, position);
        if (header.IsStatement)
            _statements.Add(header, position, record, command);
        _statements.Copied();
        return Appended = position;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(LogPosition position) => KeptAt(position) is { } kept
        ? kept.Body
        : RecordAt(position)[RecordFormat.HeaderBytes..];

    /// <inheritdoc/>
    public void Show(LogPosition position, ILogVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        if (KeptAt(position) is { } kept)
        {
            visitor.Visit(kept.Header, position, kept.Body);
            return;
        }

        ReadOnlySpan<byte> record = RecordAt(position);
        visitor.Visit(
            RecordFormat.ReadHeader(record), position, record[RecordFormat.HeaderBytes..]);
    }

    /// <inheritdoc/>
    public void Release(in LogFloor floor)
    {
        bool isHere = _floors.TryFind(floor.Group, out _)
            && floor.Position.Bytes >= Begin && floor.Position <= Appended;
        if (!isHere)
            throw new ArgumentException($"The floor {floor} is no record of it.", nameof(floor));
        if (_floors.Raise(floor))
            _releaseAt = Appended;
        _floors.Written();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (Poison is not null || _flushed == Appended)
            return;

        _flushed = Appended;
        _flushes++;
        _wake();
    }

    /// <inheritdoc/>
    public void Poll()
    {
        Durable = _flushed;
        if (_releaseAt is not LogPosition at || at > Durable)
            return;

        _releaseAt = null;
        long through = _floors.Lowest().Bytes / _options.BlockBytes;
        int count = (int)Math.Min(through - _dropped, _blocks.Count - 1);
        if (count <= 0)
            return;

        _blocks.RemoveRange(0, count);
        _dropped += count;
        Base = new LogPosition(_dropped * _options.BlockBytes);
    }

    /// <summary>Does nothing: the memory is free when nobody holds the log.</summary>
    public void Dispose()
    {
    }

    // To be given a page takes longer than to fill it, so they should be large. Below that size
    // there is nothing to gain, and each wish costs the system an entry.
    private static byte[] NewBlock(int bytes)
    {
        byte[] block = GC.AllocateArray<byte>(bytes, pinned: true);
        if (bytes >= LargePageBytes)
            Libc.WantLargePages(block);
        return block;
    }

    private void AddBlock()
    {
        if ((_blocks.Count + 1L) * _options.BlockBytes > _options.CapacityBytes)
        {
            Poison = new LogException(
                $"The log in memory is full to the last byte: {_blocks.Count} blocks of "
                + $"{_options.BlockBytes} bytes, and the capacity is {_options.CapacityBytes}. "
                + "Give it more room by its capacity, and restart the process.");
            throw Poison;
        }

        _blocks.Add(NewBlock(_options.BlockBytes));
        _used = 0;
    }

    private StatementTable.Statement? KeptAt(LogPosition position) =>
        position < Base
        && _statements.TryFind(position, out StatementTable.Statement? kept)
            ? kept
            : null;

    private ReadOnlySpan<byte> RecordAt(LogPosition position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position.Bytes, Begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.Bytes, Appended.Bytes);
        if (position < Base)
        {
            throw new LogException(
                $"The record at {position} was released: the log in memory begins at {Base}.");
        }

        (long block, long offset) = Math.DivRem(position.Bytes, _options.BlockBytes);
        ReadOnlySpan<byte> rest = _blocks[(int)(block - _dropped)].AsSpan((int)offset);
        int length = RecordFormat.BodyLength(rest, rest.Length);
        if (length < 0)
            throw new LogException($"There is no record at {position} of the log in memory.");

        return rest[..(RecordFormat.HeaderBytes + length)];
    }
}
