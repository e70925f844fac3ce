using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a life of a replica begins with, and all that the life before leaves it.</summary>
/// <param name="Group">The group.</param>
/// <param name="Number">Which life it is, from 1.</param>
/// <param name="Records">Where the records of the replica are, those of earlier lives
/// included.</param>
internal sealed record ReplicaLife(GroupOptions Group, Life Number, RecordMap Records)
{
    /// <summary>The connections of clients on which something was watched, in this life or an
    /// earlier one; null if there was none. Until they close, no answer overtakes on them what was
    /// told.</summary>
    public HashSet<long>? Listeners { get; set; }
}
