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

    /// <summary>Give a file another name, which no file has. It keeps its bytes. After a power
    /// failure it has the one or the other, until the names are flushed.</summary>
    Rename,

    /// <summary>Remove a file. After a power failure it may be there again, until the names are
    /// flushed.</summary>
    Remove,

    /// <summary>Make durable which files there are, and their names.</summary>
    FlushNames,

    /// <summary>Read bytes of a file. In no order with jobs of other kinds, and no failure of it
    /// stops the device.</summary>
    Read,
}
