using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Where the records of one replica begin that it still needs: what stands in for all
/// before is a checkpoint at or behind this record (safety §7).</summary>
/// <param name="Group">Whose.</param>
/// <param name="Number">The first record that is needed.</param>
/// <param name="Position">Where that record is.</param>
public readonly record struct LogFloor(GroupId Group, RecordNumber Number, LogPosition Position)
{
    /// <summary>As in <c>g1 from r7 at @8192</c>.</summary>
    public override string ToString() => $"{Group} from {Number} at {Position}";
}
