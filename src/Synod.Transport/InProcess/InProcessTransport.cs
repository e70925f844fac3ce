using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>The transport of one node of an <see cref="InProcessNetwork"/>.</summary>
public sealed class InProcessTransport : ITransport, IDisposable
{
    private readonly InProcessNetwork _network;
    private readonly Dictionary<ConnectionId, InProcessClient> _clients = [];
    private List<(Lane Lane, byte[] Frame)> _queued = [];
    private long _clientsCount;

    internal InProcessTransport(InProcessNetwork network, PeerIdentity self)
    {
        _network = network;
        Self = self;
    }

    /// <summary>The node.</summary>
    public PeerIdentity Self { get; }

    /// <inheritdoc/>
    public int FrameBytesMax => _network.FrameBytesMax;

    internal NodeId Node => Self.Member.Node;

    /// <summary>Null before <see cref="Start"/> and after <see cref="Dispose"/>.</summary>
    internal ITransportSink? Sink { get; private set; }

    /// <summary>Begins to receive. Called once.</summary>
    public void Start(ITransportSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _network.Change(() => Sink = sink);
    }

    /// <inheritdoc/>
    public void Send(NodeId peer, ReadOnlySpan<byte> frame)
    {
        byte[] copy = _network.Copy(frame);
        lock (_network.Gate)
        {
            if (_network.LaneBetween(Node, peer) is { } lane)
                _queued.Add((lane, copy));
        }
    }

    /// <inheritdoc/>
    public void Reply(ConnectionId client, ReadOnlySpan<byte> frame)
    {
        byte[] copy = _network.Copy(frame);
        lock (_network.Gate)
        {
            if (_clients.TryGetValue(client, out InProcessClient? there))
                _queued.Add((there.ToClient, copy));
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_network.Gate)
        {
            _network.Launch(_queued);
            _queued = [];
        }

        _network.Settle();
    }

    /// <summary>The node is gone, as by a kill: peers see their connections to it go down, clients
    /// are closed, and what it has queued is lost.</summary>
    public void Dispose()
    {
        List<InProcessClient> clients = [];
        _network.Change(() =>
        {
            Sink = null;
            _queued = [];
            clients.AddRange(_clients.Values);
            _clients.Clear();
            _network.Remove(this);
        });
        foreach (InProcessClient client in clients)
            client.Close(new(RefusalCode.None, $"{Node} is gone"));
    }

    internal ConnectionId Accept(InProcessClient client)
    {
        ConnectionId id = new(++_clientsCount, client.Role);
        _clients.Add(id, client);
        return id;
    }

    internal void Gone(ConnectionId client)
    {
        bool isNews;
        lock (_network.Gate)
            isNews = _clients.Remove(client);
        if (isNews)
            Sink?.ClientGone(client);
    }

    internal ValueTask DeliverPeer(PeerIdentity from, ReadOnlyMemory<byte> frame) =>
        Sink?.PeerFrame(from, new ReadOnlySequence<byte>(frame)) ?? default;

    internal ValueTask DeliverClient(ConnectionId from, ReadOnlyMemory<byte> frame) =>
        Sink?.ClientFrame(from, new ReadOnlySequence<byte>(frame)) ?? default;
}
