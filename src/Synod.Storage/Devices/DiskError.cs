namespace Synod.Storage;

/// <summary>Why a job of a block device failed.</summary>
/// <param name="File">On which file.</param>
/// <param name="Operation">What was tried, as the system calls it.</param>
/// <param name="Reason">What the system said.</param>
public sealed record DiskError(string File, string Operation, string Reason)
{
    /// <summary>Whether there was no room for a new file, which is foreseen.</summary>
    public bool IsFull { get; init; }

    /// <summary>As in <c>fdatasync of 000000000001-0001.log failed with EIO</c>.</summary>
    public override string ToString() => $"{Operation} of {File} failed with {Reason}";
}
