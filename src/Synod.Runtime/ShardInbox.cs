using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Where the network leaves what it received, until the next turn of the shard. What
/// members say has a lane of its own, so that no vote and no heartbeat waits for what clients want.
/// Each lane is bounded in bytes: beyond, readers wait. Safe for use from any thread.</summary>
public sealed class ShardInbox : ITransportSink
{
    private readonly Lock _gate = new();
    private readonly int _bytesMax;
    private readonly Action _signal;
    private readonly InboxLane _peers = new();
    private readonly InboxLane _clients = new();

    /// <summary>An empty inbox.</summary>
    /// <param name="bytesMax">The bytes of a lane from which on readers wait.</param>
    /// <param name="signal">Called, by any thread, when the inbox is no longer empty.</param>
    public ShardInbox(int bytesMax, Action signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        _bytesMax = bytesMax;
        _signal = signal;
    }

    /// <summary>Whether there is nothing to work off.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _peers.IsEmpty && _clients.IsEmpty;
        }
    }

    /// <summary>The bytes that wait for the next turn.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_gate)
                return _peers.Weight + _clients.Weight;
        }
    }

    /// <inheritdoc/>
    public void PeerUp(PeerIdentity peer, TimeSpan roundTrip) =>
        Post(_peers, new ShardInput(ShardInputKind.PeerUp, peer, default, 0, 0), default);

    /// <inheritdoc/>
    public void PeerDown(NodeId peer)
    {
        PeerIdentity identity = new(new MemberIdentity(peer, default), default);
        Post(_peers, new ShardInput(ShardInputKind.PeerDown, identity, default, 0, 0), default);
    }

    /// <inheritdoc/>
    public ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame) =>
        new(Post(
            _peers, new ShardInput(ShardInputKind.PeerFrame, from, default, 0, 0), frame));

    /// <inheritdoc/>
    public ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame) =>
        new(Post(
            _clients, new ShardInput(ShardInputKind.ClientFrame, default, from, 0, 0), frame));

    /// <inheritdoc/>
    public void ClientGone(ConnectionId client) =>
        Post(
            _clients, new ShardInput(ShardInputKind.ClientGone, default, client, 0, 0), default);

    /// <summary>What was taken of what members have sent.</summary>
    internal InboxLane.Side OfPeers => _peers.Taken;

    /// <summary>What was taken of what clients have sent.</summary>
    internal InboxLane.Side OfClients => _clients.Taken;

    /// <summary>Whether all that was taken is read.</summary>
    internal bool IsRead => OfPeers.IsRead && OfClients.IsRead;

    /// <summary>Takes what has come in, of each lane that is read.</summary>
    internal void Take()
    {
        lock (_gate)
        {
            _peers.TryTake();
            _clients.TryTake();
        }
    }

    /// <summary>Gives back the memory in which there is nothing.</summary>
    internal void Trim()
    {
        lock (_gate)
        {
            _peers.Trim();
            _clients.Trim();
        }
    }

    private Task Post(InboxLane lane, in ShardInput input, in ReadOnlySequence<byte> frame)
    {
        bool wasEmpty;
        Task? room;
        lock (_gate)
        {
            wasEmpty = lane.IsEmpty;
            lane.Add(input, frame);
            room = lane.Weight < _bytesMax ? null : lane.Room();
        }

        if (wasEmpty)
            _signal();
        return room ?? Task.CompletedTask;
    }
}
