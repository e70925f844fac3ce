using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>The heart of one process of a node: beats by the node's clock, beside its turns, while
/// the process does not stand still.</summary>
internal sealed class SimulatedHeart : ITransport
{
    private static readonly NodeLivenessOptions Options = new();

    private readonly World _world;
    private readonly SimulatedNode _node;
    private readonly SimulatedNetwork _network;
    private readonly NodeLiveness _liveness;
    private readonly LivenessWitness _witness;
    private bool _isDue;
    private bool _hasEnded;

    public SimulatedHeart(
        World world, SimulatedNode node, SimulatedNetwork network, ShardInbox inbox)
    {
        _world = world;
        _node = node;
        _network = network;
        _witness = new LivenessWitness(world, node.Id, Options);
        ITransportSink groups = _witness.Before(inbox);
        _liveness = new NodeLiveness(Options, new LivenessPorts(node.Clock, this, groups, Count));
    }

    int ITransport.FrameBytesMax => int.MaxValue;

    /// <summary>Beats from now on.</summary>
    public void Beat()
    {
        _isDue = _node.IsPaused;
        if (_hasEnded || _isDue)
            return;

        _liveness.Beat(isAlive: true);
        _witness.Beat();
        NodeClock clock = _node.Clock;
        _world.Schedule.At(clock.TrueTimeOf(clock.Now + Options.Interval), Beat);
    }

    /// <summary>The process goes on.</summary>
    public void Resume()
    {
        if (_isDue)
            Beat();
    }

    /// <summary>A connection is up.</summary>
    public void PeerUp(PeerIdentity peer, TimeSpan roundTrip)
    {
        _witness.Connects(peer);
        _liveness.PeerUp(peer, roundTrip);
    }

    /// <summary>A connection is down.</summary>
    public void PeerDown(NodeId peer)
    {
        _liveness.PeerDown(peer);
        _witness.Disconnected(peer);
    }

    /// <summary>A frame of a peer has come.</summary>
    public ValueTask PeerFrame(PeerIdentity from, byte[] frame)
    {
        ReadOnlySequence<byte> bytes = new(frame);
        if (NodePing.TryRead(bytes, out _))
            _witness.Hears(from);
        return _liveness.PeerFrame(from, bytes);
    }

    /// <summary>A frame of a client has come.</summary>
    public ValueTask ClientFrame(ConnectionId from, byte[] frame) =>
        _liveness.ClientFrame(from, new ReadOnlySequence<byte>(frame));

    /// <summary>The process has ended.</summary>
    public void End() => _hasEnded = true;

    void ITransport.Send(NodeId peer, ReadOnlySpan<byte> frame) =>
        _network.Ping(_node, peer, frame.ToArray());

    private void Count(PeerIdentity peer, bool isHeard) =>
        _world.Count(isHeard ? "a silent node is heard again" : "a node is silent");

    void ITransport.Reply(ConnectionId client, ReadOnlySpan<byte> frame)
    {
    }

    void ITransport.Flush()
    {
    }
}
