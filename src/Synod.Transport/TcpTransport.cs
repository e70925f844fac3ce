using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Frames over TCP. Each node dials each peer and sends on the connection that it has
/// dialled; it receives from a peer on the one that the peer has dialled. Clients dial, and are
/// answered on the same connection. Safe for use from several threads.</summary>
public sealed class TcpTransport : ITransport, IAsyncDisposable
{
    private readonly TcpTransportOptions _options;
    private readonly Traffic _traffic = new();
    private readonly Running _running;
    private readonly Dictionary<NodeId, PeerLink> _links = [];
    private readonly ConcurrentDictionary<ConnectionId, Connection> _clients = [];
    private readonly ConcurrentDictionary<Connection, bool> _accepted = [];
    private readonly ConcurrentQueue<Connection> _dirty = [];
    private Listener? _listener;
    private ITransportSink? _sink;
    private readonly WaitingRoom _waitingRoom;
    private readonly Seats _seats;
    private long _clientsCount;
    private volatile bool _isStopping;

    /// <summary>A transport that does nothing yet: see <see cref="Start"/>.</summary>
    public TcpTransport(TcpTransportOptions options)
    {
        OptionChecks.Check(options);
        _options = options;
        _waitingRoom = new WaitingRoom(options.HandshakesMax);
        _seats = new Seats(options.ClientsMax);
        _running = new Running(failure =>
            Notice(NoticeKind.Closed, $"the transport has a bug: {failure}"));
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public IPEndPoint Bound => _listener?.Bound ?? _options.Listen;

    /// <summary>The bytes received over all connections.</summary>
    public long BytesIn => _traffic.BytesIn;

    /// <summary>The bytes sent over all connections.</summary>
    public long BytesOut => _traffic.BytesOut;

    /// <summary>The frames to peers that were dropped: the peer was not connected, or its queue was
    /// full.</summary>
    public long FramesDropped => _traffic.FramesDropped;

    /// <summary>The handshakes that this node refused.</summary>
    public long HandshakesRefused => _traffic.HandshakesRefused;

    /// <summary>The bytes that wait to leave, over all connections.</summary>
    public long QueuedBytes =>
        _links.Values.Sum(static link => link.QueuedBytes)
        + _clients.Values.Sum(static client => client.QueuedBytes);

    /// <summary>The connections whose handshake goes on.</summary>
    public int HandshakesCount => _waitingRoom.Count;

    /// <summary>The clients that are connected.</summary>
    public int ClientsCount => _clients.Count;

    /// <summary>The peers to which frames can leave.</summary>
    public int PeersConnected => _links.Values.Count(static link => link.IsConnected);

    /// <inheritdoc/>
    public int FrameBytesMax => _options.FrameBytesMax;

    /// <summary>Begins to listen and to dial; the sink is called from now on. Once.</summary>
    /// <exception cref="TransportException">It may not, or cannot, listen.</exception>
    public void Start(ITransportSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_sink is not null)
            throw new InvalidOperationException("The transport was started before.");

        TlsGate? tls = NewGate();
        _listener = new Listener(_options);
        _sink = sink;
        PeerLinkContext context = NewContext(sink, tls);
        foreach (NodeId peer in _options.Peers)
            _links.Add(peer, new PeerLink(peer, context));

        Welcome welcome = new(_options.Cluster, context.Hello.From);
        Reception reception = new(_options, context.Doorkeeper, tls, welcome, _seats, _links);
        _ = _running.Track(_listener.RunAsync(socket =>
            _ = _running.Track(ServeAsync(socket, reception, sink))));
        foreach (PeerLink link in _links.Values)
            _ = _running.Track(link.RunAsync());
        Notice(NoticeKind.Listening, $"listening at {Addresses.Text(Bound)}");
    }

    /// <inheritdoc/>
    public void Send(NodeId peer, ReadOnlySpan<byte> frame) => Send(peer, default, frame);

    /// <inheritdoc/>
    public void Send(NodeId peer, GroupId group, ReadOnlySpan<byte> frame)
    {
        Check(frame);
        if (!_links.TryGetValue(peer, out PeerLink? link))
            _traffic.CountDropped();
        else if (link.Send(frame, group.Number) is { } connection)
            _dirty.Enqueue(connection);
    }

    /// <inheritdoc/>
    public void Reply(ConnectionId client, ReadOnlySpan<byte> frame) =>
        Reply(client, default, frame);

