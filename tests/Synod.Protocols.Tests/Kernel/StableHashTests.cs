using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

/// <summary>These values are in footprints and digests on disks: they never change.</summary>
public class StableHashTests
{
    [Theory]
    [InlineData("", 0, 0xC2A26675E1403EB1)]
    [InlineData("a", 0, 0x3041D07384D89D4B)]
    [InlineData("a", 1, 0x8CF8C533F5D2D5B4)]
    [InlineData("abcdefgh", 0, 0xD2F3C9D218E96398)]
    [InlineData("abcdefghi", 0, 0xDD3508757F234264)]
    public void A_hash_is_the_same_for_ever(string text, ulong seed, ulong expected) =>
        Assert.Equal(expected, StableHash.Of(System.Text.Encoding.UTF8.GetBytes(text), seed));

    [Fact]
    public void A_digest_is_the_same_for_ever()
    {
        StateHash hash = default;
        hash.Add(42);
        hash.Add("abc"u8);

        Assert.Equal(0x97554141D82B1823, hash.Value);
    }

    [Fact]
    public void Inputs_that_differ_a_little_have_different_hashes()
    {
        HashSet<ulong> seen = [];
        for (int length = 0; length < 40; length++)
        {
            Assert.True(seen.Add(StableHash.Of(new byte[length])));
            for (int place = 0; place < length; place++)
            {
                byte[] bytes = new byte[length];
                bytes[place] = 1;
                Assert.True(seen.Add(StableHash.Of(bytes)));
            }
        }
    }

    [Fact]
    public void The_order_of_what_is_added_counts()
    {
        StateHash left = default;
        left.Add(1);
        left.Add(2);
        StateHash right = default;
        right.Add(2);
        right.Add(1);

        Assert.NotEqual(left.Value, right.Value);
    }
}
