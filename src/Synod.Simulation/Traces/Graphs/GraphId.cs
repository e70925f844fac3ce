namespace Synod.Simulation;

/// <summary>Names an instance, as in <c>m1.7</c>.</summary>
/// <param name="Owner">The index of the member whose it is.</param>
/// <param name="Slot">Which of its owner's, from 1.</param>
internal readonly record struct GraphId(int Owner, long Slot) : IComparable<GraphId>
{
    /// <summary>By owner, then by slot.</summary>
    public int CompareTo(GraphId other) =>
        Owner != other.Owner ? Owner.CompareTo(other.Owner) : Slot.CompareTo(other.Slot);
}
