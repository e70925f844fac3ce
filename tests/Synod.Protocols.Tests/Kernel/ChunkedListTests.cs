using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class ChunkedListTests
{
    [Fact]
    public void It_behaves_like_a_list()
    {
        Seeds.ForEach(50, static random =>
        {
            ChunkedList<long> list = new();
            List<long> twin = [];
            for (int step = 0; step < 30; step++)
            {
                Change(random, list, twin);

                Assert.Equal(twin.Count, list.Count);
                for (int place = 0; place < twin.Count; place += 1 + (int)random.Below(200))
                    Assert.Equal(twin[place], list[place]);
                if (twin.Count > 0)
                    Assert.Equal(twin[^1], list[twin.Count - 1]);
            }
        });
    }

    [Fact]
    public void What_was_forgotten_is_not_there()
    {
        ChunkedList<int> list = new();
        for (int item = 0; item < ChunkedList<int>.ChunkItems + 10; item++)
            list.Add(item);

        list.RemoveFirst(5);
        list.CutTo(3);

        Assert.Equal([5, 6, 7], Enumerable.Range(0, list.Count).Select(place => list[place]));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.CutTo(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.RemoveFirst(4));
    }

    private static void Change(SeededRandom random, ChunkedList<long> list, List<long> twin)
    {
        int some = (int)random.Below(twin.Count + 1);
        switch (random.Below(6))
        {
            case 0:
                list.CutTo(twin.Count - some);
                twin.RemoveRange(twin.Count - some, some);
                break;
            case 1:
                list.RemoveFirst(some);
                twin.RemoveRange(0, some);
                break;
            case 2 when twin.Count > 0:
                int place = (int)random.Below(twin.Count);
                list[place] = twin[place] = -place;
                break;
            default:
                for (long item = random.Below(2 * ChunkedList<long>.ChunkItems); item > 0; item--)
                {
                    list.Add(item);
                    twin.Add(item);
                }

                break;
        }
    }
}
