using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>A client's connection to a node of an <see cref="InProcessNetwork"/>.</summary>
internal sealed class InProcessClient : IClientConnection
{
    private readonly InProcessNetwork _network;
    private readonly NodeId _called;
    private readonly IClientSink _sink;
    private readonly Lane _toNode;
    private List<(Lane Lane, byte[] Frame)> _queued = [];
    private InProcessTransport? _node;
    private ConnectionId _id;
    private bool _isStarted;
    private bool _isClosed;

    public InProcessClient(
        InProcessNetwork network, NodeId called, ClientRole role, IClientSink sink)
    {
        Role = role;
        _network = network;
        _called = called;
        _sink = sink;
        ToClient = new Lane(
            frame => _sink.Frame(new ReadOnlySequence<byte>(frame)), hasFaults: false);
        _toNode = new Lane(
            frame => _node?.DeliverClient(_id, frame) ?? default, hasFaults: false);
    }

    public int FrameBytesMax => _network.FrameBytesMax;

    public ClientRole Role { get; }

    public Lane ToClient { get; }

    public void Start()
    {
        lock (_network.Gate)
        {
            _isStarted = true;
            _node = _isClosed ? null : _network.Find(_called);
            _id = _node?.Accept(this) ?? default;
        }

        if (_node is { } node)
            _sink.Connected(new(_network.Cluster, node.Self, TimeSpan.Zero));
        else
            Close(new(RefusalCode.None, $"{_called} is not there"));
    }

    public bool Send(ReadOnlySpan<byte> frame)
    {
        byte[] copy = _network.Copy(frame);
        lock (_network.Gate)
        {
            if (_isClosed || _node is null)
                return false;

            _queued.Add((_toNode, copy));
            return true;
        }
    }

    public void Flush()
    {
        lock (_network.Gate)
        {
            _network.Launch(_queued);
            _queued = [];
        }

        _network.Settle();
    }

    public void Dispose()
    {
        Close(new(RefusalCode.None, "the client closed the connection"));
        _node?.Gone(_id);
    }

    public void Close(in Closure closure)
    {
        lock (_network.Gate)
        {
            if (_isClosed)
                return;

            _isClosed = true;
            _network.Close(_toNode);
            _network.Close(ToClient);
        }

        if (_isStarted)
            _sink.Closed(closure);
    }
}
