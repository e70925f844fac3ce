using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Synod.Transport;

/// <summary>The bytes of a connection that was accepted. With a poller its reader goes on in the
/// thread that polls, as soon as the handshake is over; without, on the thread pool. One reader at
/// a time; a pending read ends when the stream is closed.</summary>
internal sealed class AcceptedStream : NetworkStream, IValueTaskSource
{
    // So many buffers may be filled in a row before others have their turn.
    private const int FilledMax = 4;

    private const int Idle = 0;
    private const int Ready = 1;
    private const int Waiting = 2;
    private const int Closed = 3;

    private readonly SocketPoller? _poller;
    private readonly long _number;
    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;
    private int _isPostponed;
    private int _filled;
    private bool _isDrained;
    private volatile bool _isEnding;

    /// <summary>A stream over a socket that is connected, which it owns.</summary>
    public AcceptedStream(Socket socket, SocketPoller? poller)
        : base(socket, ownsSocket: true)
    {
        _number = poller?.Add(this) ?? 0;
        if (_number == 0)
            return;

        _poller = poller;
        socket.Blocking = false;
    }

    /// <summary>The socket as the system knows it.</summary>
    public SafeHandle Handle => Socket.SafeHandle;

    /// <summary>Whether the reader may go on in the thread that polls: not while it is a stranger,
    /// whose certificate takes long to judge.</summary>
    public bool IsTrusted { get; set; }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_poller is null)
            return base.ReadAsync(buffer, cancellationToken);

        return TryReceive(buffer.Span, SocketFlags.None, out int count)
            ? new(count)
            : ReceiveAsync(buffer, SocketFlags.None);
    }

    /// <summary>Copies what comes next and leaves it there; none when the other end has closed.
    /// </summary>
    public ValueTask<int> PeekAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        _poller is null
            ? Socket.ReceiveAsync(buffer, SocketFlags.Peek, cancellation)
            : ReceiveAsync(buffer, SocketFlags.Peek);

    /// <summary>There is something to read. Called by whoever polls, one at a time.</summary>
    /// <param name="isEnding">Whether nothing comes after it.</param>
    public void Happened(bool isEnding)
    {
        if (isEnding)
            _isEnding = true;
        if (Interlocked.CompareExchange(ref _state, Ready, Idle) == Idle)
            return;

        // Not idle: only whoever polls, or closes, takes it from waiting to something else.
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting)
            _source.SetResult(true);
    }

    /// <summary>The next round after <see cref="SocketPoller.Postpone"/> has come.</summary>
    public void Resume()
    {
        Interlocked.Exchange(ref _isPostponed, 0);
        Happened(isEnding: false);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _poller is not null)
        {
            _poller.Remove(_number);
            if (Interlocked.Exchange(ref _state, Closed) == Waiting)
            {
                // Not on this thread: it may be in the middle of a turn.
                _source.RunContinuationsAsynchronously = true;
                _source.SetException(new ObjectDisposedException(nameof(AcceptedStream)));
            }
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, SocketFlags flags)
    {
        int count;
        while (!TryReceive(buffer.Span, flags, out count))
            await ReadableAsync().ConfigureAwait(false);
        return count;
    }

    private bool TryReceive(Span<byte> buffer, SocketFlags flags, out int count)
    {
        count = 0;
        if ((_isDrained && !_isEnding) || _filled == FilledMax)
            return false;

        count = Socket.Receive(buffer, flags, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            throw new SocketException((int)error);

        // Less than there was room for: that was all, and what comes later is an event.
        bool isFull = count == buffer.Length;
        _isDrained = !isFull && flags == SocketFlags.None;
        _filled = isFull ? _filled + 1 : 0;
        return error == SocketError.Success;
    }

    private ValueTask ReadableAsync()
    {
        bool isMoreThere = _filled == FilledMax;
        _filled = 0;
        _isDrained = false;
        _source.Reset();
        _source.RunContinuationsAsynchronously = !IsTrusted;
        int state = Interlocked.CompareExchange(ref _state, Waiting, Idle);
        if (state == Ready)
        {
            // It became ready while the reader was busy, so in another thread than that which
            // polls: there it goes on.
            isMoreThere = true;
            state = Interlocked.CompareExchange(ref _state, Waiting, Ready);
        }

        ObjectDisposedException.ThrowIf(state == Closed, this);
        if (isMoreThere && Interlocked.Exchange(ref _isPostponed, 1) == 0)
            _poller?.Postpone(this);
        return new ValueTask(this, _source.Version);
    }
}
