namespace Synod.Kernel;

/// <summary>What damage of its records has left a member (safety §7).</summary>
public enum KernelHealth
{
    /// <summary>It has all that it has ever acknowledged.</summary>
    Whole,

    /// <summary>A part of what it has acknowledged is lost. It is being repaired by others; until
    /// then it does not lead and is not counted.</summary>
    Damaged,

    /// <summary>It may have forgotten what it has promised, as after the loss of a disk. It takes
    /// in what others decide and has no voice, until it is admitted anew.</summary>
    Voiceless,
}
