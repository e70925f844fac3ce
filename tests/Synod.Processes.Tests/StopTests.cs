using System.Diagnostics;

namespace Synod.Processes.Tests;

/// <summary>A node that is asked to stop.</summary>
public class StopTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_node_that_is_told_to_stop_does_so_at_once(string signal)
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster);
        await counting.SucceedAsync();
        int leader = await cluster.LeaderAsync();

        long start = Stopwatch.GetTimestamp();
        cluster[leader].Signal(signal);
        int code = await cluster[leader].ExitAsync();
        TimeSpan time = Stopwatch.GetElapsedTime(start);

        await counting.SucceedAsync();
        await counting.CheckAsync();
        Assert.Equal(0, code);
        Assert.Contains($"Node n{leader} stopped", cluster[leader].Errors[^1]);
        Assert.DoesNotContain("Exception", cluster[leader].Said);
        Assert.True(time < TimeSpan.FromSeconds(2), $"{time}");
    }

    [Fact]
    public async Task A_node_on_a_leash_ends_with_its_parent()
    {
        using Alone alone = new();
        using SynodProcess node = SynodProcess.Start([.. alone.Arguments, "--until-input-ends"]);
        await node.LineAsync("serves in");

        node.EndInput();

        Assert.Equal(0, await node.ExitAsync());
    }
}
