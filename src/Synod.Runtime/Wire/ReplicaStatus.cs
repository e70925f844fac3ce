using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a replica says of itself.</summary>
public sealed partial record ReplicaStatus
{
    /// <summary>The group that it is of.</summary>
    public required GroupId Group { get; init; }

    /// <summary>The node that answers.</summary>
    public required NodeId Node { get; init; }

    /// <summary>The incarnation of its disk.</summary>
    public Incarnation Incarnation { get; init; }

    /// <summary>How often a process of it has started.</summary>
    public Boot Boot { get; init; }

    /// <summary>How often the replica has begun anew in that process, from 1.</summary>
    public Life Life { get; init; }

    /// <summary>For how long the node has been serving.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>What the clock on its wall shows, in whole milliseconds; null if it has
    /// none.</summary>
    public DateTimeOffset? Clock { get; init; }

    /// <summary>What it does.</summary>
    public required KernelRole Role { get; init; }

    /// <summary>Who leads, as far as it knows; 0 if it knows nobody.</summary>
    public required NodeId Leader { get; init; }

    /// <summary>The protocol of the epoch; empty until the group is created.</summary>
    public required string Protocol { get; init; }

    /// <summary>The epoch.</summary>
    public required EpochId Epoch { get; init; }

    /// <summary>The members of the epoch.</summary>
    public required IReadOnlyList<MemberIdentity> Members { get; init; }

    /// <summary>The members that have not answered the leader for an election timeout or longer;
    /// null where it does not lead.</summary>
    public IReadOnlyList<NodeId>? Unresponsive { get; init; }

    /// <summary>The name of the state machine.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The version of the state machine that is run.</summary>
    public int MachineVersion { get; init; }

    /// <summary>Why the machine is stopped here; null while it runs.</summary>
    public string? MachineFailure { get; init; }

    /// <summary>What "durable" means in this epoch.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>The term, or the round of the ballot.</summary>
    public required long Term { get; init; }

    /// <summary>The newest position in its log.</summary>
    public required long Last { get; init; }

    /// <summary>Up to where it knows the log to be committed.</summary>
    public required long Committed { get; init; }

    /// <summary>Up to where its log is durable here.</summary>
    public long Durable { get; init; }

    /// <summary>The oldest position that its log still has.</summary>
    public long FirstKept { get; init; }

    /// <summary>The position that its newest snapshot reaches; zero while there is none.</summary>
    public long Snapshot { get; init; }

    /// <summary>How many commands it has applied in its life.</summary>
    public required long Applied { get; init; }

    /// <summary>A digest of what it applied: equal on replicas that applied the same.</summary>
    public required ulong Digest { get; init; }

    /// <summary>How many sessions have run a command that it applied, and have not ended.</summary>
    public long Sessions { get; init; }

    /// <summary>How many watches of clients are served here.</summary>
    public long Watches { get; init; }

    /// <summary>How many requests of clients wait here for their answer.</summary>
    public int PendingRequests { get; init; }

    /// <summary>The bytes of those requests.</summary>
    public long PendingBytes { get; init; }

    /// <summary>How full its log is.</summary>
    public required StoragePressure Pressure { get; init; }

    /// <summary>What damage of its log has left of its voice.</summary>
    public KernelHealth Health { get; init; }

    /// <summary>What the log of the node holds and takes.</summary>
    public LogStatus Log { get; init; }

    /// <summary>The error that has ended the log; null while all is well.</summary>
    public string? Poison { get; init; }
}
