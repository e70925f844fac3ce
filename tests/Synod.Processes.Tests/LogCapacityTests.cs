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

    [Fact]
    public async Task A_full_file_system_loses_nothing_and_service_resumes_when_it_has_room()
    {
        using SmallMount mount = SmallMount.OfBytes(96 << 20);
        using TestCluster cluster = TestCluster.CreateIn(
            mount.Directory, "--log-segment", $"{Segment}");
        await cluster.ServeAsync();
        string filler = mount.FillBut(Segment / 2);

        (long last, SynodResult refusal) = await FillAsync(cluster);
        SynodResult read = await cluster.RunAsync("counter get k");
        int leader = await cluster.LeaderAsync();
        ReplicaStatus? full = await cluster.AskAsync(leader);

        // One of them starts while there is no room, and has all that was acknowledged.
        int follower = cluster.Nodes.First(node => node != leader);
        cluster[follower].Kill();
        cluster.Start(follower);
        await cluster.ServesAsync(follower);
        SynodResult again = await cluster.RunAsync("counter get k --timeout 20");
        SynodResult still = await cluster.RunAsync("counter add k");

        File.Delete(filler);
        foreach (int node in cluster.Nodes)
            await cluster.StatusAsync(node, static s => s.Pressure == StoragePressure.None);
        SynodResult added = await cluster.RunAsync("counter add k --timeout 20");

        Assert.True(last > 100);
        Assert.Equal(("", 1), (refusal.Output, refusal.Code));
        Assert.Contains("the log of the leader is full", refusal.Errors, StringComparison.Ordinal);
        Assert.Equal(StoragePressure.High, full?.Pressure);
        Assert.Equal($"{last}", read.Output);
        Assert.Equal($"{last}", again.Output);
        Assert.Equal((refusal.Errors, 1), (still.Errors, still.Code));
        Assert.Equal($"{last + 1}", added.Output);
        await cluster.AgreeAsync();
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
