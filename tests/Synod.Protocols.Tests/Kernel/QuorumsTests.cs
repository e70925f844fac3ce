using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class QuorumsTests
{
    public static TheoryData<int> Sizes { get; } = [.. Enumerable.Range(1, MemberSet.MembersMax)];

    [Fact]
    public void The_quorums_are_those_of_the_table()
    {
        // protocols §1.1: n, f, e, slow, fast.
        (int, int, int, int, int)[] table =
        [
            (1, 0, 0, 1, 1),
            (2, 0, 0, 2, 2),
            (3, 1, 1, 2, 2),
            (4, 1, 1, 3, 3),
            (5, 2, 2, 3, 3),
            (6, 2, 2, 4, 4),
            (7, 3, 2, 4, 5),
            (8, 3, 3, 5, 5),
            (9, 4, 3, 5, 6),
        ];

        Assert.Equal(
            table,
            from members in Enumerable.Range(1, table.Length)
            let quorums = new Quorums(members)
            select (members, quorums.Faults, quorums.FastFaults, quorums.Slow, quorums.Fast));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Faults_are_the_most_that_the_conditions_allow(int members)
    {
        Quorums quorums = new(members);
        int faults = Largest(members, f => members >= (2 * f) + 1);
        int fastFaults = Largest(faults, e => members >= (2 * e) + faults - 1);

        Assert.Equal((faults, fastFaults), (quorums.Faults, quorums.FastFaults));
        Assert.Equal(
            (members - faults, members - fastFaults), (quorums.Slow, quorums.Fast));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_majority_is_any_set_that_meets_every_other_such_set(int members)
    {
        Quorums quorums = new(members);
        for (int bits = 0; bits < 1 << members; bits++)
        {
            MemberSet set = new((ushort)bits);
            int outside = members - set.Count;
            Assert.Equal(set.Count > outside, quorums.IsMajority(set));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(MemberSet.MembersMax + 1)]
    public void An_epoch_has_1_to_15_members(int members) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Quorums(members));

    private static int Largest(int limit, Func<int, bool> isAllowed) =>
        Enumerable.Range(0, limit + 1).Last(isAllowed);
}
