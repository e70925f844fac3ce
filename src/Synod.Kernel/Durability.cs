namespace Synod.Kernel;

/// <summary>What the members of an epoch mean by "durable", the same for all of them
/// (safety §7). Options begin with <see cref="Fsync"/>.</summary>
public enum Durability : byte
{
    /// <summary>It is in the member's memory: what a member held is gone when its process ends, and
    /// the group is gone when all have ended.</summary>
    Memory = 0,

    /// <summary>It is on the member's disk and was flushed there.</summary>
    Fsync = 1,

    /// <summary>It was handed to the operating system and not flushed: a process may end, but where
    /// a machine stops, what was acknowledged may be lost.</summary>
    UnsafeNoFlush = 2,
}
