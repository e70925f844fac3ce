using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Processes.Tests;

/// <summary><c>synod cluster transfer</c> on real nodes.</summary>
public class TransferTests
{
    [Fact]
    [Feature("B16")]
    public async Task Leadership_moves_where_it_is_told_and_nothing_acknowledged_is_lost()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using Counting counting = new(cluster, clients: 4);
        await counting.SucceedAsync();
        foreach (int target in cluster.Nodes)
        {
            SynodResult moved = await cluster.RunAsync($"cluster transfer --to {target}");
            Assert.Equal(("", $"n{target} leads.", 0), (moved.Errors, moved.Output, moved.Code));
            await counting.SucceedAsync();
            Assert.Equal(target, await cluster.LeaderAsync());
        }

        int leader = await cluster.LeaderAsync();
        SynodResult chosen = await cluster.RunAsync("cluster transfer --json");
        Assert.Equal(0, chosen.Code);
        Assert.Equal(
            $$"""{"outcome":"Done","leader":{{await cluster.LeaderAsync()}}}""", chosen.Output);
        Assert.NotEqual(leader, await cluster.LeaderAsync());
        await counting.SucceedAsync();
        await counting.CheckAsync();
        await cluster.AgreeAsync();
    }

    [Fact]
    [Feature("B16")]
    public async Task A_dead_target_is_told_at_once_and_the_leader_leads_on()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        int leader = await cluster.LeaderAsync();
        int dead = (leader % 3) + 1;
        cluster[dead].Kill();

        SynodResult moved = await cluster.RunAsync($"cluster transfer --to {dead}");
        SynodResult cancelled = await cluster.RunAsync("cluster transfer --cancel");
        SynodResult stranger = await cluster.RunAsync("cluster transfer --to 9");

        Assert.Equal(("", 1), (moved.Output, moved.Code));
        Assert.Contains("not connected", moved.Errors);
        Assert.Equal($"Cancelled: n{leader} leads.", cancelled.Output);
        Assert.Equal("synod: not done: n9 is no member of g1.", stranger.Errors);
        Assert.Equal(leader, await cluster.LeaderAsync());
    }

    [Fact]
    public async Task The_client_of_a_program_can_do_the_same()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using SynodClient client = cluster.Connect();
        int target = (await cluster.LeaderAsync() % 3) + 1;

        NodeId leader = new((uint)target);
        CancellationToken cancellation = TestContext.Current.CancellationToken;

        Outcome<TransferAnswer> moved =
            await client.TransferLeadershipAsync(leader, cancellation);
        Outcome<TransferAnswer> cancelled = await client.CancelTransferAsync(cancellation);

        Assert.Equal(
            new Outcome<TransferAnswer>.Applied(new(TransferOutcome.Done, leader)), moved);
        Assert.Equal(
            new Outcome<TransferAnswer>.Applied(new(TransferOutcome.Cancelled, leader)),
            cancelled);
    }
}
