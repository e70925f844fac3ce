using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What a node in one boot sends with. It keeps what is sent until it is flushed, and the
/// process may end before each of it.</summary>
internal sealed class SimulatedTransport(SimulatedNode node, SimulatedNetwork network) : ITransport
{
    private readonly List<(NodeId Peer, ConnectionId Client, byte[] Frame)> _queued = [];

    public int FrameBytesMax => 16 << 20;

    public void Send(NodeId peer, ReadOnlySpan<byte> frame)
    {
        node.Switch.Pass();
        node.Audit.Leaves(peer, frame);
        _queued.Add((peer, default, frame.ToArray()));
    }

    public void Reply(ConnectionId client, ReadOnlySpan<byte> frame)
    {
        node.Switch.Pass();
        node.Audit.Desk.Leaves(client, frame);
        _queued.Add((default, client, frame.ToArray()));
    }

    public void Flush()
    {
        int sent = 0;
        try
        {
            foreach ((NodeId peer, ConnectionId client, byte[] frame) in _queued)
            {
                node.Switch.Pass();
                sent++;
                if (client == SimulatedNode.Administrator)
                    node.Ordered(frame);
                else if (client == SimulatedNode.Probe)
                    node.Answered(frame);
                else if (peer == default)
                    network.ToClient(client, frame);
                else
                    network.ToPeer(node, peer, frame);
            }
        }
        finally
        {
            _queued.RemoveRange(0, sent);
        }
    }
}
