using System.Diagnostics.CodeAnalysis;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>A disk whose word is not listened to.</summary>
internal sealed class BrokenDevice(MemoryBlockDevice disk, LogBug bug) : IBlockDevice
{
    private readonly HashSet<DiskJob> _disguised = [];

    public string Location => disk.Location;

    public IReadOnlyList<DiskFile> List() => disk.List();

    public int Read(string file, long offset, Span<byte> bytes) =>
        disk.Read(file, offset, bytes);

    public void Perform(DiskJob job)
    {
        bool isSkipped = job.Kind == DiskJobKind.Flush
            && bug is LogBug.FlushesNothing or LogBug.TrustsWhatItReads;
        if (!isSkipped)
            disk.Perform(job);
        Forgive(job);
    }

    public void Start(Action wake) => disk.Start(wake);

    public void Submit(DiskJob job)
    {
        if (job.Kind == DiskJobKind.Flush && bug == LogBug.FlushesNothing)
        {
            // To make a file that is there, and not larger, does nothing.
            _disguised.Add(job);
            job.Kind = DiskJobKind.Create;
            job.Length = 0;
        }

        disk.Submit(job);
    }

    public bool TryTake([NotNullWhen(true)] out DiskJob? job)
    {
        if (!disk.TryTake(out job))
            return false;

        if (_disguised.Remove(job))
            job.Kind = DiskJobKind.Flush;
        Forgive(job);
        return true;
    }

    public void Drain() => disk.Drain();

    public void Dispose()
    {
    }

    private void Forgive(DiskJob job)
    {
        // After the first error the disk does nothing any more, and says so each time.
        bool isForgiven = bug == LogBug.IgnoresFailedWrite
            || (bug == LogBug.IgnoresFailedFlush && job.Kind == DiskJobKind.Flush);
        if (isForgiven)
            job.Error = null;
    }
}
