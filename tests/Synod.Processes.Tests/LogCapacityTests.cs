using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Processes.Tests;

/// <summary>A log that has no room for more.</summary>
public class LogCapacityTests
{
    private const int Segment = 8 << 20;

    [Fact]
    public async Task A_full_log_refuses_commands_by_name_and_goes_on_reading()
    {
        using TestCluster cluster = await TestCluster.StartAsync(
            3, "--log-segment", $"{Segment}", "--log-capacity", $"{2 * Segment}");

        (long last, SynodResult refusal) = await FillAsync(cluster);
        SynodResult read = await cluster.RunAsync("counter get k");
        int leader = await cluster.LeaderAsync();
        ReplicaStatus? status = await cluster.AskAsync(leader);
        await cluster[leader].LineAsync("Storage pressure is High");
        foreach (int node in cluster.Nodes)
            cluster[node].Kill();
        await cluster.ServeAsync();
        SynodResult again = await cluster.RunAsync("counter get k --timeout 20");

        // Each node has its own log: another leader may have a little room left.
        (_, SynodResult still) = await FillAsync(cluster);

        Assert.Equal(("", 1), (refusal.Output, refusal.Code));
        Assert.Equal(
            "synod: not done: the log of the leader is full. Give it more room (--log-capacity).",
            refusal.Errors);
        Assert.Equal(StoragePressure.High, status?.Pressure);
        Assert.Equal($"{last}", read.Output);
        Assert.Equal($"{last}", again.Output);
        Assert.Equal((refusal.Errors, 1), (still.Errors, still.Code));
    }

    // One after the other, so that each takes a frame of its own.
    private static async Task<(long Last, SynodResult Refusal)> FillAsync(TestCluster cluster)
    {
        await using Hosting.SynodClient client = cluster.Connect();
        long last = 0;
        while (await client.ExecuteAsync("k", new Samples.Counter.Add(1))
            is Abstractions.Outcome<long>.Applied applied)
        {
            last = applied.Result;
        }

        return (last, await cluster.RunAsync("counter add k"));
    }
}
