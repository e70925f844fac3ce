using System.Buffers;
using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Takes what a transport has received. Called by any thread; the calls for one connection
/// are in order.</summary>
public interface ITransportSink
{
    /// <summary>A connection to the peer is up: frames to it can leave.</summary>
    void PeerUp(PeerIdentity peer, TimeSpan roundTrip);

    /// <summary>The connection to the peer is down.</summary>
    void PeerDown(NodeId peer);

    /// <summary>A frame of a peer; the bytes are valid during the call. Read on once the task is
    /// complete: that is the back-pressure.</summary>
    ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame);

    /// <summary>A frame of a client, likewise.</summary>
    ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame);

    /// <summary>A client has gone; nothing will reach it any more.</summary>
    void ClientGone(ConnectionId client);
}
