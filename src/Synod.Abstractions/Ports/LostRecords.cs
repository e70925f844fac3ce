using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Records of one replica that were durable and that the disk does not give back
/// (safety §7).</summary>
/// <param name="Group">Whose.</param>
/// <param name="From">The first that is missing.</param>
/// <param name="Through">The last that may be missing. Where records follow, exactly these are
/// missing. Where none does it is the most that can have been there, and fewer may have been: the
/// next record of the replica takes the number behind it, so that nobody ever takes the gap for
/// none. The number before <paramref name="From"/> where none at or behind the floor is missing,
/// but a statement before it may be.</param>
/// <param name="HidesStatement">Whether a statement of the kernel may be among them that is newer
/// than every one that is left.</param>
public readonly record struct LostRecords(
    GroupId Group, RecordNumber From, RecordNumber Through, bool HidesStatement)
{
    /// <summary>As in <c>r7 to r9 of g1</c>.</summary>
    public override string ToString() => $"{From} to {Through} of {Group}";
}
