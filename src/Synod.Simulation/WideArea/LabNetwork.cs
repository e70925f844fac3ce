using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>All lines between nodes, and between clients and nodes.</summary>
internal sealed class LabNetwork(LabWorld world)
{
    private readonly Dictionary<(NodeId From, NodeId To), LabLine> _lines = [];
    private readonly Dictionary<NodeId, LabNode> _nodes = [];
    private readonly List<LabConnection> _connections = [];
    private long _lineNumbers;

    /// <summary>Lays the lines between all nodes.</summary>
    public void Connect(IReadOnlyList<LabNode> nodes)
    {
        foreach (LabNode from in nodes)
        {
            _nodes.Add(from.Id, from);
            foreach (LabNode to in nodes.Where(to => to != from))
                _lines.Add((from.Id, to.Id), NewLine(from.Site, to.Site));
        }
    }

    /// <summary>A client connects to a node; it is told when it is.</summary>
    public LabConnection Dial(LabClient client, LabNode node)
    {
        LabConnection connection = new(
            client,
            node,
            new ConnectionId(_connections.Count + 1, ClientRole.Admin),
            (NewLine(client.Site, node.Site), NewLine(node.Site, client.Site)));
        _connections.Add(connection);
        world.Schedule.After(
            world.RoundTrips.Between(client.Site, node.Site), () => client.Connected(node));
        return connection;
    }

    /// <summary>A frame leaves for a peer.</summary>
    public void ToPeer(LabNode from, NodeId peer, byte[] frame)
    {
        LabNode to = _nodes[peer];
        _lines[(from.Id, peer)].Send(() => to.PeerFrame(from.Identity, frame));
    }

    /// <summary>A frame leaves for a client.</summary>
    public void ToClient(ConnectionId client, byte[] frame) =>
        _connections[(int)client.Number - 1].ToClient(frame);

    private LabLine NewLine(int from, int to) => new(world, (from, to), ++_lineNumbers);
}
