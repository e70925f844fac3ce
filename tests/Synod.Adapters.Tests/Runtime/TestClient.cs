using System.Buffers;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>The real client core, connected to the nodes of a test cluster.</summary>
internal sealed class TestClient : IClientPort
{
    private readonly InProcessNetwork _network;
    private readonly NodeId[] _nodes;
    private readonly IMachineCodec _machine;
    private readonly Link?[] _links;
    private readonly Dictionary<long, (ResponseKind, byte[])> _ended = [];
    private Instant _now;

    public TestClient(
        InProcessNetwork network,
        NodeId[] nodes,
        IMachineCodec machine,
        (ClientCoreOptions Options, ulong Seed) how)
    {
        _network = network;
        _nodes = nodes;
        _machine = machine;
        _links = new Link?[nodes.Length];
        Core = new ClientCore(how.Options, nodes.Length, how.Seed, this);
    }

    public ClientCore Core { get; }

    /// <summary>What was told of all watches, in order.</summary>
    public List<(ClientNews News, byte[] Answer)> News { get; } = [];

    /// <summary>Which calls are committed, in the order in which that was told.</summary>
    public List<long> Committed { get; } = [];

    /// <summary>How watches have ended.</summary>
    public Dictionary<long, (ResponseKind Kind, byte[] Bytes)> Ends { get; } = [];

    /// <summary>Whether it uses what it is told at once.</summary>
    public bool Uses { get; set; } = true;

    public long Submit(RequestKind kind, string key, object? request) =>
        Submit(new CallTerms(kind), key, request);

    public long Submit(CallTerms terms, string key, object? request)
    {
        FrameBuffer body = new();
        if (request is TransferRequest transfer)
            transfer.WriteTo(body);
        else if (request is not null)
            _machine.Encode(request, body);
        return Core.Submit(_now, terms, Encoding.UTF8.GetBytes(key), body.Written);
    }

    public long Watch(string key, object query)
    {
        FrameBuffer body = new();
        _machine.Encode(query, body);
        return Core.Watch(_now, Encoding.UTF8.GetBytes(key), body.Written);
    }

    /// <summary>What a watch of a number was told.</summary>
    public IEnumerable<(long Value, WatchNews News)> Told(long watch) => News
        .Where(told => told.News.Watch == watch)
        .Select(static told => (BitConverter.ToInt64(told.Answer), told.News.News));

    public bool TryTake(long call, out ResponseKind kind, out byte[] bytes)
    {
        bool isEnded = _ended.Remove(call, out (ResponseKind Kind, byte[] Bytes) answer);
        (kind, bytes) = answer;
        return isEnded;
    }

    public void Turn(Instant now)
    {
        _now = now;
        for (int node = 0; node < _nodes.Length; node++)
        {
            if (_links[node] is not null)
                continue;

            Link link = new(this, node);
            _links[node] = link;
            link.Connection = _network.Dial(_nodes[node], link);
            link.Connection.Start();
        }

        Core.Wake(now);
    }

    bool IClientPort.Send(int node, ReadOnlySpan<byte> frame)
    {
        bool isTaken = _links[node]?.Connection?.Send(frame) == true;
        _links[node]?.Connection?.Flush();
        return isTaken;
    }

    void IClientPort.Committed(long number, bool isCertain) => Committed.Add(number);

    void IClientPort.Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
        _ended.Add(number, (kind, bytes.ToArray()));

    void IClientPort.Watched(in ClientNews news, ReadOnlySpan<byte> answer)
    {
        News.Add((news, answer.ToArray()));
        if (Uses)
            Core.Use(news.Watch, answer.Length);
    }

    void IClientPort.WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
        Ends.Add(watch, (kind, bytes.ToArray()));

    private sealed class Link(TestClient client, int node) : IClientSink
    {
        public IClientConnection? Connection { get; set; }

        public void Connected(in Greeting greeting) =>
            client.Core.Connected(client._now, node, greeting.Node.Member.Node, default);

        public ValueTask Frame(in ReadOnlySequence<byte> frame)
        {
            client.Core.Received(client._now, node, frame.ToArray());
            return ValueTask.CompletedTask;
        }

        public void Closed(in Closure closure)
        {
            client._links[node] = null;
            client.Core.Disconnected(client._now, node);
        }
    }
}
