namespace Synod.Runtime;

/// <summary>Why a watch that had begun is served no longer; another replica, or the same one later,
/// may serve it.</summary>
public enum WatchEnd : byte
{
    /// <summary>The replica begins anew.</summary>
    Restarting = 1,

    /// <summary>Its machine is stopped.</summary>
    MachineStopped = 2,

    /// <summary>The machine refuses the query of the state of now, or the connection watches the
    /// key with too many queries: nobody else answers it either.</summary>
    Refused = 3,

    /// <summary>The node does not know the watch: it was ended, and the news of it was
    /// lost.</summary>
    NotKnown = 4,

    /// <summary>The machine of the replica begins anew.</summary>
    MachineRestarting = 5,
}
