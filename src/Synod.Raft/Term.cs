using Synod.Kernel;

namespace Synod.Raft;

/// <summary>A term: the logical time of Raft (§5.1). Zero is before the first election.</summary>
public readonly record struct Term(long Number) : IComparable<Term>, IReign
{
    /// <summary>Before the first election.</summary>
    public static Term Zero => default;

    /// <summary>The term after this one.</summary>
    public Term Next() => new(Number + 1);

    /// <summary>The term before this one; not of zero.</summary>
    public Term Previous() => new(Number - 1);

    /// <inheritdoc/>
    public int CompareTo(Term other) => Number.CompareTo(other.Number);

    /// <summary>Whether the left is older.</summary>
    public static bool operator <(Term left, Term right) => left.Number < right.Number;

    /// <summary>Whether the left is newer.</summary>
    public static bool operator >(Term left, Term right) => left.Number > right.Number;

    /// <summary>Whether the left is not newer.</summary>
    public static bool operator <=(Term left, Term right) => left.Number <= right.Number;

    /// <summary>Whether the left is not older.</summary>
    public static bool operator >=(Term left, Term right) => left.Number >= right.Number;

    /// <summary>As in <c>t7</c>.</summary>
    public override string ToString() => $"t{Number}";
}
