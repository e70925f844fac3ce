using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>A block device as the log uses it: jobs are reused, and what must not fail throws.
/// </summary>
internal sealed class DiskQueue(IBlockDevice device)
{
    private readonly Stack<DiskJob> _idle = new();

    public IBlockDevice Device => device;

    public void Create(Segment segment)
    {
        DiskJob job = Rent(DiskJobKind.Create, segment);
        job.Length = segment.Length;
        device.Submit(job);
    }

    public void Write(Segment segment, long position, ReadOnlyMemory<byte> bytes) =>
        device.Submit(WriteJob(segment, position, bytes));

    public void Flush(Segment segment) => device.Submit(Rent(DiskJobKind.Flush, segment));

    /// <summary>Gives the file of a segment that is released to another one, durably before what
    /// is submitted later.</summary>
    public void Recycle(Segment released, Segment segment)
    {
        device.Submit(RenameJob(released, segment));
        device.Submit(Rent(DiskJobKind.FlushNames, segment));
    }

    /// <summary>Removes the file of a segment that is released, durably before what is submitted
    /// later.</summary>
    public void Remove(Segment released)
    {
        device.Submit(Rent(DiskJobKind.Remove, released));
        device.Submit(Rent(DiskJobKind.FlushNames, released));
    }

    /// <summary>Reads bytes of a segment, beside everything else.</summary>
    public DiskJob Read(Segment segment, long position, Memory<byte> room)
    {
        DiskJob job = Rent(DiskJobKind.Read, segment);
        job.Offset = position - segment.Base;
        job.Room = room;
        job.Count = 0;
        device.Submit(job);
        return job;
    }

    public bool TryTake([NotNullWhen(true)] out DiskJob? job) => device.TryTake(out job);

    /// <summary>Keeps a job that was taken back, for another time.</summary>
    public void Return(DiskJob job)
    {
        job.Bytes = default;
        job.Room = default;
        _idle.Push(job);
    }

    /// <summary>Creates at once. False if there is no room.</summary>
    public bool TryCreateNow(Segment segment)
    {
        DiskJob job = Rent(DiskJobKind.Create, segment);
        job.Length = segment.Length;
        device.Perform(job);
        return job.Error is not { IsFull: true } && Check(job);
    }

    public void WriteNow(Segment segment, long position, ReadOnlyMemory<byte> bytes) =>
        PerformNow(WriteJob(segment, position, bytes));

    public void FlushNow(Segment segment) => PerformNow(Rent(DiskJobKind.Flush, segment));

    /// <summary>Gives the file to another segment, durably, at once.</summary>
    public void RecycleNow(Segment released, Segment segment)
    {
        PerformNow(RenameJob(released, segment));
        PerformNow(Rent(DiskJobKind.FlushNames, segment));
    }

    /// <summary>Removes the file, durably, at once.</summary>
    public void RemoveNow(Segment released)
    {
        PerformNow(Rent(DiskJobKind.Remove, released));
        PerformNow(Rent(DiskJobKind.FlushNames, released));
    }

    /// <summary>The error as an operator needs it.</summary>
    public LogException Explain(DiskError error) => new(
        $"The log in {device.Location} is poisoned: {error}. Nothing is written to it any more, "
        + "and what was not durable yet may be lost. The process must be restarted; if it happens "
        + "again, replace the disk.");

    private void PerformNow(DiskJob job)
    {
        device.Perform(job);
        Check(job);
    }

    private bool Check(DiskJob job)
    {
        DiskError? error = job.Error;
        Return(job);
        return error is null ? true : throw Explain(error);
    }

    private DiskJob RenameJob(Segment released, Segment segment)
    {
        DiskJob job = Rent(DiskJobKind.Rename, released);
        job.NewFile = segment.File;
        return job;
    }

    private DiskJob WriteJob(Segment segment, long position, ReadOnlyMemory<byte> bytes)
    {
        DiskJob job = Rent(DiskJobKind.Write, segment);
        job.Offset = position - segment.Base;
        job.Bytes = bytes;
        return job;
    }

    private DiskJob Rent(DiskJobKind kind, Segment segment)
    {
        if (!_idle.TryPop(out DiskJob? job))
            job = new DiskJob();
        job.Kind = kind;
        job.File = segment.File;
        job.Error = null;
        return job;
    }
}
