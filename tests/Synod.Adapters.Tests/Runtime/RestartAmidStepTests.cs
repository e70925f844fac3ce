using Synod.Kernel;

namespace Synod.Adapters.Tests.Runtime;

public sealed class RestartAmidStepTests
{
    // More than the calls by which a life ends and the next one begins.
    private const int Second = 23;

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [Feature("B22")]
    public void An_exception_at_any_call_of_a_port_costs_no_more_than_a_life(
        int node, bool isAfter)
    {
        int calls = Run(node, static _ => { });
        Assert.True(calls > 100, $"only {calls} calls");

        for (int first = 0; first < calls; first++)
        {
            Run(node, trap => trap.Set(first, isAfter));
            if (first % 2 == 0)
                Run(node, trap => trap.Set(first, isAfter, again: first % Second));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Feature("B22")]
    public void An_exception_in_one_group_delays_no_other(int victim)
    {
        // With two members nobody makes up for what one of them misses; and in some of the seeds
        // both groups have the same leader, so that their frames meet in a turn.
        const int Seeds = 6;
        const int Calls = 30;
        int spared = 0;
        for (int run = 0; run < Seeds * Calls; run++)
        {
            TestCluster cluster = new TestCluster(2, (ulong)run / Calls, groups: 2).Start();
            CountingClient first = new(cluster, group: 1);
            CountingClient second = new(cluster, group: 2);
            Count(cluster, [first, second], 2);
            TestNode node = cluster.Nodes[victim];
            node.Trap.Set(run % Calls, isAfter: false);

            Instant begun = cluster.Now;
            for (int count = 0; count < 5; count++)
            {
                first.Turn();
                Count(cluster, [second], 1);
            }

            TimeSpan took = cluster.Now - begun;
            cluster.StepFor(100);
            if (node.Trap.Lives[2] > 1)
                continue;

            spared++;
            Assert.True(took < TimeSpan.FromMilliseconds(60), $"run {run}: {took}");
        }

        Assert.True(spared > 60, $"only {spared} times the other group was spared");
    }

    // Two groups are created, count while a connection is lost and found, and are read back from
    // the disk.
    private static int Run(int victim, Action<Trap> set)
    {
        TestCluster cluster = new TestCluster(nodes: 3, groups: 2).Start();
        TestNode node = cluster.Nodes[victim];
        TestNode other = cluster.Nodes[2];
        int before = node.Trap.Calls;
        set(node.Trap);
        CountingClient[] counting = [new(cluster, group: 1), new(cluster, group: 2)];
        Count(cluster, counting, 2);
        cluster.Network.Cut(node.Id, other.Id);
        Count(cluster, counting, 2);
        cluster.Network.Heal(node.Id, other.Id);
        Count(cluster, counting, 2);
        int calls = node.Trap.Calls - before;

        foreach (TestNode each in cluster.Nodes)
            each.Kill();
        foreach (TestNode each in cluster.Nodes)
            each.Start(cluster.Now);
        Count(cluster, counting, 1);
        Assert.All(counting, static client => Assert.Equal([1, 2, 3, 4, 5, 6, 7], client.Results));
        Assert.All(cluster.Nodes, static each => Assert.Empty(each.Notices.Violations));
        return calls;
    }

    private static void Count(TestCluster cluster, CountingClient[] counting, int times)
    {
        for (int time = 0; time < times; time++)
        {
            foreach (CountingClient client in counting)
                client.Turn();
            cluster.StepUntil(() => counting.All(static client => client.IsIdle()));
        }
    }
}
