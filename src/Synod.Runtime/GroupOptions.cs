using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>A replicated group as its nodes are configured to create and serve it.</summary>
public sealed record GroupOptions
{
    /// <summary>The group.</summary>
    public required GroupId Id { get; init; }

    /// <summary>The protocol of its first epoch.</summary>
    public required IProtocol Protocol { get; init; }

    /// <summary>The nodes of its first epoch, 1 to 15, the same on every node.</summary>
    public required IReadOnlyList<NodeId> Members { get; init; }

    /// <summary>The state machine.</summary>
    public required IMachine Machine { get; init; }

    /// <summary>What "durable" means in the group, the same on every node; the log of the node must
    /// be one that does it. Default <see cref="Durability.Fsync"/>.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>Hears what happens while this node leads; null for nobody, which costs
    /// nothing.</summary>
    public IGroupHook? Hook { get; init; }

    /// <summary>What happens in the group is counted here.</summary>
    public GroupCounters Counters { get; init; } = new();

    /// <summary>The terms of leases, fixed when the group is created; the same on every node.
    /// Default off.</summary>
    public LeaseTerms Lease { get; init; } = LeaseTerms.Off;

    /// <summary>The largest request, with its key; the same on every node. Default 1 MiB, from
    /// 1 KiB. The log must have room for it in one record.</summary>
    public int RequestBytesMax { get; init; } = 1 << 20;

    /// <summary>The most requests of clients that wait here; beyond, they are refused. Default
    /// 65536, from 1.</summary>
    public int PendingRequestsMax { get; init; } = 65536;

    /// <summary>The most bytes of them; a single larger one still passes. Default 64 MiB.</summary>
    public long PendingBytesMax { get; init; } = 64 << 20;

    /// <summary>How long a request may have to wait for the machine, as far as its pace tells while
    /// it is behind, with the time for which the node had no time to read it; beyond, requests are
    /// refused. Default 500 ms, from zero.</summary>
    public TimeSpan PendingTimeMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most bytes of the keys and queries that are watched here, 512 for each watch
    /// included; beyond, a watch is refused. Default 64 MiB.</summary>
    public long WatchesBytesMax { get; init; } = 64 << 20;

    /// <summary>What it may cost to tell those who watch.</summary>
    public WatchLimits Watching { get; init; } = new();

    /// <summary>Throws if a record of the log has no room for what the group may put into
    /// it.</summary>
    internal void RequireRoom(int room)
    {
        if (Math.Max(RequestBytesMax, Replica.BatchBytesMax) > room)
        {
            throw new ArgumentException(
                $"{Id} allows requests of {RequestBytesMax} bytes, and records have up to "
                + $"{Replica.BatchBytesMax}; this log has room for {room}: use larger segments.");
        }

        if (RequestBytesMax < WatchUse.RequestBytes)
        {
            throw new ArgumentException(
                $"{Id} allows requests of {RequestBytesMax} bytes: it must allow "
                + $"{WatchUse.RequestBytes}.");
        }
    }
}
