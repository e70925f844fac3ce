namespace Synod.Abstractions;

/// <summary>Who wrote a record and can read it.</summary>
public enum RecordOwner : byte
{
    /// <summary>The kernel of the epoch.</summary>
    Kernel = 1,

    /// <summary>The runtime: the creation of a group, the opening of an epoch.</summary>
    Runtime = 2,
}
