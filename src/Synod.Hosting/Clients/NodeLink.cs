using System.Buffers;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>Keeps one connection of a client to one node, made anew whenever it is lost.</summary>
internal sealed class NodeLink : IClientSink, IThreadPoolWorkItem, IDisposable
{
    private static readonly TimeSpan RedialMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RedialMax = TimeSpan.FromMilliseconds(500);

    private readonly ClientLinks _links;
    private readonly int _node;
    private readonly ClientOptions _options;
    private readonly ITimer _redial;
    private readonly Lock _gate = new();
    private ClientConnection? _connection;
    private TimeSpan _pause = RedialMin;
    private int _isFlushQueued;
    private bool _isDisposed;

    public NodeLink(ClientLinks links, int node, ClientOptions options)
    {
        _links = links;
        _node = node;
        _options = options;
        _redial = TimeProvider.System.CreateTimer(
            _ => Dial(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _redial.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends a frame, if the node is connected and there is room. Unless it is alone it is
    /// written after what the thread pool has to do already, so that callers who were answered
    /// together and ask again leave in one packet.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool Send(ReadOnlySpan<byte> frame, bool isAlone)
    {
        if (_connection is not ClientConnection connection || !connection.Send(frame))
            return false;

        if (isAlone)
            connection.Flush();
        else if (Interlocked.Exchange(ref _isFlushQueued, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before the flush: what is queued from now on may be too late for this one.
        Interlocked.Exchange(ref _isFlushQueued, 0);
        _connection?.Flush();
    }

    public void Connected(in Greeting greeting)
    {
        _pause = RedialMin;
        _links.Connected(_node, (greeting.Node.Member.Node, greeting.RoundTrip));
    }

    public ValueTask Frame(in ReadOnlySequence<byte> frame)
    {
        _links.Received(_node, frame);
        return ValueTask.CompletedTask;
    }

    public void Closed(in Closure closure)
    {
        _links.Disconnected(_node, closure.Text);
        lock (_gate)
        {
            if (_isDisposed)
                return;

            // Who refuses us will do so again.
            if (closure.Refusal != RefusalCode.None)
                _pause = RedialMax;
            _redial.Change(_pause, Timeout.InfiniteTimeSpan);
            _pause = _pause * 2 < RedialMax ? _pause * 2 : RedialMax;
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        _redial.Dispose();
        _connection?.Dispose();
    }

    private void Dial()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;

            _connection?.Dispose();
            _connection = new ClientConnection(_options, this);
        }

        _connection.Start();
    }
}
