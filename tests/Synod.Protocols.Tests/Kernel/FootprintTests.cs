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

    private static Footprint Make((string? Key, bool Writes) sample)
    {
        if (sample.Key is null)
            return Footprint.Universal;

        byte[] key = Encoding.UTF8.GetBytes(sample.Key);
        return sample.Writes ? Footprint.Writes(key) : Footprint.Reads(key);
    }
}
