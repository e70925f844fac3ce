namespace Synod.Storage;

/// <summary>One piece of work for a block device. Reused by who submits it, so that the hot path
/// allocates nothing.</summary>
public sealed class DiskJob
{
    /// <summary>What to do.</summary>
    public DiskJobKind Kind { get; set; }

    /// <summary>To which file.</summary>
    public string File { get; set; } = "";

    /// <summary>Create: how many bytes of room.</summary>
    public long Length { get; set; }

    /// <summary>Rename: to which file.</summary>
    public string NewFile { get; set; } = "";

    /// <summary>Write, Read: where in the file.</summary>
    public long Offset { get; set; }

    /// <summary>Write: what.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    /// <summary>Read: where to.</summary>
    public Memory<byte> Room { get; set; }

    /// <summary>Read: how many bytes there were, fewer than the room only at the end of the
    /// file.</summary>
    public int Count { get; set; }

    /// <summary>Why it failed, once it is done; null if it did not.</summary>
    public DiskError? Error { get; set; }
}
