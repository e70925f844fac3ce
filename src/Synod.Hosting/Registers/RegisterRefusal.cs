namespace Synod.Hosting;

/// <summary>Why the store has refused a call. Nothing has changed.</summary>
public enum RegisterRefusal
{
    /// <summary>The key is null, empty or not text.</summary>
    InvalidKey = 1,

    /// <summary>The value is null.</summary>
    InvalidValue,

    /// <summary>The name of the bucket cannot be one.</summary>
    InvalidBucket,

    /// <summary>Nobody has created the bucket.</summary>
    UnknownBucket,

    /// <summary>The key or the value is too large.</summary>
    TooLarge,

    /// <summary>The owner, the node or the key that the value was to live with does not live, or
    /// has ended while it was put.</summary>
    DeadOwner,

    /// <summary>The time until which the value was to live has passed.</summary>
    PastTime,

    /// <summary>The key has not had so many lives.</summary>
    FutureGeneration,

    /// <summary>What values live with lives with something itself, too many times over.</summary>
    TooDeep,

    /// <summary>Too much is waiting; try again later.</summary>
    Overloaded,

    /// <summary>The disk is full.</summary>
    StorageFull,

    /// <summary>The certificate of the client does not allow it.</summary>
    NotAllowed,

    /// <summary>The nodes do not understand it, as when they run another machine.</summary>
    NotUnderstood,
}
