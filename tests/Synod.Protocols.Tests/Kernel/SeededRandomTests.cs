using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class SeededRandomTests
{
    // Saved seeds replay only as long as the sequence is this one: SplitMix64's own test vector.
    [Fact]
    public void A_seed_gives_the_same_sequence_for_ever()
    {
        SeededRandom random = new(1234567);

        Assert.Equal(
            [
                6457827717110365317,
                3203168211198807973,
                9817491932198370423,
                4593380528125082431,
                16408922859458223821,
            ],
            Enumerable.Range(0, 5).Select(_ => random.NextBits()));
    }

    [Fact]
    public void A_number_is_below_its_bound_and_each_comes_up()
    {
        Seeds.ForEach(50, static random =>
        {
            long bound = 1 + random.Below(10);
            HashSet<long> seen = [.. Enumerable.Range(0, 300).Select(_ => random.Below(bound))];

            Assert.Equal(Enumerable.Range(0, (int)bound).Select(static n => (long)n), seen.Order());
        });
    }

    [Fact]
    public void A_chance_is_taken_as_often_as_it_says()
    {
        SeededRandom random = new(1);

        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => random.Chance(1, 4)), 2300, 2700);
        Assert.False(random.Chance(0, 4));
        Assert.True(random.Chance(4, 4));
    }

    [Fact]
    public void A_time_is_below_its_bound_and_zero_if_there_is_none()
    {
        SeededRandom random = new(1);
        TimeSpan bound = TimeSpan.FromMilliseconds(3);

        Assert.All(
            Enumerable.Range(0, 100).Select(_ => random.Below(bound)),
            time => Assert.InRange(time, TimeSpan.Zero, bound - new TimeSpan(1)));
        Assert.Equal(TimeSpan.Zero, random.Below(TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, random.Below(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Below(0));
    }
}
