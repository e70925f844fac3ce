namespace Synod.Storage;

/// <summary>What a block device is asked to do.</summary>
public enum DiskJobKind
{
    /// <summary>Make a file with room for all its bytes, and make that durable, its name too. If
    /// the file is there already it keeps its bytes. What is in new room is zero.</summary>
    Create,

    /// <summary>Write bytes into the room of a file; they are not durable yet.</summary>
    Write,

    /// <summary>Make all that was written to a file durable.</summary>
    Flush,
}
