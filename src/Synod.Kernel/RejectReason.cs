namespace Synod.Kernel;

/// <summary>Why a request certainly never happens.</summary>
public enum RejectReason
{
    /// <summary>This replica does not lead; the status names who does, if anyone is
    /// known.</summary>
    NotLeader,

    /// <summary>This replica is handing leadership over; the status names to whom. Whoever asks
    /// again soon finds a leader.</summary>
    Transferring,

    /// <summary>More members are down, or take nothing since their disks are full, than the
    /// protocol tolerates.</summary>
    NoQuorum,

    /// <summary>Too many bytes wait to be committed.</summary>
    Overloaded,

    /// <summary>The log is at its high mark (safety §7, disk full).</summary>
    StorageFull,

    /// <summary>The protocol decides about one key at a time, and the request names none, or
    /// several.</summary>
    NotOneKey,
}
