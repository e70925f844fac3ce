using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>A thread that does nothing but wait at a poller.</summary>
internal sealed class PollingThread : IDisposable
{
    private readonly SocketPoller _poller;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public PollingThread(SocketPoller poller)
    {
        _poller = poller;
        _thread = new Thread(Run) { IsBackground = true, Name = "polling" };
        _thread.Start();
    }

    public int Id => _thread.ManagedThreadId;

    public void Dispose()
    {
        _isStopping = true;
        _poller.Wake();
        _thread.Join();
    }

    private void Run()
    {
        while (!_isStopping)
            _poller.Wait(Timeout.InfiniteTimeSpan);
    }
}
