using Synod.Abstractions;

namespace Synod.Simulation;

/// <summary>The connection of a client to a node.</summary>
internal sealed class LabConnection(
    LabClient client, LabNode node, ConnectionId id, (LabLine There, LabLine Back) lines)
{
    /// <summary>A frame leaves for the node.</summary>
    public void ToNode(byte[] frame) => lines.There.Send(() => node.ClientFrame(id, frame));

    /// <summary>A frame leaves for the client.</summary>
    public void ToClient(byte[] frame) => lines.Back.Send(() => client.Received(node, frame));
}
