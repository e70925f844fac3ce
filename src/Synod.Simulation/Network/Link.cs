using Synod.Abstractions;

namespace Synod.Simulation;

/// <summary>The way from one node to another: the connection on which the first sends.</summary>
internal sealed class Link(SimulatedNode from, SimulatedNode to)
{
    public SimulatedNode From => from;

    public SimulatedNode To => to;

    /// <summary>How long a frame takes at the least.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How many times slower than usual it is.</summary>
    public int Slowness { get; set; } = 1;

    /// <summary>How many faults keep everything from getting through.</summary>
    public int Blocks { get; set; }

    /// <summary>What waits on the way until it is let go; null if nothing is held.</summary>
    public List<Action>? Held { get; set; }

    /// <summary>Whether what is held arrives in time as well, and then once more.</summary>
    public bool HoldsCopies { get; set; }

    /// <summary>Asked for each frame that leaves: whether it is lost, as where a queue is full.
    /// </summary>
    public Func<bool>? Loses { get; set; }

    /// <summary>Whether the sender knows a connection.</summary>
    public bool IsUp { get; set; }

    /// <summary>Whether the sender tries to connect.</summary>
    public bool IsDialling { get; set; }

    /// <summary>Counts tries to connect: only the newest counts.</summary>
    public int Dials { get; set; }

    /// <summary>Who is at the other end of the connection.</summary>
    public PeerIdentity Peer { get; set; }

    /// <summary>Counts connections: news of an older one count for nothing.</summary>
    public int Connection { get; set; }

    /// <summary>Whether the receiver of the connection is still there.</summary>
    public bool IsAlive => to.IsRunning && to.Identity == Peer;
}
