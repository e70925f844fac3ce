namespace Synod.Abstractions;

/// <summary>A place in the log of a node, in bytes; later records have greater ones. Zero is before
/// the first record.</summary>
public readonly record struct LogPosition(long Bytes) : IComparable<LogPosition>
{
    /// <inheritdoc/>
    public int CompareTo(LogPosition other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Whether the left is before the right.</summary>
    public static bool operator <(LogPosition left, LogPosition right) => left.Bytes < right.Bytes;

    /// <summary>Whether the left is after the right.</summary>
    public static bool operator >(LogPosition left, LogPosition right) => left.Bytes > right.Bytes;

    /// <summary>Whether the left is not after the right.</summary>
    public static bool operator <=(LogPosition left, LogPosition right) =>
        left.Bytes <= right.Bytes;

    /// <summary>Whether the left is not before the right.</summary>
    public static bool operator >=(LogPosition left, LogPosition right) =>
        left.Bytes >= right.Bytes;

    /// <summary>As in <c>@4096</c>.</summary>
    public override string ToString() => $"@{Bytes}";
}
