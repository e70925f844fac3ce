using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Carries frames to peers and clients. No call ever blocks or throws for a network's
/// sake: a frame that cannot be sent now, or does not fit into the bounded queue of its connection,
/// is lost, and protocols are made for that.</summary>
public interface ITransport
{
    /// <summary>The largest frame, in bytes.</summary>
    int FrameBytesMax { get; }

    /// <summary>Queues a frame for a peer; copies it.</summary>
    void Send(NodeId peer, ReadOnlySpan<byte> frame);

    /// <summary>Queues a frame for a client; copies it.</summary>
    void Reply(ConnectionId client, ReadOnlySpan<byte> frame);

    /// <summary>Hands what was queued to the network. Called once at the end of a turn, so that a
    /// turn costs one write per connection.</summary>
    void Flush();
}
