using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class MemberSetTests
{
    [Fact]
    public void A_set_behaves_like_a_sorted_set_of_indices()
    {
        Seeds.ForEach(200, static random =>
        {
            MemberSet set = default;
            SortedSet<byte> twin = [];
            for (int step = 0; step < 50; step++)
            {
                Member member = new((byte)random.Below(MemberSet.MembersMax));
                bool isAdded = random.Chance(1, 2);
                set = isAdded ? set.With(member) : set.Without(member);
                _ = isAdded ? twin.Add(member.Index) : twin.Remove(member.Index);

                Assert.Equal(twin, Indices(set));
                Assert.Equal(twin.Count, set.Count);
                Assert.Equal(twin.Count == 0, set.IsEmpty);
                Assert.Equal(twin.Contains(member.Index), set.Contains(member));
            }
        });
    }

    [Fact]
    public void All_are_the_first_so_many()
    {
        for (int count = 0; count <= MemberSet.MembersMax; count++)
        {
            byte[] first = [.. Enumerable.Range(0, count).Select(static index => (byte)index)];
            Assert.Equal(first, Indices(MemberSet.All(count)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(static () => MemberSet.All(16));
        Assert.Throws<ArgumentOutOfRangeException>(static () => MemberSet.All(-1));
    }

    [Fact]
    public void A_set_of_one_holds_it()
    {
        MemberSet set = MemberSet.Of(new Member(14));

        Assert.Equal([14], Indices(set));
        Assert.Equal(default(MemberSet).With(new Member(14)), set);
    }

    [Fact]
    public void A_set_reads_as_its_members() =>
        Assert.Equal("{m0,m2}", MemberSet.Of(new Member(2)).With(new Member(0)).ToString());

    private static List<byte> Indices(MemberSet set)
    {
        List<byte> indices = [];
        foreach (Member member in set)
            indices.Add(member.Index);
        return indices;
    }
}
