using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Who the node is, in this boot.</summary>
public sealed record NodeOptions
{
    /// <summary>The cluster it belongs to.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>Its name and the incarnation of its disk.</summary>
    public required PeerIdentity Identity { get; init; }

    /// <summary>Where all its randomness comes from. Nodes must have different ones.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What happens on the node is counted here.</summary>
    public NodeCounters Counters { get; init; } = new();

    /// <summary>Measures the turns of the shard; null for nobody.</summary>
    public IShardClock? Clock { get; init; }

    /// <summary>The clock on the wall of the node, which only its status tells; null for none. No
    /// protocol looks at it.</summary>
    public Func<DateTimeOffset>? WallClock { get; init; }

    /// <summary>The most bytes of received frames that wait for a turn, from members and from
    /// clients each; beyond, connections are not read. Default 32 MiB.</summary>
    public int InboxBytesMax { get; init; } = 32 << 20;

    /// <summary>The most bytes of old records that are read from the disk at a time, for members
    /// that lag behind and for machines that catch up; beyond, they wait. Default 16 MiB.</summary>
    public long LoadBytesMax { get; init; } = 16 << 20;

    /// <summary>How far behind the end of the log, in bytes, the oldest record of a group may be
    /// before the group is asked for a checkpoint: one that is idle must not keep the log from
    /// giving up what the others have released. Not more than a quarter of what the log may take.
    /// Default 1 GiB.</summary>
    public long CheckpointAfterBytes { get; init; } = 1 << 30;
}
