using System.Diagnostics;
using Synod.TestKit;

namespace Synod.Processes.Tests;

/// <summary>Nodes are told to stop, one after the other, and come back; clients count all the
/// while.</summary>
public class RollingRestartTests
{
    [Fact]
    public async Task A_rolling_restart_loses_nothing_and_leaves_no_long_gap()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster, clients: 8);
        await counting.SucceedAsync();
        List<TimeSpan> stops = [];
        for (int round = 0; round < 2; round++)
        {
            foreach (int node in cluster.Nodes)
            {
                stops.Add(await StopAsync(cluster, node));
                cluster.Start(node);
                await cluster.ServesAsync(node);
                await counting.SucceedAsync();
            }
        }

        await counting.CheckAsync();
        await cluster.AgreeAsync();
        TimeSpan gap = LongestGap(counting.History.Entries);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"longest gap {gap.TotalMilliseconds} ms; stops take "
            + string.Join(", ", stops.Select(static stop => $"{stop.TotalMilliseconds:F0} ms")));
        Assert.All(stops, static stop => Assert.True(stop < TimeSpan.FromSeconds(3), $"{stop}"));
        Assert.True(gap < TimeSpan.FromSeconds(3), $"{gap}");
    }

    [Fact]
    public async Task A_leader_that_is_told_to_stop_hands_over_before_it_goes()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        int leader = await cluster.LeaderAsync();
        ulong terms = (ulong)((await cluster.AskAsync(leader))?.Term ?? 0);

        await StopAsync(cluster, leader);

        int next = await cluster.LeaderAsync();
        Assert.NotEqual(leader, next);
        Assert.Equal(terms + 1, (ulong)((await cluster.AskAsync(next))?.Term ?? 0));
        Assert.Contains(
            cluster[leader].Errors,
            line => line.Contains($"leader n{next}", StringComparison.Ordinal));
    }

    private static async Task<TimeSpan> StopAsync(TestCluster cluster, int node)
    {
        long start = Stopwatch.GetTimestamp();
        cluster[node].Signal("TERM");
        Assert.Equal(0, await cluster[node].ExitAsync());
        return Stopwatch.GetElapsedTime(start);
    }

    private static TimeSpan LongestGap(IReadOnlyList<Operation> entries)
    {
        long[] ends = [.. entries
            .Where(static entry => entry.Type == OperationType.Ok)
            .Select(static entry => entry.Return ?? 0)
            .Order()];
        return TimeSpan.FromMicroseconds(
            ends.Zip(ends.Skip(1), static (last, next) => next - last).Max());
    }
}
