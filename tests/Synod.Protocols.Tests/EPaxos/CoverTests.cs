using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>Covers: of each owner a slot, which stands for all before it.</summary>
public class CoverTests
{
    [Fact]
    public void A_slot_covers_all_before_it_of_its_owner()
    {
        EPaxosCover cover = Cover(3, 0, 7);

        Assert.True(cover.Covers(Id(0, 1)));
        Assert.True(cover.Covers(Id(0, 3)));
        Assert.False(cover.Covers(Id(0, 4)));
        Assert.False(cover.Covers(Id(1, 1)));
        Assert.False(cover.Covers(Id(5, 1)));
    }

    [Fact]
    public void A_union_covers_what_either_covers_and_is_the_larger_one_where_there_is_one()
    {
        Assert.Equal(Cover(3, 5, 7), Cover(3, 0, 7).Union(Cover(1, 5)));
        Assert.Equal(Cover(3, 5), Cover(3, 5).Union(Cover(3, 1)));
        Assert.Equal(Cover(3, 5), Cover(3, 1).Union(Cover(3, 5)));
        Assert.True(Cover(3, 5).Includes(Cover(3)));
        Assert.False(Cover(3).Includes(Cover(3, 5)));
    }

    [Fact]
    public void Covers_are_equal_by_what_they_cover_and_have_one_encoding()
    {
        Assert.Equal(Cover(1), Cover(1, 0, 0));
        Assert.Equal(Cover(), Cover(0, 0));
        Assert.NotEqual(Cover(1), Cover(0, 1));
        foreach (EPaxosCover cover in new[] { Cover(), Cover(0, 4), Cover(9, 0, 1) })
        {
            FrameBuffer buffer = new();
            cover.WriteTo(buffer);
            FrameReader reader = new(buffer.Written);
            Assert.Equal(cover, EPaxosCover.ReadFrom(ref reader));
            Assert.True(reader.IsComplete);
        }

        FrameReader padded = new([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        EPaxosCover.ReadFrom(ref padded);
        Assert.False(padded.IsComplete);
    }
}
