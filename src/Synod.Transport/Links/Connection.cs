using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>One TCP connection, at either end: a queue and a writer that exists only while there is
/// something to write, and a reader that exists until the connection is closed. Neither holds a
/// thread.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _network;
    private readonly FrameReceiver _incoming = new();
    private readonly SendQueue _outgoing;
    private readonly Traffic _traffic;
    private readonly CancellationTokenSource _closing = new();
    private FrameAssembly _assembly = new(0);
    private Stream _stream;
    private SslStream? _secure;
    private string? _reason;
    private int _isMarked;
    private int _isFull;

    /// <summary>A connection over a socket that is connected.</summary>
    public Connection(Socket socket, int queueBytesMax, Traffic traffic)
        : this(socket, new NetworkStream(socket, ownsSocket: true), queueBytesMax, traffic)
    {
    }

    /// <summary>A connection over a stream that owns the socket.</summary>
    public Connection(Socket socket, NetworkStream network, int queueBytesMax, Traffic traffic)
    {
        _socket = socket;
        Tune(socket);
        _network = network;
        _stream = network;
        _outgoing = new SendQueue(queueBytesMax);
        _traffic = traffic;
        RemoteEndPoint = socket.RemoteEndPoint;
        Remote = Addresses.Text(RemoteEndPoint);
    }

    /// <summary>The address of the other end.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The address of the other end as text.</summary>
    public string Remote { get; }

    /// <summary>What the other end has shown and is believed; null without TLS.</summary>
    public CertificateIdentity? Certificate { get; set; }

    /// <summary>What counts it.</summary>
    public Traffic Traffic => _traffic;

    /// <summary>How many bytes wait to leave.</summary>
    public long QueuedBytes => _outgoing.Bytes;

    /// <summary>Whether it is closed.</summary>
    public bool IsClosed => _reason is not null;

    /// <summary>Why it was closed; the first reason counts.</summary>
    public string Reason => _reason ?? "it is open";

    /// <summary>What arrived and is no frame, to tell a stranger by.</summary>
    public ReadOnlySpan<byte> Unread => _incoming.Unread;

    /// <summary>What the other end answered in plain words instead of TLS; null if it did
    /// not.</summary>
    public Refusal? PlainRefusal => (_network as AnswerRecorder)?.FindRefusal();

    /// <summary>The first byte that arrives at a connection that was accepted, which is left there;
    /// null when the other end has closed.</summary>
    public async Task<byte?> PeekAsync()
    {
        byte[] first = new byte[1];
        int count = _network is AcceptedStream stream
            ? await stream.PeekAsync(first, _closing.Token).ConfigureAwait(false)
            : 0;
        return count == 0 ? null : first[0];
    }

    /// <summary>Does TLS as the end that was dialled; all that follows goes through it.</summary>
    public async Task SecureAsync(SslServerAuthenticationOptions options)
    {
        SslStream secure = Wrap();
        await secure.AuthenticateAsServerAsync(options, _closing.Token).ConfigureAwait(false);
        _stream = secure;
    }

    /// <summary>Does TLS as the end that has dialled.</summary>
    public async Task SecureAsync(SslClientAuthenticationOptions options)
    {
        SslStream secure = Wrap();
        await secure.AuthenticateAsClientAsync(options, _closing.Token).ConfigureAwait(false);
        (_network as AnswerRecorder)?.Stop();
        _stream = secure;
    }

    /// <summary>Takes frames up to the usual limit from now on.</summary>
    public void Establish(int frameBytesMax)
    {
        _incoming.BodyBytesMax = WireFormat.BodyBytesMax;
        _assembly = new FrameAssembly(frameBytesMax);
        if (_network is AcceptedStream stream)
            stream.IsTrusted = true;
    }

    /// <summary>Copies a frame into the queue; false when it is full or closed. Frames of one flow
    /// leave in order, those of flow zero in none.</summary>
    public bool TrySend(ReadOnlySpan<byte> frame, ulong flow = 0) =>
        _outgoing.TryAdd(FrameKind.Data, frame, flow);

    /// <summary>True for the first caller since <see cref="Flush"/>: it must see to the next
    /// one.</summary>
    public bool TryMark() => Interlocked.Exchange(ref _isMarked, 1) == 0;

    /// <summary>True for the first caller since the queue was last written out: it tells that
    /// frames are lost.</summary>
    public bool TryMarkFull() => Interlocked.Exchange(ref _isFull, 1) == 0;

    /// <summary>Begins to write what is queued, on this thread as far as the socket takes it at
    /// once.</summary>
    public void Flush()
    {
        Interlocked.Exchange(ref _isMarked, 0);
        if (_outgoing.TryBegin())
            _ = DrainAsync();
    }

    /// <summary>Writes a frame of the handshake; nothing is queued yet.</summary>
    public async Task WriteAsync(FrameBuffer frame)
    {
        await _stream.WriteAsync(frame.WrittenMemory, _closing.Token).ConfigureAwait(false);
        _traffic.CountOut(frame.Length);
    }

    /// <summary>The next frame of the handshake; null when the other end has closed.</summary>
    /// <exception cref="WireException">What arrived is no frame of a handshake.</exception>
    public async Task<ReceivedFrame?> ReadAsync()
    {
        ReceivedFrame frame;
        while (!_incoming.TryNext(out frame))
        {
            if (!await FillAsync().ConfigureAwait(false))
                return null;
        }

        return frame;
    }

    /// <summary>Says that nothing more comes from here, and reads until the other end has said the
    /// same, so that it can read what was written last.</summary>
    public async Task FinishAsync()
    {
        _socket.Shutdown(SocketShutdown.Send);
        byte[] discarded = new byte[1024];
        while (await _stream.ReadAsync(discarded, _closing.Token).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <summary>Hands every frame of data on, in order, the next one when the task for the last is
    /// complete. Ends when the connection is closed; then <see cref="Reason"/> says why.</summary>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, ValueTask> deliver)
    {
        try
        {
            do
            {
                while (_incoming.TryNext(out ReceivedFrame frame))
                    await HandleAsync(frame, deliver).ConfigureAwait(false);
            }
            while (await FillAsync().ConfigureAwait(false));

            Close("the other end closed the connection");
        }
        catch (Exception failure)
        {
            // Whatever it is, only this connection ends by it, and the reason is told.
            Close(Failures.Describe(failure));
        }
    }

    /// <summary>Closes the connection, with a word in plain as far as that is possible without
    /// waiting: nothing waits to be written in a handshake, so there is room for it.</summary>
    public void Expel(FrameBuffer word)
    {
        try
        {
            if (_secure is null)
                _socket.Send(word.Written);
        }
        catch (Exception failure) when (Failures.IsNetwork(failure))
        {
            // It is gone by itself.
        }

        Close("there is no room");
    }

    /// <summary>Closes the connection at once: the other end sees it.</summary>
    public void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null)
            return;

        // Not on this thread: it may be the receiver's own, in the middle of a turn.
        _ = _closing.CancelAsync();
        _outgoing.Close();
        _network.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close("the connection was given up");
        _secure?.Dispose();
        _network.Dispose();
        _closing.Dispose();
    }

    // Closing takes the socket away from under TLS, so that whoever reads or writes comes back.
    private SslStream Wrap() => _secure = new SslStream(_network, leaveInnerStreamOpen: true);

    private static void Tune(Socket socket)
    {
        try
        {
            socket.NoDelay = true;

            // A machine that lost its power, or a line that is cut, says nothing. The system asks
            // after an idle one, and gives up on one that does not acknowledge what was sent, both
            // within about ten seconds.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            SetForTcp(socket, SocketOptionName.TcpKeepAliveTime, 5);
            SetForTcp(socket, SocketOptionName.TcpKeepAliveInterval, 1);
            SetForTcp(socket, SocketOptionName.TcpKeepAliveRetryCount, 5);
            if (OperatingSystem.IsLinux())
                TuneLinux(socket);
        }
        catch (SocketException)
        {
            // The connection is dead already; the first read says so.
        }
    }

    // What the system has taken cannot be overtaken any more, so it takes little more than what is
    // on its way.
    private static void TuneLinux(Socket socket)
    {
        const int tcp = 6;
        const int userTimeout = 18;
        const int milliseconds = 10_000;
        socket.SetRawSocketOption(tcp, userTimeout, BitConverter.GetBytes(milliseconds));
        const int notSentLowWater = 25;
        const int bytes = 128 * 1024;
        socket.SetRawSocketOption(tcp, notSentLowWater, BitConverter.GetBytes(bytes));
    }

    private static void SetForTcp(Socket socket, SocketOptionName name, int value) =>
        socket.SetSocketOption(SocketOptionLevel.Tcp, name, value);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync()
    {
        int count = await _stream.ReadAsync(_incoming.Room()).ConfigureAwait(false);
        _incoming.Received(count);
        _traffic.CountIn(count);
        return count > 0;
    }

    private ValueTask HandleAsync(
        in ReceivedFrame frame, Func<ReadOnlyMemory<byte>, ValueTask> deliver)
    {
        if (frame.Version != WireFormat.Version)
            throw new WireException($"a frame is of format {frame.Version}");

        return frame.Kind switch
        {
            FrameKind.Data => AwaitUnlessClosed(deliver(frame.Payload)),
            FrameKind.Ping => AnswerPing(),
            FrameKind.Pong => default,
            FrameKind.Begin => Begin(frame.Payload.Span),
            FrameKind.More => _assembly.TryEnd(frame.Payload.Span, out ReadOnlyMemory<byte> whole)
                ? AwaitUnlessClosed(deliver(whole))
                : default,
            FrameKind.Hello or FrameKind.Welcome or FrameKind.Refusal =>
                throw new WireException($"a {frame.Kind} came after the handshake"),
        };
    }

    private ValueTask Begin(ReadOnlySpan<byte> payload)
    {
        _assembly.Begin(payload);
        return default;
    }

    // A receiver that takes its time must not keep a connection that is closed.
    private ValueTask AwaitUnlessClosed(ValueTask delivery) =>
        delivery.IsCompletedSuccessfully
            ? delivery
            : new ValueTask(delivery.AsTask().WaitAsync(_closing.Token));

    private ValueTask AnswerPing()
    {
        _outgoing.TryAdd(FrameKind.Pong, default);
        Flush();
        return default;
    }

    private async Task DrainAsync()
    {
        try
        {
            ReadOnlyMemory<byte> waiting = _outgoing.Take();
            while (!waiting.IsEmpty)
            {
                await _stream.WriteAsync(waiting).ConfigureAwait(false);
                _traffic.CountOut(waiting.Length);
                waiting = _outgoing.Take();

                // The caller of Flush has done its one write: what came meanwhile is not its work.
                if (!waiting.IsEmpty)
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            Volatile.Write(ref _isFull, 0);
        }
        catch (Exception failure) when (Failures.IsNetwork(failure))
        {
            Close(Failures.Describe(failure));
        }
    }
}
