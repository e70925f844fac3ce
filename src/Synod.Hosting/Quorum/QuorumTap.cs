using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>Stands between the liveness of a node and its shard, and hears which peers are
/// up.</summary>
internal sealed class QuorumTap(ITransportSink sink, Action<NodeId, bool> heard) : ITransportSink
{
    public void PeerUp(PeerIdentity peer, TimeSpan roundTrip)
    {
        sink.PeerUp(peer, roundTrip);
        heard(peer.Member.Node, true);
    }

    public void PeerDown(NodeId peer)
    {
        sink.PeerDown(peer);
        heard(peer, false);
    }

    public ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame) =>
        sink.PeerFrame(from, frame);

    public ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame) =>
        sink.ClientFrame(from, frame);

    public void ClientGone(ConnectionId client) => sink.ClientGone(client);
}
