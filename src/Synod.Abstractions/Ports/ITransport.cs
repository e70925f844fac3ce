using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Carries frames to peers and clients. No call ever blocks or throws for a network's
/// sake: a frame that cannot be sent now, or does not fit into the bounded queue of its connection,
/// is lost, and protocols are made for that.</summary>
public interface ITransport
{
    /// <summary>The largest frame, in bytes.</summary>
    int FrameBytesMax { get; }

    /// <summary>Queues a frame for a peer; copies it. It may overtake larger ones that wait.
    /// </summary>
    void Send(NodeId peer, ReadOnlySpan<byte> frame);

    /// <summary>Queues a frame for a peer; copies it. On one connection it does not overtake other
    /// frames of its group: nothing relies on that, but what comes before its time is asked for
    /// again.</summary>
    void Send(NodeId peer, GroupId group, ReadOnlySpan<byte> frame) => Send(peer, frame);

    /// <summary>Queues a frame for a client; copies it.</summary>
    void Reply(ConnectionId client, ReadOnlySpan<byte> frame);

    /// <summary>Queues a frame for a client; copies it. On its connection it does not overtake
    /// other frames that were queued for it with the same group.</summary>
    void Reply(ConnectionId client, GroupId group, ReadOnlySpan<byte> frame) =>
        Reply(client, frame);

    /// <summary>Hands what was queued to the network. Called once at the end of a turn, so that a
    /// turn costs one write per connection.</summary>
    void Flush();
}
