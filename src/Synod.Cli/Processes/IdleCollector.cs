namespace Synod.Cli.Processes;

/// <summary>Gives memory back that a node has used while it was busy. The runtime collects when
/// something is allocated, so a process that falls silent would keep its garbage as long as it is
/// idle, however much that is.</summary>
internal sealed class IdleCollector : IDisposable
{
    // The log and the shard give back theirs after a second.
    private const int IdleSeconds = 4;

    // Less than this is allocated in a second where nothing happens.
    private const long IdleBytes = 1 << 20;

    // Less garbage than this is not worth a collection.
    private const long GarbageBytes = 16 << 20;

    // All threads stand still meanwhile, a tenth of a second for a hundred megabytes. Where there
    // is more, what is idle is not small, and the runtime is left alone.
    private const long HeapBytesMax = 256 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Timer _timer;
    private long _allocated;
    private long _collected;
    private int _idle;

    public IdleCollector() => _timer = new Timer(
        static state => (state as IdleCollector)?.Look(), this, Interval, Interval);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long before = _allocated;
        _allocated = GC.GetTotalAllocatedBytes();
        _idle = _allocated - before < IdleBytes ? _idle + 1 : 0;
        if (_idle < IdleSeconds || _allocated - _collected < GarbageBytes
            || GC.GetTotalMemory(forceFullCollection: false) > HeapBytesMax)
        {
            return;
        }

        _collected = _allocated;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
