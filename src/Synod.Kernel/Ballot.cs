namespace Synod.Kernel;

/// <summary>A ballot of Paxos: a round, and whose it is, so that no two proposers ever have the
/// same. Ordered by round, then by proposer; zero is before the first.</summary>
/// <param name="Number">Round and proposer as one number, which has the same order.</param>
public readonly record struct Ballot(long Number) : IComparable<Ballot>, IReign
{
    private const int ProposerBits = 4;

    /// <summary>A round of a proposer.</summary>
    /// <param name="round">From 1.</param>
    /// <param name="proposer">Whose it is.</param>
    public Ballot(long round, Member proposer)
        : this(checked((round << ProposerBits) | proposer.Index))
    {
    }

    /// <summary>Before the first ballot: nobody's.</summary>
    public static Ballot Zero => default;

    /// <summary>The round.</summary>
    public long Round => Number >> ProposerBits;

    /// <summary>Whose it is; of zero, nobody's.</summary>
    public Member Proposer => new((byte)(Number & ((1 << ProposerBits) - 1)));

    /// <summary>A ballot of this proposer that is above this one.</summary>
    public Ballot NextOf(Member proposer) => new(Round + 1, proposer);

    /// <inheritdoc/>
    public int CompareTo(Ballot other) => Number.CompareTo(other.Number);

    /// <summary>Whether the left is lower.</summary>
    public static bool operator <(Ballot left, Ballot right) => left.Number < right.Number;

    /// <summary>Whether the left is higher.</summary>
    public static bool operator >(Ballot left, Ballot right) => left.Number > right.Number;

    /// <summary>Whether the left is not higher.</summary>
    public static bool operator <=(Ballot left, Ballot right) => left.Number <= right.Number;

    /// <summary>Whether the left is not lower.</summary>
    public static bool operator >=(Ballot left, Ballot right) => left.Number >= right.Number;

    /// <summary>As in <c>b5.m2</c>: round 5 of member 2.</summary>
    public override string ToString() => Number == 0 ? "b0" : $"b{Round}.{Proposer}";
}
