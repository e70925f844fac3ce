using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;

namespace Synod.Storage;

/// <content>Records that have left the window are read beside the owner's thread.</content>
public sealed partial class FileLog
{
    private readonly LoadQueue _loads;
    private readonly Action _wake;

    /// <inheritdoc/>
    public bool TryRead(LogPosition position, out ReadOnlySpan<byte> body)
    {
        RequireRecord(position);
        if (position < Base && _statements.TryFind(position, out StatementTable.Statement? kept))
        {
            body = kept.Body;
            return true;
        }

        bool isHere = TryFindInMemory(position, out ReadOnlySpan<byte> record);
        body = isHere ? record[RecordFormat.HeaderBytes..] : default;
        return isHere;
    }

    /// <inheritdoc/>
    public void Load(LogLoad load)
    {
        ArgumentNullException.ThrowIfNull(load);
        ObjectDisposedException.ThrowIf(_isClosed, this);
        GoOn(load, 0);
    }

    /// <inheritdoc/>
    public bool TryTakeLoaded([NotNullWhen(true)] out LogLoad? load) => _loads.TryTake(out load);

    // What is in memory is copied now, since the window moves on while the rest is read.
    private void GoOn(LogLoad load, int next)
    {
        for (int index = next; index < load.Count; index++)
        {
            LogPosition position = load[index];
            if (position < Base && !_statements.TryFind(position, out _))
                continue;

            if (TryCopy(load, index))
                continue;

            if (_segments.TryFind(position.Bytes, out Segment? segment))
            {
                _loads.Read(load, (index, LastOnDisk(load, index)), segment);
                return;
            }

            Fail(load, NoRecord(position, _disk.Device.Location));
            return;
        }

        _loads.Done(load);
        _wake();
    }

    private bool TryCopy(LogLoad load, int index)
    {
        LogPosition position = load[index];
        RequireRecord(position);
        if (position < Base && _statements.TryFind(position, out StatementTable.Statement? kept))
        {
            Copy(load, index, kept.Header, kept.Body);
            return true;
        }

        if (!TryFindInMemory(position, out ReadOnlySpan<byte> record))
            return false;

        Copy(load, index, RecordFormat.ReadHeader(record), record[RecordFormat.HeaderBytes..]);
        return true;
    }

    private static void Copy(
        LogLoad load, int index, in RecordHeader header, ReadOnlySpan<byte> body)
    {
        byte[] copy = load.Rent(body.Length);
        body.CopyTo(copy);
        load.Take(index, header, copy.AsMemory(0, body.Length));
    }

    private int LastOnDisk(LogLoad load, int first)
    {
        int last = first;
        while (last + 1 < load.Count && !_window.TryFind(load[last + 1].Bytes, out _))
            last++;
        return last;
    }

    private void TookPiece(DiskJob job)
    {
        LoadQueue.Piece piece = _loads.Take(job);
        if (job.Error is null)
        {
            TakeRecords(piece, piece.Room[..job.Count]);
            return;
        }

        Fail(piece.Load, new LogException(
            $"The log in {_disk.Device.Location} cannot be read: {job.Error}. Replace the disk "
            + "if it happens again."));
    }

    // The first is looked at also where the file has ended before it: it must not be read again.
    private void TakeRecords(LoadQueue.Piece piece, Memory<byte> room)
    {
        LogLoad load = piece.Load;
        int index = piece.Index;
        do
        {
            LogPosition position = load[index];
            Memory<byte> rest = room[(int)(position.Bytes - piece.From)..];
            long size = SizeOf(rest.Span, piece.Segment.End - position.Bytes);
            bool isWhole = size <= rest.Length;
            if (!isWhole && index > piece.Index)
                break;

            if (!isWhole && size > piece.Room.Length)
            {
                _loads.Read(load, (index, index), piece.Segment, size);
                return;
            }

            if (!isWhole || !IsIntact(rest.Span[..(int)size], position))
            {
                Fail(load, NoRecord(position, piece.Segment.File));
                return;
            }

            Take(load, index, rest[..(int)size]);
            index++;
        }
        while (index < load.Count && load[index].Bytes < piece.From + room.Length);

        GoOn(load, index);
    }

    private static void Take(LogLoad load, int index, Memory<byte> record) => load.Take(
        index, RecordFormat.ReadHeader(record.Span), record[RecordFormat.HeaderBytes..]);

    // Header and body; 0 if what the bytes claim cannot be there: more of them would tell no more.
    private static long SizeOf(ReadOnlySpan<byte> bytes, long available)
    {
        if (bytes.Length < RecordFormat.HeaderBytes && available >= RecordFormat.HeaderBytes)
            return RecordFormat.HeaderBytes;

        int length = RecordFormat.BodyLength(bytes, available);
        return length < 0 ? 0 : RecordFormat.HeaderBytes + length;
    }

    private bool IsIntact(ReadOnlySpan<byte> record, LogPosition position) =>
        !record.IsEmpty && RecordFormat.IsIntact(record, position, _tail.LogId);

    private void Fail(LogLoad load, LogException failure)
    {
        load.Failure = failure;
        _loads.Done(load);
        _wake();
    }
}
