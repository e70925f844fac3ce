namespace Synod.Adapters.Tests.Transport;

/// <summary>A thread pool that cannot grow: what holds a thread of it for each request comes to a
/// stand, and a busy machine makes no threads that a test would count.</summary>
internal sealed class SmallPool : IDisposable
{
    private readonly (int Workers, int Completions) _before;

    public SmallPool()
    {
        ThreadPool.GetMaxThreads(out int workers, out int completions);
        _before = (workers, completions);
        int wanted = Math.Max(Environment.ProcessorCount, ThreadPool.ThreadCount);
        Assert.True(ThreadPool.SetMaxThreads(wanted, completions));
    }

    public void Dispose() =>
        Assert.True(ThreadPool.SetMaxThreads(_before.Workers, _before.Completions));
}
