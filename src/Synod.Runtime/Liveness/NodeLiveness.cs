using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Whether the other nodes live, for all groups at once: one ping per pair of nodes and
/// interval, sent and heard beside the shards, so that neither a slow disk nor a busy group
/// silences a node. Stands between the transport and the inbox of the shard: a peer is up while its
/// connection is up and it is heard. Safe for use from any thread; a function of its inputs and of
/// the clock.</summary>
/// <remarks>Silence is counted in own beats and not in time: whoever stood still itself, or whose
/// clock has jumped, has not listened and blames nobody for it.</remarks>
public sealed class NodeLiveness : ITransportSink
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<uint, Peer> _peers = [];
    private readonly FrameBuffer _ping = new(64);
    private readonly int _beatsMax;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITransport _transport;
    private readonly ITransportSink _sink;
    private readonly Action<PeerIdentity, bool> _judged;

    /// <summary>A node that has heard nobody yet.</summary>
    /// <param name="options">How often, and how long.</param>
    /// <param name="ports">What stands around it.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NodeLiveness(NodeLivenessOptions options, LivenessPorts ports)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ports);
        options.Validate();
        _beatsMax = options.BeatsMax;
        _time = ports.Time;
        _origin = _time.GetTimestamp();
        _transport = ports.Transport;
        _sink = ports.Sink;
        _judged = ports.Judged;
    }

    private Instant Now => new(_time.GetElapsedTime(_origin).Ticks);

    /// <summary>An interval is over: says to all that this node lives, and finds out who is silent.
    /// </summary>
    /// <param name="isAlive">Whether this node may say so.</param>
    public void Beat(bool isAlive)
    {
        lock (_gate)
        {
            _ping.Clear();
            new NodePing(Now).WriteTo(_ping);
            foreach (Peer peer in _peers.Values)
            {
                if (!peer.IsConnected)
                    continue;

                if (isAlive)
                    _transport.Send(peer.Identity.Member.Node, _ping.Written);
                Judge(peer);
            }
        }

        _transport.Flush();
    }

    /// <inheritdoc/>
    public void PeerUp(PeerIdentity peer, TimeSpan roundTrip)
    {
        lock (_gate)
        {
            // Its handshake was answered just now.
            Peer known = Find(peer.Member.Node);
            (known.Identity, known.RoundTrip) = (peer, roundTrip);
            (known.IsConnected, known.IsSilent, known.Missed) = (true, false, 0);
            _sink.PeerUp(peer, roundTrip);
        }
    }

    /// <inheritdoc/>
    public void PeerDown(NodeId peer)
    {
        lock (_gate)
        {
            Peer known = Find(peer);
            bool wasUp = known is { IsConnected: true, IsSilent: false };
            known.IsConnected = false;
            if (wasUp)
                _sink.PeerDown(peer);
        }
    }

    /// <inheritdoc/>
    public ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame)
    {
        if (NodePing.TryRead(frame, out NodePing ping))
        {
            Hear(from, ping);
            return default;
        }

        ValueTask taken = _sink.PeerFrame(from, frame);
        return taken.IsCompletedSuccessfully ? taken : WaitForRoomAsync(from, taken);
    }

    /// <inheritdoc/>
    public ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame) =>
        _sink.ClientFrame(from, frame);

    /// <inheritdoc/>
    public void ClientGone(ConnectionId client) => _sink.ClientGone(client);

    // While there is no room for what the peer has sent, its pings wait behind that: it is this
    // node that does not listen.
    private async ValueTask WaitForRoomAsync(PeerIdentity from, ValueTask taken)
    {
        lock (_gate)
            Find(from.Member.Node).Waiting++;
        try
        {
            await taken.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                Find(from.Member.Node).Waiting--;
        }
    }

    private void Hear(PeerIdentity from, NodePing ping)
    {
        lock (_gate)
        {
            Peer peer = Find(from.Member.Node);
            if (!IsMovedOn(peer, from, ping) || !peer.IsConnected || peer.Identity != from)
                return;

            peer.Missed = 0;
            if (!peer.IsSilent)
                return;

            peer.IsSilent = false;
            _judged(from, true);
            _sink.PeerUp(from, peer.RoundTrip);
        }
    }

    // Safety §6: a ping counts only if the sender's clock has advanced by at least half of what the
    // own one has, since its ping before. The first of a process has none before it.
    private bool IsMovedOn(Peer peer, PeerIdentity from, NodePing ping)
    {
        Instant now = Now;
        bool isFirst = peer.Heard != from;
        TimeSpan theirs = ping.Clock - peer.Clock;
        TimeSpan ours = now - peer.HeardAt;
        (peer.Heard, peer.Clock, peer.HeardAt) = (from, ping.Clock, now);
        return isFirst || (theirs > TimeSpan.Zero && theirs >= ours / 2);
    }

    private void Judge(Peer peer)
    {
        if (peer.Waiting > 0 || peer.IsSilent || ++peer.Missed <= _beatsMax)
            return;

        peer.IsSilent = true;
        _judged(peer.Identity, false);
        _sink.PeerDown(peer.Identity.Member.Node);
    }

    private Peer Find(NodeId node)
    {
        if (!_peers.TryGetValue(node.Number, out Peer? peer))
            _peers[node.Number] = peer = new Peer();
        return peer;
    }

    private sealed class Peer
    {
        /// <summary>Who it is, by the own connection to it.</summary>
        public PeerIdentity Identity { get; set; }

        public TimeSpan RoundTrip { get; set; }

        public bool IsConnected { get; set; }

        public bool IsSilent { get; set; }

        /// <summary>Own beats since it was heard.</summary>
        public int Missed { get; set; }

        /// <summary>How many of its connections wait for room.</summary>
        public int Waiting { get; set; }

        /// <summary>Whose ping came last, what it said, and when.</summary>
        public PeerIdentity Heard { get; set; }

        public Instant Clock { get; set; }

        public Instant HeardAt { get; set; }
    }
}
