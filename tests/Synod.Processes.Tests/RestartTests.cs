using System.Diagnostics;
using Synod.Cli.Demo;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Storage;

namespace Synod.Processes.Tests;

/// <summary>Nodes are killed and come back with their data directories.</summary>
public class RestartTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Feature("B23")]
    public async Task A_killed_node_comes_back_as_who_it_was(bool leader)
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster);
        await counting.SucceedAsync();
        int leading = await cluster.LeaderAsync();
        int victim = leader ? leading : (leading % 3) + 1;
        ReplicaStatus? before = await cluster.AskAsync(victim);
        DataDirectoryIdentity identity = cluster.Identity(victim);

        cluster[victim].Kill();
        await counting.SucceedAsync();
        cluster.Start(victim);
        ReplicaStatus after = await cluster.ServesAsync(victim);

        await counting.SucceedAsync();
        await counting.CheckAsync();
        await cluster.AgreeAsync();
        Assert.True(before?.Term <= after.Term);
        Assert.Equal(before?.Members, after.Members);
        Assert.Equal(
            identity with { Boot = new Boot(identity.Boot.Number + 1) }, cluster.Identity(victim));
        Assert.Equal(await ReadAsync(cluster, ""), await ReadAsync(cluster, " --local", victim));
    }

    [Fact]
    [Feature("B25")]
    public async Task All_nodes_killed_and_restarted_have_all_that_was_acknowledged()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster, clients: 8);
        await counting.SucceedAsync();

        foreach (int node in cluster.Nodes)
            cluster[node].Kill();
        long start = Stopwatch.GetTimestamp();
        await cluster.ServeAsync();
        await counting.SucceedAsync();

        TimeSpan outage = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"serves after {outage}");
        Assert.True(outage < TimeSpan.FromSeconds(20), $"{outage}");
        await counting.CheckAsync();
        await cluster.AgreeAsync();
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_acknowledged_and_local_reads_go_on()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        Assert.Equal("5", (await cluster.RunAsync("counter add k 5")).Output);
        await cluster.AgreeAsync();
        int leader = await cluster.LeaderAsync();
        foreach (int node in cluster.Nodes.Where(node => node != leader))
            cluster[node].Kill();

        SynodResult add = await cluster.RunAsync("counter add k 1 --timeout 1");
        SynodResult get = await cluster.RunAsync("counter get k --timeout 1");
        SynodResult local = await cluster.RunAsync("counter get k --local", leader);
        await cluster.ServeAsync();
        SynodResult healed = await cluster.RunAsync("counter add k 10 --timeout 20");

        Assert.Equal(("", 1), (add.Output, add.Code));
        Assert.Matches("^synod: (no answer in time. It may have|not done: )", add.Errors);
        Assert.Equal(("", 1), (get.Output, get.Code));
        Assert.StartsWith("synod: not done: ", get.Errors);
        Assert.Equal(("5", 0), (local.Output, local.Code));
        Assert.Contains(healed.Output, (string[])["15", "16"]);
    }

    private static async Task<string> ReadAsync(TestCluster cluster, string how, params int[] nodes)
    {
        SynodResult read = await cluster.RunAsync($"counter get {CountingClient.Key}{how}", nodes);
        Assert.Equal(("", 0), (read.Errors, read.Code));
        return read.Output;
    }
}
