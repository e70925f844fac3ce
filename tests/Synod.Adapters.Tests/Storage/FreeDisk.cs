using System.Diagnostics.CodeAnalysis;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>A disk that keeps nothing and costs nothing, to measure the log alone.</summary>
internal sealed class FreeDisk : IBlockDevice
{
    private readonly Queue<DiskJob> _done = new();

    public string Location => "nowhere";

    public IReadOnlyList<DiskFile> List() => [];

    public int Read(string file, long offset, Span<byte> bytes) => 0;

    public void Perform(DiskJob job)
    {
    }

    public void Start(Action wake)
    {
    }

    public void Submit(DiskJob job) => _done.Enqueue(job);

    public bool TryTake([NotNullWhen(true)] out DiskJob? job) => _done.TryDequeue(out job);

    public void Drain()
    {
    }

    public void Dispose()
    {
    }
}
