using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>Stands between the liveness of a node and its groups: whoever is not connected, or was
/// not heard for as long as silence may last, must not be up for them.</summary>
internal sealed class LivenessWitness(World world, NodeId node, NodeLivenessOptions options)
{
    private readonly SortedDictionary<uint, Line> _lines = [];

    // One beat more than the least that finds it: a beat may come just before a ping.
    private int BeatsMax => (int)(options.Timeout / options.Interval) + 1;

    /// <summary>A connection is up.</summary>
    public void Connects(PeerIdentity peer) =>
        _lines[peer.Member.Node.Number] = new Line(peer) { IsUp = IsUp(peer.Member.Node) };

    /// <summary>A connection is down, and all groups know it.</summary>
    public void Disconnected(NodeId peer)
    {
        if (IsUp(peer))
            throw world.Violated($"{node} has lost its connection to {peer}, which is up");
        _lines.Remove(peer.Number);
    }

    /// <summary>A ping has come.</summary>
    public void Hears(PeerIdentity from)
    {
        if (_lines.TryGetValue(from.Member.Node.Number, out Line? line) && line.Peer == from)
            line.Missed = 0;
    }

    /// <summary>A beat is over.</summary>
    public void Beat()
    {
        foreach (Line line in _lines.Values)
        {
            line.Missed++;
            if (line.IsUp && line.Missed > BeatsMax)
            {
                throw world.Violated(
                    $"{node} takes {line.Peer} for alive, which is silent for {line.Missed} beats");
            }
        }
    }

    /// <summary>What the groups are told.</summary>
    public ITransportSink Before(ITransportSink groups) => new Teller(this, groups);

    private bool IsUp(NodeId peer) =>
        _lines.TryGetValue(peer.Number, out Line? line) && line.IsUp;

    private void Tells(NodeId peer, bool isUp)
    {
        if (_lines.TryGetValue(peer.Number, out Line? line))
            line.IsUp = isUp;
    }

    private sealed class Line(PeerIdentity peer)
    {
        public PeerIdentity Peer => peer;

        public bool IsUp { get; set; }

        /// <summary>Beats since it was heard.</summary>
        public int Missed { get; set; }
    }

    private sealed class Teller(LivenessWitness witness, ITransportSink groups) : ITransportSink
    {
        public void PeerUp(PeerIdentity peer, TimeSpan roundTrip)
        {
            witness.Tells(peer.Member.Node, isUp: true);
            groups.PeerUp(peer, roundTrip);
        }

        public void PeerDown(NodeId peer)
        {
            witness.Tells(peer, isUp: false);
            groups.PeerDown(peer);
        }

        public ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame) =>
            groups.PeerFrame(from, frame);

        public ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame) =>
            groups.ClientFrame(from, frame);

        public void ClientGone(ConnectionId client) => groups.ClientGone(client);
    }
}
