using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>Groups at rest on real processes: what wakes them.</summary>
public class LivenessTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("STOP")]
    [InlineData("KILL")]
    [Feature("B26")]
    public async Task A_leader_that_is_gone_while_nobody_wants_anything_is_replaced(string signal)
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using SynodClient client = cluster.Connect();
        await client.ExecuteAsync("k", new Add(1), Cancellation);
        int leader = await cluster.LeaderAsync();
        ReplicaStatus before = await cluster.StatusAsync(leader, static _ => true);

        // Nothing happens in an idle cluster that could be waited for.
        await Task.Delay(Idle, Cancellation);
        ReplicaStatus after = await cluster.StatusAsync(leader, static _ => true);
        Assert.Equal(before.Term, after.Term);
        cluster[leader].Signal(signal);

        int other = (leader % 3) + 1;
        await cluster.StatusAsync(other, status => status.Term > before.Term
            && status.Leader.Number != 0 && status.Leader.Number != leader);
        Assert.Equal(
            new Outcome<long>.Applied(3),
            await client.ExecuteAsync("k", new Add(2), Cancellation));
    }
}
