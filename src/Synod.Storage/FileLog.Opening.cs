using System.Buffers.Binary;
using System.Security.Cryptography;
using Synod.Abstractions;

namespace Synod.Storage;

/// <content>Opening and closing: the only times at which the owner waits for the disk.</content>
public sealed partial class FileLog
{
    private const int CopyBytes = 1 << 20;

    private FileLog(IBlockDevice device, FileLogOptions options, LogScan found, Action wake)
    {
        _options = options;
        _wake = wake;
        _disk = new DiskQueue(device);
        _loads = new LoadQueue(_disk);
        _found = found;
        _segments = new SegmentChain(options, found.Segments);
        _window = new TailWindow(options);
        _records = _recordsFlushed = found.Records;
        _statements = found.Statements;
        _floors = found.Floors;
        _released = new Queue<Segment>(found.Released);
        Base = new LogPosition(found.ReleasedThrough);
        _damageText = found.Damage.Count == 0 ? null : string.Join("; ", found.Damage);
        LogId logId = found.LogId ?? options.NewLogId ?? RandomId();
        _tail = new LogTail(logId, checked(found.Opening + 1));
        _tail.Resume(found.End, found.PreviousCrc, found.Counts, found.ReleasedThrough);
    }

    /// <summary>Opens the log on a device, or makes a new one. When it returns, everything that the
    /// log holds is durable and can be shown by <see cref="Replay"/>.</summary>
    /// <param name="device">The device, which the caller disposes of after the log.</param>
    /// <param name="options">The sizes.</param>
    /// <param name="wake">Called by any thread when it is time for <see cref="Poll"/>; it must only
    /// leave a sign.</param>
    /// <remarks>Damage below the durable mark is no error: see <see cref="Damage"/>. What is
    /// damaged is never written to.</remarks>
    /// <exception cref="LogException">Nothing is left of the log, or it is of a newer release or
    /// not one log, and nothing was changed; or the disk has failed.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static FileLog Open(IBlockDevice device, FileLogOptions options, Action wake)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wake);
        options.Validate();
        FileLog log = new(device, options, LogScanner.Scan(device, options.MustBeThere), wake);
        log.Settle();
        device.Start(wake);
        return log;
    }

    /// <summary>Makes durable what was appended and marks it as such, unless the log is poisoned.
    /// An error on the way is in <see cref="Poison"/>.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;

        _isClosed = true;
        Flush();
        do
        {
            _disk.Device.Drain();
            Poll();
        }
        while (Poison is null && _flushes.Count > 0);
        if (Poison is null && !_tail.IsMarked)
            TryMark();
    }

    private void Settle()
    {
        CreateAhead();
        _segments.Seek(_tail.End);
        RewriteTail();
        _tail.Flushed(_tail.End);
        if (MakeRoomForMark())
        {
            Mark();
            CreateSpare();
        }
        else
        {
            Poison = Full();
        }

        _flushing = _tail.End;
        _sealed = Appended = Durable = _found.LastRecord;
        _spareTried = _activeSince = _options.Clock.GetTimestamp();
    }

    // A segment without frames may be half made, or made by a process that was killed before its
    // name was flushed. Making it again costs next to nothing and keeps what is there.
    private void CreateAhead()
    {
        if (_segments.All.Count == 0)
        {
            if (_segments.PlanSpare(WaitingBytes()) is not { } first || !_disk.TryCreateNow(first))
                throw Full();
            return;
        }

        _segments.Renew(_found.IsNew ? 0 : _found.EndSegment + 1, _disk.TryCreateNow);
        if (_segments.All.Count == 0)
            throw Full();
    }

    // The end of the log above its mark was read, but that does not mean that it is on the disk:
    // the process before may have been killed before its flush, or after a flush that failed, when
    // the kernel keeps the bytes in memory and takes them for clean. Only writing them again, and a
    // flush of our own, shows that they are durable. The bytes are the same, so a crash in between
    // changes nothing.
    private void RewriteTail()
    {
        foreach (Segment segment in _segments.All)
        {
            long from = Math.Max(_found.DurableThrough, segment.Base);
            long end = Math.Min(_tail.End, segment.End);
            if (from >= end)
                continue;

            byte[] buffer = new byte[Math.Min(CopyBytes, end - from)];
            for (long position = from; position < end; position += buffer.Length)
            {
                Span<byte> bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - position));
                int read = _disk.Device.Read(segment.File, position - segment.Base, bytes);
                _disk.WriteNow(segment, position, buffer.AsMemory(0, read));
            }

            _disk.FlushNow(segment);
        }
    }

    private bool MakeRoomForMark()
    {
        if (_segments.Current.End - _tail.End >= Sector.Bytes)
            return true;

        CreateSpare();
        if (!_segments.HasSpare)
            return false;

        Advance();
        return true;
    }

    // What the log says is released was flushed by now, so the files may go.
    private void CreateSpare()
    {
        while (!_segments.HasSpare && _released.TryDequeue(out Segment? oldest))
            ReuseNow(oldest);
        if (_segments.PlanSpare(WaitingBytes()) is not { } spare)
            return;

        if (_disk.TryCreateNow(spare))
            _segments.Created(spare.File);
        else
            _segments.Withdraw(spare.File);
    }

    // An empty frame. At opening it is the cut: durable before the first append, see FrameWalker.
    // At closing it says that all before it is durable.
    private void Mark()
    {
        long position = _tail.End;
        Segment segment = _segments.Current;
        _tail.Seal(_sector, FrameHeader.Bytes, (0, 0), segment);
        _disk.WriteNow(segment, position, _sector);
        _disk.FlushNow(segment);
        _tail.Flushed(_tail.End);
    }

    private void TryMark()
    {
        bool hasRoom = _segments.Current.End - _tail.End >= Sector.Bytes;
        if (!hasRoom && !_segments.HasSpare)
            return;

        try
        {
            if (!hasRoom)
                Advance();
            Mark();
        }
        catch (LogException cause)
        {
            Poison = cause;
        }
    }

    private static LogId RandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new LogId(BinaryPrimitives.ReadUInt128LittleEndian(bytes));
    }
}