    /// <inheritdoc/>
    public void Reply(ConnectionId client, GroupId group, ReadOnlySpan<byte> frame)
    {
        Check(frame);
        if (!_clients.TryGetValue(client, out Connection? connection))
            return;

        if (!connection.TrySend(frame, group.Number))
        {
            // A client that reads nothing cannot be told less than everything.
            connection.Close($"more than {_options.ClientQueueBytesMax} bytes wait for the client");
        }
        else if (connection.TryMark())
        {
            _dirty.Enqueue(connection);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // No more than waits now: what other threads queue meanwhile is theirs to flush.
        for (int count = _dirty.Count; count > 0; count--)
        {
            if (_dirty.TryDequeue(out Connection? connection))
                connection.Flush();
        }
    }

    /// <summary>Stops accepting and dialling, closes all connections, and waits until the sink is
    /// called no more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopping, true))
            return;

        _listener?.Stop();
        foreach (PeerLink link in _links.Values)
            link.Stop();
        foreach (Connection connection in _accepted.Keys)
            connection.Close("this node stops");

        await _running.EndAsync().ConfigureAwait(false);
        foreach (PeerLink link in _links.Values)
            link.Dispose();
        _listener?.Dispose();
    }

    private TlsGate? NewGate()
    {
        if (_options.Tls is not { } tls)
            return null;

        NodeId self = _options.Self.Member.Node;
        TlsCredentials credentials = new(
            tls, _options.Time, trouble => Notice(NoticeKind.CertificateTrouble, trouble));
        CertificateIdentity own = credentials.Current.Identity;
        if (own.Roles.HasFlag(CertificateRoles.Member) && (own.Node ?? self) == self)
            return new TlsGate(credentials);

        throw new TransportException(
            $"TLS: {self} cannot use the certificate {own.Subject}, which allows {own.Roles}"
            + $"{(own.Node is { } other ? $" as {other}" : "")}: give it one that names "
            + $"synod:member/{self.Number}.");
    }

    private PeerLinkContext NewContext(ITransportSink sink, TlsGate? tls)
    {
        string address = _options.Advertise ?? Addresses.Text(Bound);
        ulong process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        Claim self = new(_options.Self, process);
        return new PeerLinkContext
        {
            Options = _options,
            Sink = sink,
            Doorkeeper = new Doorkeeper(
                _options.Cluster, self, address, _options.Peers),
            Dialler = new Dialler(_traffic)
            {
                Timeout = _options.HandshakeTimeout,
                FrameBytesMax = _options.FrameBytesMax,
                QueueBytesMax = _options.PeerQueueBytesMax,
                Time = _options.Time,
                Tls = tls,
                Self = $"{self.Node} at {address}",
            },
            Traffic = _traffic,
            Hello = new Hello(
                ConnectionRole.Member, _options.Cluster, self, default, address),
        };
    }

    private async Task ServeAsync(Socket socket, Reception reception, ITransportSink sink)
    {
        AcceptedStream stream = new(socket, _options.Poller);
        using Connection connection = new(
            socket, stream, _options.ClientQueueBytesMax, _traffic);
        _accepted.TryAdd(connection, true);
        if (_isStopping)
            connection.Close("this node stops");

        Guest? guest = await GreetAsync(connection, reception).ConfigureAwait(false);
        if (guest?.Member is { } member)
            await ServeMemberAsync(member, sink).ConfigureAwait(false);
        else if (guest is not null)
            await ServeClientAsync(connection, guest.Role, sink).ConfigureAwait(false);
        _accepted.TryRemove(connection, out _);
    }

    private async Task<Guest?> GreetAsync(Connection connection, Reception reception)
    {
        if (_waitingRoom.Enter(connection) is { } slowest)
            reception.ShowOut(slowest);
        try
        {
            return await reception.ReceiveAsync(connection).ConfigureAwait(false);
        }
        finally
        {
            _waitingRoom.Leave(connection);
        }
    }

    private async Task ServeMemberAsync(PeerConnection member, ITransportSink sink)
    {
        PeerIdentity from = member.Claim.Identity;
        await member.Connection
            .RunAsync(data => sink.PeerFrame(from, new ReadOnlySequence<byte>(data)))
            .ConfigureAwait(false);

        _links[member.Claim.Node].Ledger.Leave(member);
        Notice(
            NoticeKind.Closed,
            $"the connection from {from} at {member.Address} is closed: "
            + member.Connection.Reason);
    }

    private async Task ServeClientAsync(
        Connection connection, ClientRole role, ITransportSink sink)
    {
        ConnectionId client = new(Interlocked.Increment(ref _clientsCount), role);
        _clients.TryAdd(client, connection);
        await connection
            .RunAsync(data => sink.ClientFrame(client, new ReadOnlySequence<byte>(data)))
            .ConfigureAwait(false);

        _clients.TryRemove(client, out _);
        _seats.Release();
        sink.ClientGone(client);
        Notice(
            NoticeKind.Closed,
            $"the connection {client} of a client at {connection.Remote} is closed: "
            + connection.Reason);
    }

    private void Check(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > _options.FrameBytesMax)
        {
            throw new ArgumentException(
                $"A frame has {frame.Length} bytes; {_options.FrameBytesMax} is the limit.",
                nameof(frame));
        }
    }

    private void Notice(NoticeKind kind, string text) =>
        _options.Events?.Noticed(new(kind, Peer: null, text));
}
