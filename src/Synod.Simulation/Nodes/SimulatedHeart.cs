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
    private bool _isDue;
    private bool _hasEnded;

    public SimulatedHeart(
        World world, SimulatedNode node, SimulatedNetwork network, ShardInbox inbox)
    {
        _world = world;
        _node = node;
        _network = network;
        Liveness = new NodeLiveness(Options, new LivenessPorts(node.Clock, this, inbox, Count));
    }

    /// <summary>Stands before the inbox of the process.</summary>
    public NodeLiveness Liveness { get; }

    int ITransport.FrameBytesMax => int.MaxValue;

    /// <summary>Beats from now on.</summary>
    public void Beat()
    {
        _isDue = _node.IsPaused;
        if (_hasEnded || _isDue)
            return;

        Liveness.Beat(isAlive: true);
        NodeClock clock = _node.Clock;
        _world.Schedule.At(clock.TrueTimeOf(clock.Now + Options.Interval), Beat);
    }

    /// <summary>The process goes on.</summary>
    public void Resume()
    {
        if (_isDue)
            Beat();
    }

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
