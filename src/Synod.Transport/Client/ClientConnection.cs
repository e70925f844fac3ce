using System.Buffers;

namespace Synod.Transport;

/// <summary>A client's connection over TCP.</summary>
public sealed class ClientConnection : IClientConnection
{
    private readonly ClientOptions _options;
    private readonly IClientSink _sink;
    private readonly CancellationTokenSource _stopping = new();
    private volatile Connection? _connection;
    private bool _isStarted;

    /// <summary>A connection that does nothing yet: see <see cref="Start"/>.</summary>
    public ClientConnection(ClientOptions options, IClientSink sink)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        _options = options;
        _sink = sink;
    }

    /// <inheritdoc/>
    public int FrameBytesMax => _options.FrameBytesMax;

    /// <inheritdoc/>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, true))
            throw new InvalidOperationException("The connection was started before.");

        _ = RunAsync();
    }

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > FrameBytesMax)
        {
            throw new ArgumentException(
                $"A frame has {frame.Length} bytes; {FrameBytesMax} is the limit.", nameof(frame));
        }

        return _connection is { } connection && connection.TrySend(frame);
    }

    /// <inheritdoc/>
    public void Flush() => _connection?.Flush();

    /// <summary>Closes the connection at once; the sink is told, if the connection was
    /// started.</summary>
    public void Dispose()
    {
        // The source is left to the collector: it has no timer, and the dialling may still ask it.
        _stopping.Cancel();
        _connection?.Close("the client closed the connection");
    }

    private async Task RunAsync()
    {
        Hello hello = new(ConnectionRole.Client, _options.Cluster, default, _options.Node, "");
        if (NewDialler(out string trouble) is not { } dialler)
        {
            _sink.Closed(new(RefusalCode.WrongCertificate, trouble));
            return;
        }

        Dialled dialled = await dialler
            .DialAsync(_options.Address, hello, _stopping.Token).ConfigureAwait(false);
        Refusal refusal = dialled.Connection is null ? dialled.Refusal : Judge(dialled.Welcome);
        if (dialled.Connection is not { } connection || refusal.Text is not null)
        {
            dialled.Connection?.Dispose();
            _sink.Closed(new(refusal.Code, refusal.Text));
            return;
        }

        using (connection)
            await ServeAsync(connection, dialled).ConfigureAwait(false);
        _sink.Closed(new(RefusalCode.None, connection.Reason));
    }

    private async Task ServeAsync(Connection connection, Dialled dialled)
    {
        _connection = connection;
        if (_stopping.IsCancellationRequested)
            connection.Close("the client closed the connection");

        Welcome welcome = dialled.Welcome;
        _sink.Connected(new(welcome.Cluster, welcome.From.Identity, dialled.RoundTrip));
        await connection
            .RunAsync(data => _sink.Frame(new ReadOnlySequence<byte>(data)))
            .ConfigureAwait(false);
    }

    private Refusal Judge(in Welcome welcome)
    {
        string place = Addresses.Text(_options.Address);
        if (_options.Cluster != default && welcome.Cluster != _options.Cluster)
        {
            return new(
                RefusalCode.WrongCluster,
                $"wrong cluster: {place} is of cluster {welcome.Cluster}, not {_options.Cluster}; "
                + "correct the cluster id or the address");
        }

        return _options.Node == default || welcome.From.Node == _options.Node ? default : new(
            RefusalCode.WrongNode,
            $"wrong node: {place} is {welcome.From.Node}, not {_options.Node}; correct the "
            + "address");
    }

    private Dialler? NewDialler(out string trouble)
    {
        trouble = "";
        try
        {
            return new Dialler(new Traffic())
            {
                Timeout = _options.HandshakeTimeout,
                FrameBytesMax = _options.FrameBytesMax,
                QueueBytesMax = _options.QueueBytesMax,
                Time = _options.Time,
                Tls = _options.Tls is { } tls
                    ? new TlsGate(new TlsCredentials(tls, _options.Time, static _ => { }))
                    : null,
                Self = "this client",
            };
        }
        catch (TransportException failure)
        {
            trouble = failure.Message;
            return null;
        }
    }
}
