namespace Synod.Kernel;

/// <summary>The number of a record of one replica: 1, 2, 3… in the order of appending. Zero is
/// before the first.</summary>
public readonly record struct RecordNumber(long Number) : IComparable<RecordNumber>
{
    /// <summary>The number of the record after this one.</summary>
    public RecordNumber Next() => new(Number + 1);

    /// <inheritdoc/>
    public int CompareTo(RecordNumber other) => Number.CompareTo(other.Number);

    /// <summary>Whether the left was appended no later than the right.</summary>
    public static bool operator <=(RecordNumber left, RecordNumber right) =>
        left.Number <= right.Number;

    /// <summary>Whether the left was appended no earlier than the right.</summary>
    public static bool operator >=(RecordNumber left, RecordNumber right) =>
        left.Number >= right.Number;

    /// <summary>Whether the left was appended before the right.</summary>
    public static bool operator <(RecordNumber left, RecordNumber right) =>
        left.Number < right.Number;

    /// <summary>Whether the left was appended after the right.</summary>
    public static bool operator >(RecordNumber left, RecordNumber right) =>
        left.Number > right.Number;

    /// <summary>As in <c>r12</c>.</summary>
    public override string ToString() => $"r{Number}";
}
