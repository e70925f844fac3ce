using System.Diagnostics.CodeAnalysis;
using Synod.Storage;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Real files whose disk fails when it is told, and which know what was not
/// flushed.</summary>
internal sealed class FickleDevice(IBlockDevice device, UnflushedSectors sectors) : IBlockDevice
{
    private readonly Queue<long> _numbers = new();
    private DiskJobKind? _failing;
    private DiskError? _broken;
    private long _number;

    public string Location => device.Location;

    public void FailNext(LogFault fault) =>
        _failing = fault == LogFault.Write ? DiskJobKind.Write : DiskJobKind.Flush;

    public IReadOnlyList<DiskFile> List() => device.List();

    public int Read(string file, long offset, Span<byte> bytes) =>
        device.Read(file, offset, bytes);

    public void Start(Action wake) => device.Start(wake);

    public void Perform(DiskJob job)
    {
        Begin(job);
        device.Perform(job);
        End(job, _number);
    }

    public void Submit(DiskJob job)
    {
        Begin(job);
        _numbers.Enqueue(_number);
        device.Submit(job);
    }

    public bool TryTake([NotNullWhen(true)] out DiskJob? job)
    {
        if (!device.TryTake(out job))
            return false;

        End(job, _numbers.Dequeue());
        return true;
    }

    public void Drain() => device.Drain();

    public void Dispose() => device.Dispose();

    private void Begin(DiskJob job)
    {
        _number++;
        if (job.Kind == DiskJobKind.Write)
            sectors.Write(device, job, _number);
    }

    private void End(DiskJob job, long number)
    {
        bool fails = _failing == job.Kind;
        if (fails)
        {
            _failing = null;
            _broken = new DiskError(job.File, job.Kind.ToString(), "EIO");
        }

        job.Error ??= _broken;
        if (job.Kind == DiskJobKind.Flush && (fails || job.Error is null))
            sectors.Flushed(job.File, number, fails);
    }
}
