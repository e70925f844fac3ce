namespace Synod.Kernel;

/// <summary>A position in the log of a group, from 1; zero is before the first entry.</summary>
public readonly record struct LogIndex(long Number) : IComparable<LogIndex>
{
    /// <summary>Before the first entry.</summary>
    public static LogIndex Zero => default;

    /// <summary>The greater of two.</summary>
    public static LogIndex Max(LogIndex left, LogIndex right) => left > right ? left : right;

    /// <summary>The smaller of two.</summary>
    public static LogIndex Min(LogIndex left, LogIndex right) => left < right ? left : right;

    /// <summary>The index after this one.</summary>
    public LogIndex Next() => new(Number + 1);

    /// <summary>The index before this one.</summary>
    public LogIndex Previous() => new(Number - 1);

    /// <inheritdoc/>
    public int CompareTo(LogIndex other) => Number.CompareTo(other.Number);

    /// <summary>The index so many positions later.</summary>
    public static LogIndex operator +(LogIndex index, long count) => new(index.Number + count);

    /// <summary>Whether the left is before the right.</summary>
    public static bool operator <(LogIndex left, LogIndex right) => left.Number < right.Number;

    /// <summary>Whether the left is after the right.</summary>
    public static bool operator >(LogIndex left, LogIndex right) => left.Number > right.Number;

    /// <summary>Whether the left is not after the right.</summary>
    public static bool operator <=(LogIndex left, LogIndex right) => left.Number <= right.Number;

    /// <summary>Whether the left is not before the right.</summary>
    public static bool operator >=(LogIndex left, LogIndex right) => left.Number >= right.Number;

    /// <summary>As in <c>i42</c>.</summary>
    public override string ToString() => $"i{Number}";
}
