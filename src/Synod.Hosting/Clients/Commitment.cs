namespace Synod.Hosting;

/// <summary>What is known of a command before its result is there (safety §6).</summary>
public enum Commitment
{
    /// <summary>It is ordered, durable at a quorum, and will take effect once, in this epoch,
    /// unless the end of the epoch is ordered before it. A promise and no outcome: its result, and
    /// whether that was lost, is told when it has run.</summary>
    Committed,

    /// <summary>It never happened and never will; the outcome says why.</summary>
    Never,

    /// <summary>The time is over and nobody can promise anything: it may have happened, and it may
    /// still happen, once.</summary>
    Unknown,
}
