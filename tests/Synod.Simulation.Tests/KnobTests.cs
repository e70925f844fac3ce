using Synod.Samples.Workloads;
using Synod.TestKit;

namespace Synod.Simulation.Tests;

/// <summary>What seeds draw where only commands that conflict are ordered: all shares of conflicts,
/// and every setting of the protocol.</summary>
public class KnobTests
{
    [Fact]
    public void Each_setting_and_each_share_of_conflicts_is_drawn_by_many_seeds()
    {
        World[] worlds = [.. Enumerable.Range(1, 200).Select(static seed => WorldOf(seed))];
        SortedDictionary<string, int> knobs = new(
            worlds.SelectMany(static world => world.Knobs).CountBy(static knob => knob)
                .ToDictionary(),
            StringComparer.Ordinal);

        Assert.Equal(
            [
                "conflicts 0 %", "conflicts 1 to 99 %", "conflicts 100 %", "conflicts as it comes",
                "not thrifty", "reads as commands", "reads by gathering", "thrifty",
            ],
            knobs.Keys);
        Assert.All(knobs.Values, static runs => Assert.True(runs > 30, $"{runs}"));
        Assert.All(worlds, static world => Assert.True(world.Shared is null or (>= 0 and <= 100)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Without_conflicts_each_caller_has_a_key_of_its_own_and_with_all_they_share_one(
        int share)
    {
        int seed = Enumerable.Range(1, 100).First(seed => WorldOf(seed).Shared == share);
        SimulationReport report = Simulator.Run(
            Options() with { Faults = FaultClasses.None }, (ulong)seed);

        Setup.MustPass(report);
        Assert.Contains($"conflicts {share} %", report.Knobs);
        Operation[] writes =
            [.. report.History.Operations.Where(static one => one.F == "incr")];
        Assert.True(writes.Length > 50);
        int keys = writes.Select(static one => one.Key).Distinct().Count();
        int callers = writes.Select(static one => one.Process).Distinct().Count();
        Assert.True(callers > 1);
        Assert.Equal(share == 0 ? callers : 1, keys);
        Assert.Equal(
            callers, writes.Select(static one => (one.Process, one.Key)).Distinct().Count());
    }

    // Where all commands are in one order, and where a call is of several steps, it is as ever.
    [Theory]
    [InlineData("raft")]
    [InlineData("register")]
    public void Other_protocols_draw_no_shares(string protocol)
    {
        World world = new(Setup.Options(protocol), 1, null);

        Assert.Null(world.Shared);
        Assert.Empty(world.Knobs);
    }

    [Fact]
    public void A_machine_without_keys_has_no_shares() => Assert.All(
        Enumerable.Range(1, 20),
        static seed => Assert.Null(new World(
            Options() with { Workload = new TransactionWorkload() }, (ulong)seed, null).Shared));

    private static World WorldOf(int seed) => new(Options(), (ulong)seed, null);

    private static SimulationOptions Options() => Setup.Options("epaxos", seconds: 2);
}
