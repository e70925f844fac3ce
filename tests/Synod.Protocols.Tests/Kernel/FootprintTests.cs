using System.Text;
using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class FootprintTests
{
    private static readonly (string? Key, bool Writes)[] Samples =
        [(null, true), ("", false), ("", true), ("a", false), ("a", true), ("b", true)];

    [Fact]
    public void Two_conflict_when_they_touch_a_key_in_common_and_one_writes_it()
    {
        foreach ((string? Key, bool Writes) left in Samples)
        {
            foreach ((string? Key, bool Writes) right in Samples)
            {
                bool touches = left.Key is null || right.Key is null || left.Key == right.Key;
                bool expected = touches && (left.Writes || right.Writes);

                Assert.Equal(expected, Make(left).ConflictsWith(Make(right)));
            }
        }
    }

    [Fact]
    public void The_default_touches_everything()
    {
        Assert.True(default(Footprint).IsUniversal);
        Assert.True(Footprint.Universal.ConflictsWith(Footprint.Reads("a"u8)));
        Assert.True(Footprint.Reads("a"u8).ConflictsWith(Footprint.Universal));
    }

    [Fact]
    public void A_key_is_counted()
    {
        Assert.Equal(0, Footprint.Universal.Count);
        Assert.Equal(1, Footprint.Writes("a"u8).Count);
        Assert.False(Footprint.Writes("a"u8).IsUniversal);
    }

    [Fact]
    public void Several_together_conflict_with_all_that_one_of_them_conflicts_with()
    {
        SeededRandom random = new(7);
        for (int round = 0; round < 500; round++)
        {
            Footprint[] all = [.. Enumerable.Range(0, 1 + (int)random.Below(6))
                .Select(_ => Some(random))];
            Footprint[] others = [.. Enumerable.Range(0, 1 + (int)random.Below(6))
                .Select(_ => Some(random))];
            bool conflict = all.Any(one => others.Any(other => one.ConflictsWith(other)));
            Footprint together = Footprint.Together(all);

            Assert.Equal(conflict, together.ConflictsWith(Footprint.Together(others)));
            Assert.Equal(together, Footprint.Together([.. all.Reverse()]));
            Assert.Equal(together, Copy(together));
        }
    }

    [Fact]
    public void Together_a_key_is_named_once_and_is_written_if_one_writes_it()
    {
        Footprint together = Footprint.Together(
            [Footprint.Reads("a"u8), Footprint.Writes("a"u8), Footprint.Reads("b"u8)]);
        Assert.Equal(2, together.Count);
        Assert.True(together.IsWrite(0));
        Assert.False(together.IsWrite(1));
        Assert.Equal(Footprint.Writes("a"u8).KeyAt(0), together.KeyAt(0));
        Assert.True(Footprint.Together([together, Footprint.Universal]).IsUniversal);
    }

    [Fact]
    public void Of_one_command_no_more_than_four_keys_are_told_apart()
    {
        Footprint footprint = Footprint.Writes("0"u8);
        foreach (string key in (string[])["1", "2", "3"])
            footprint = footprint.And(Footprint.Writes(Encoding.UTF8.GetBytes(key)));
        Assert.Equal(Footprint.KeysMax, footprint.Count);
        Assert.Equal(footprint, footprint.And(Footprint.Reads("3"u8)));
        Assert.True(footprint.And(Footprint.Reads("4"u8)).IsUniversal);
    }

    [Theory]
    [InlineData(2, 2, 2, true)]
    [InlineData(Footprint.TogetherMax, 5, 5, true)]
    [InlineData(Footprint.TogetherMax + 1, 5, 5, false)]
    [InlineData(2, 3, 2, false)]
    [InlineData(4, 2, 1, false)]
    [InlineData(4, 2, 3, false)]
    public void Keys_that_are_too_many_or_not_in_order_are_no_footprint(
        int count, int written, int descendsAt, bool isOne)
    {
        FrameBuffer buffer = new();
        buffer.WriteByte((byte)count);
        buffer.WriteByte((byte)written);
        for (int key = 0; key < count; key++)
            buffer.WriteUInt64((ulong)(key < descendsAt ? 1000 + key : key));
        Assert.Equal(isOne, TryRead(buffer.Written, out _));
    }

    private static Footprint Some(SeededRandom random)
    {
        byte[] key = [(byte)random.Below(8)];
        Footprint one = random.Chance(1, 2) ? Footprint.Writes(key) : Footprint.Reads(key);
        return random.Chance(1, 3) ? one.And(Some(random)) : one;
    }

    private static Footprint Copy(in Footprint footprint)
    {
        FrameBuffer buffer = new();
        footprint.WriteTo(buffer);
        Assert.True(TryRead(buffer.Written, out Footprint copy));
        return copy;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out Footprint footprint)
    {
        FrameReader reader = new(bytes);
        footprint = Footprint.ReadFrom(ref reader);
        return reader.IsComplete;
    }

    private static Footprint Make((string? Key, bool Writes) sample)
    {
        if (sample.Key is null)
            return Footprint.Universal;

        byte[] key = Encoding.UTF8.GetBytes(sample.Key);
        return sample.Writes ? Footprint.Writes(key) : Footprint.Reads(key);
    }
}
