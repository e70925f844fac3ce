namespace Synod.Runtime;

/// <summary>What a node answers a client; behind it, bytes that depend on it.</summary>
public enum ResponseKind : byte
{
    /// <summary>The result of the command, the answer of the query, or the status.</summary>
    Applied = 1,

    /// <summary>The machine refused: the reason in UTF-8.</summary>
    Refused = 2,

    /// <summary>Certainly not done: ask the leader, a node number of 4 bytes, or zero.</summary>
    NotLeader = 3,

    /// <summary>Certainly not done: too much is waiting.</summary>
    Overloaded = 4,

    /// <summary>Certainly not done: the log is at its high mark.</summary>
    StorageFull = 5,

    /// <summary>Certainly not done: this node cannot serve the request; the reason in
    /// UTF-8.</summary>
    Unavailable = 6,

    /// <summary>It may have happened and may still happen.</summary>
    Unknown = 7,

    /// <summary>Nothing changed: the session's last command on this key is another than the
    /// previous one named; 8 bytes, its sequence.</summary>
    OutOfOrder = 8,

    /// <summary>Nothing changed: a later command of the session was applied on this key.</summary>
    Superseded = 9,

    /// <summary>Certainly not done: the request is larger than the group allows, or what its key
    /// would have in all, with the results that no client has acknowledged, is larger than the
    /// protocol can carry.</summary>
    TooLarge = 10,

    /// <summary>Certainly not done: the role of the client does not allow it; what it needs, in
    /// UTF-8.</summary>
    NotAllowed = 11,

    /// <summary>Certainly not done: the request is not one that a correct client sends; the rule
    /// that it breaks, in UTF-8. Its number is zero if that could not be read.</summary>
    Malformed = 12,

    /// <summary>To one who watches, any number of times: <see cref="WatchNews"/> and the answer of
    /// the machine.</summary>
    Watched = 13,

    /// <summary>The watch is served here no longer: a byte, <see cref="WatchEnd"/>, and the reason
    /// in UTF-8.</summary>
    WatchEnded = 14,

    /// <summary>To one who asked stepwise: the command is decided and durable at a quorum, and will
    /// run in this epoch. The result follows, <see cref="OutOfOrder"/> among others, or
    /// <see cref="Unknown"/> where this node cannot tell it.</summary>
    Committed = 15,

    /// <summary>Certainly not done: more members than the protocol tolerates are down, or take
    /// nothing since their disks are full, as far as this node knows.</summary>
    NoQuorum = 16,
}
