namespace Synod.Kernel;

/// <summary>How many members make a quorum in an epoch of <see cref="Members"/> members. The one
/// home of quorum arithmetic (protocols §1.1).</summary>
public readonly record struct Quorums
{
    /// <summary>The quorums of an epoch of 1 to 15 members.</summary>
    public Quorums(int members)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(members, MemberSet.MembersMax);
        Members = members;
    }

    /// <summary>n, the members of the epoch.</summary>
    public int Members { get; }

    /// <summary>f, the crashes under which the group goes on.</summary>
    public int Faults => (Members - 1) / 2;

    /// <summary>e ≤ f, the crashes under which a command without conflicts still takes one round
    /// trip. The largest with n ≥ 2e + f − 1.</summary>
    public int FastFaults => Math.Min(Faults, (Members - Faults + 1) / 2);

    /// <summary>More than half of the members.</summary>
    public int Majority => (Members / 2) + 1;

    /// <summary>n − f, the classic quorum of EPaxos; the majority for odd n.</summary>
    public int Slow => Members - Faults;

    /// <summary>n − e, the fast quorum of EPaxos, the coordinator included.</summary>
    public int Fast => Members - FastFaults;

    /// <summary>Whether the set holds a majority.</summary>
    public bool IsMajority(MemberSet set) => set.Count >= Majority;

    /// <summary>The most that a majority of the members has reached.</summary>
    /// <param name="reached">What each member has reached, in any order; it is sorted.</param>
    public long AtMajority(Span<long> reached)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(reached.Length, Members);
        reached.Sort();
        return reached[Members - Majority];
    }
}
