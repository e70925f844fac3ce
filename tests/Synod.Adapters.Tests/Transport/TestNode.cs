using System.Net;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>A node with its sink, on a free port of loopback; its peers are found in the address
/// book that the nodes of a test share. Nodes with odd numbers read by a poller, the others by the
/// thread pool.</summary>
internal sealed class TestNode : ITransportEvents, IAsyncDisposable
{
    public static readonly ClusterId Cluster = new(0xC1);

    private readonly Dictionary<NodeId, EndPoint> _book;
    private readonly SocketPoller? _poller;
    private readonly PollingThread? _polling;

    private TestNode(TcpTransportOptions options, Dictionary<NodeId, EndPoint> book)
    {
        _book = book;
        _poller = options.Self.Member.Node.Number % 2 == 1 ? SocketPoller.TryCreate() : null;
        _polling = _poller is null ? null : new PollingThread(_poller);
        Transport = new TcpTransport(options with
        {
            Events = this,
            Resolve = AddressOf,
            Poller = _poller,
        });
    }

    public TcpTransport Transport { get; }

    public TestSink Sink { get; } = new();

    public Watched<TransportNotice> Notices { get; } = new();

    public EndPoint Address => Transport.Bound;

    public string Place => Transport.Bound.ToString();

    /// <summary>Node <paramref name="number"/> of three.</summary>
    public static TcpTransportOptions Options(uint number, ulong boot = 1) => new()
    {
        Cluster = Cluster,
        Self = Identity(number, boot),
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Peers = [.. new uint[] { 1, 2, 3 }.Where(id => id != number).Select(id => new NodeId(id))],
    };

    /// <summary>The incarnation is the number of the node.</summary>
    public static PeerIdentity Identity(uint number, ulong boot = 1, ulong incarnation = 0) => new(
        new(new(number), new(incarnation == 0 ? number : incarnation)), new(boot));

    public static TestNode Start(
        TcpTransportOptions options, Dictionary<NodeId, EndPoint>? book = null)
    {
        TestNode node = new(options, book ?? []);
        node.Transport.Start(node.Sink);
        if (book is not null)
        {
            lock (book)
                book[options.Self.Member.Node] = node.Address;
        }

        return node;
    }

    public void Send(uint peer, string text) =>
        Transport.Send(new(peer), Encoding.UTF8.GetBytes(text));

    public Task UpAsync(uint peer) =>
        Sink.News.FirstAsync(news => news.StartsWith($"up n{peer} ", StringComparison.Ordinal));

    public Task DownAsync(uint peer) => Sink.News.FirstAsync(news => news == $"down n{peer}");

    /// <summary>The first notice of a kind.</summary>
    public async Task<string> NoticeAsync(NoticeKind kind) =>
        (await Notices.FirstAsync(notice => notice.Kind == kind)).Text;

    public void Noticed(in TransportNotice notice) => Notices.Add(notice);

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync().AsTask().WithinReason();
        _polling?.Dispose();
        _poller?.Dispose();
    }

    private EndPoint? AddressOf(NodeId peer)
    {
        lock (_book)
            return _book.GetValueOrDefault(peer);
    }
}
