using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Processes.Tests;

public sealed class DurabilityTests
{
    [Fact]
    [Feature("C17")]
    public async Task Nodes_in_memory_serve_without_a_directory()
    {
        using TestCluster cluster = await TestCluster.StartAsync(3, "--durability", "memory");

        SynodResult add = await cluster.RunAsync("counter add");
        SynodResult status = await cluster.RunAsync("cluster status");

        Assert.Equal((0, "1"), (add.Code, add.Output));
        Assert.Contains("durability memory", status.Output);
        Assert.All(cluster.Nodes, node => Assert.False(Directory.Exists(cluster.Data(node))));
    }

    [Fact]
    [Feature("C17")]
    public async Task A_node_in_memory_that_restarts_is_told_that_it_is_no_member()
    {
        using TestCluster cluster = await TestCluster.StartAsync(3, "--durability", "memory");
        int victim = await cluster.LeaderAsync();

        cluster[victim].Kill();
        cluster.Start(victim);
        await cluster[victim].LineAsync("it has lost its disk, or never had one");
        SynodResult add = await cluster.RunAsync("counter add");

        Assert.Equal((0, "1"), (add.Code, add.Output));
        ReplicaStatus? reborn = await cluster.AskAsync(victim);
        Assert.Equal(default(NodeId), reborn?.Leader);
        Assert.Equal(0, reborn?.Applied);
    }

    [Fact]
    [Feature("C09")]
    public async Task A_node_that_flushes_nothing_says_so_and_keeps_what_its_process_wrote()
    {
        using TestCluster cluster =
            await TestCluster.StartAsync(1, "--durability", "unsafe-no-flush");
        await cluster[1].LineAsync("Durability is unsafe-no-flush");
        Assert.Equal("1", (await cluster.RunAsync("counter add")).Output);

        cluster[1].Kill();
        cluster.Start(1);
        SynodResult add = await cluster.RunAsync("counter add");

        Assert.Equal((0, "2"), (add.Code, add.Output));
        Assert.Equal(Durability.UnsafeNoFlush, (await cluster.AskAsync(1))?.Durability);
    }
}
