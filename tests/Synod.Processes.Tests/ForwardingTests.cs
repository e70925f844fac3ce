namespace Synod.Processes.Tests;

/// <summary>Nodes that pass commands on to their leader.</summary>
public class ForwardingTests
{
    [Fact]
    public async Task A_client_that_reaches_only_a_follower_is_served_if_nodes_forward()
    {
        using TestCluster cluster = await TestCluster.StartAsync(3, "--forward-commands");
        int leader = await cluster.LeaderAsync();
        int follower = (leader % 3) + 1;

        SynodResult first = await cluster.RunAsync("counter add k 5", follower);
        SynodResult second = await cluster.RunAsync("counter add k 2", follower);
        SynodResult read = await cluster.RunAsync("counter get k --local", follower);

        Assert.Equal(("", "5", 0), (first.Errors, first.Output, first.Code));
        Assert.Equal(("", "7", 0), (second.Errors, second.Output, second.Code));
        Assert.Equal("7", read.Output);
        Assert.Equal(leader, await cluster.LeaderAsync());
        await cluster.AgreeAsync();
    }
}
