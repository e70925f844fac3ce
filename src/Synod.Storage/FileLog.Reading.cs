using Synod.Abstractions;

namespace Synod.Storage;

/// <content>Records read back.</content>
public sealed partial class FileLog
{
    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(LogPosition position) =>
        TryRead(position, out ReadOnlySpan<byte> body)
            ? body
            : RecordOnDisk(position)[RecordFormat.HeaderBytes..];

    /// <inheritdoc/>
    public void Show(LogPosition position, ILogVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        RequireRecord(position);
        if (position < Base && _statements.TryFind(position, out StatementTable.Statement? kept))
        {
            visitor.Visit(kept.Header, position, kept.Body);
            return;
        }

        if (!TryFindInMemory(position, out ReadOnlySpan<byte> record))
            record = RecordOnDisk(position);
        visitor.Visit(
            RecordFormat.ReadHeader(record), position, record[RecordFormat.HeaderBytes..]);
    }

    private void RequireRecord(LogPosition position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position.Bytes, FrameHeader.Bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.Bytes, Appended.Bytes);
        if (position < Base && !_statements.TryFind(position, out _))
        {
            throw new LogException(
                $"The record at {position} was released: the log in {_disk.Device.Location} begins "
                + $"at {Base}.");
        }
    }

    // Header and body.
    private bool TryFindInMemory(LogPosition position, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (!_window.TryFind(position.Bytes, out WindowBlock? block))
            return false;

        ReadOnlySpan<byte> rest = block.From(position.Bytes);
        int length = RecordFormat.BodyLength(rest, rest.Length);
        if (length < 0)
            throw NoRecord(position, "memory");

        record = rest[..(RecordFormat.HeaderBytes + length)];
        return true;
    }

    // What is not in the window was written, or its block would still be there, so the disk has it.
    private ReadOnlySpan<byte> RecordOnDisk(LogPosition position)
    {
        if (!_segments.TryFind(position.Bytes, out Segment? segment))
            throw NoRecord(position, _disk.Device.Location);

        long offset = position.Bytes - segment.Base;
        int read = _disk.Device.Read(segment.File, offset, _scratch);
        int length = read < RecordFormat.HeaderBytes
            ? -1
            : RecordFormat.BodyLength(_scratch, segment.Length - offset);
        if (length < 0)
            throw NoRecord(position, segment.File);

        int size = RecordFormat.HeaderBytes + length;
        if (read < size)
        {
            if (_scratch.Length < size)
                Array.Resize(ref _scratch, Sector.RoundUp(size));
            read += _disk.Device.Read(
                segment.File, offset + read, _scratch.AsSpan(read, size - read));
        }

        ReadOnlySpan<byte> record = _scratch.AsSpan(0, size);
        return read >= size && RecordFormat.IsIntact(record, position, _tail.LogId)
            ? record
            : throw NoRecord(position, segment.File);
    }

    private LogException NoRecord(LogPosition position, string where) => new(
        $"{_disk.Device.Location}: the disk does not give back the record at {position} ({where}): "
        + "its checksum is wrong. Check the disk, and that nobody else writes to the directory.");
}
