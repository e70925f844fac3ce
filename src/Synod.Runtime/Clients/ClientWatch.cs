using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>A watch of a client, wherever it is served.</summary>
internal sealed class ClientWatch(long number)
{
    private const int Overhead = 256;

    /// <summary>The client's number for it.</summary>
    public long Number => number;

    public required byte[] Key { get; init; }

    public required byte[] Query { get; init; }

    /// <summary>What it costs while it has not ended.</summary>
    public int Weight => Key.Length + Query.Length + Overhead;

    /// <summary>The node that is asked to serve it next.</summary>
    public int Next { get; set; }

    /// <summary>Whether no node was asked yet, since the nearest may come.</summary>
    public bool WaitsForNearest { get; set; }

    /// <summary>The node that was asked to serve it; null while none is.</summary>
    public int? Node { get; set; }

    /// <summary>The number of the request by which that node knows it.</summary>
    public long Try { get; set; }

    /// <summary>Whether that node serves it.</summary>
    public bool HasBegun { get; set; }

    /// <summary>When the node is given up that has not begun to serve it, or the next one is
    /// asked.</summary>
    public Instant Due { get; set; }

    public TimeSpan BackOff { get; set; }

    /// <summary>What was received.</summary>
    public WatchToken Seen { get; set; }

    /// <summary>The bytes of events that were received and not used.</summary>
    public long Held { get; set; }

    /// <summary>The bytes of events that were used since the node was asked.</summary>
    public long Used { get; set; }

    /// <summary>How much of that the node was told.</summary>
    public long Told { get; set; }
}
