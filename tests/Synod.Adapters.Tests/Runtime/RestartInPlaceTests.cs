using System.Text;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

public sealed class RestartInPlaceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Feature("B22")]
    public void A_replica_restarts_under_load_and_the_rest_goes_on(bool isLeader)
    {
        TestCluster cluster = new TestCluster(3) { HasSlowDisks = true }.Start();
        CountingClient[] counting =
            [.. Enumerable.Range(0, 4).Select(_ => new CountingClient(cluster))];
        for (int step = 0; step < 6_000; step++)
        {
            TestNode? leader = cluster.Leader();
            if (step % 400 == 399 && leader is not null)
                cluster.Nodes.First(node => (node == leader) == isLeader).Restart();
            cluster.Step();
            foreach (CountingClient client in counting)
                client.Turn();
        }

        cluster.StepUntil(() => counting.All(static client => client.IsIdle()));

        int acknowledged = CountingClient.Check(cluster, counting);
        Assert.True(acknowledged > 300, $"only {acknowledged} acknowledged");
        Assert.All(counting, static client => Assert.Equal(0, client.Unknown));
        Assert.True(cluster.Nodes.Sum(static node => node.Trap.Lives[1]) > 3 + 5);
        Assert.All(cluster.Nodes, static node => Assert.Empty(node.Notices.Violations));
    }

    [Fact]
    public void The_next_life_begins_when_all_that_was_appended_is_durable()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestNode node = cluster.Nodes[0];
        cluster.StepUntil(() => cluster.Leader() is not null);
        RawClient client = new(cluster, node);
        client.Add(1);
        StepWithoutDisk(cluster, 2);

        node.Restart();
        StepWithoutDisk(cluster, 1);
        Assert.Equal(ResponseKind.Unknown, client.Answers[1].Kind);
        client.AskStatus(2);
        StepWithoutDisk(cluster, 20);
        node.Restart();
        client.Add(3);
        StepWithoutDisk(cluster, 20);

        Assert.Equal(ResponseKind.Unavailable, client.Answers[2].Kind);
        Assert.Equal(ResponseKind.Unavailable, client.Answers[3].Kind);
        string reason = Encoding.UTF8.GetString(client.Answers[3].Bytes);
        Assert.Equal("g1 is restarting on n1.", reason);
        cluster.StepUntil(() => cluster.Ask(node).Applied == 1);
    }

    [Fact]
    public void A_restart_of_one_group_leaves_another_one_alone()
    {
        TestCluster cluster = new TestCluster(3, groups: 2).Start();
        CountingClient first = new(cluster, group: 1);
        CountingClient second = new(cluster, group: 2);
        for (int step = 0; step <= 2_000; step++)
        {
            if (step > 500 && step % 100 == 0)
                cluster.Nodes[step / 100 % 3].Restart(group: 1);
            cluster.Step();
            first.Turn();
            second.Turn();
        }

        cluster.StepUntil(() => first.IsIdle() && second.IsIdle());

        CountingClient.Check(cluster, [first], group: 1);
        CountingClient.Check(cluster, [second], group: 2);
        Assert.All(cluster.Nodes, static node => Assert.Equal(1u, node.Trap.Lives[2]));
        Assert.All(cluster.Nodes, static node => Assert.Equal(6u, node.Trap.Lives[1]));
        Assert.Throws<ArgumentException>(() => cluster.Nodes[0].Restart(group: 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_creation_goes_on_after_a_restart_in_place_at_any_point(int restarted)
    {
        for (int step = 0; step < 40; step++)
        {
            TestCluster cluster =
                new TestCluster(3, (ulong)step + 1) { HasSlowDisks = true }.Start();
            cluster.StepFor(step);
            cluster.Nodes[restarted].Restart();

            cluster.StepUntil(
                () => cluster.Nodes.All(static node => node.Notices.Epoch is not null));

            Assert.Single(cluster.Nodes.Select(static node => node.Notices.Epoch?.Id).Distinct());
            CountingClient client = new(cluster);
            client.Turn();
            cluster.StepUntil(client.IsIdle);
            Assert.Equal([1], client.Results);
        }
    }

    [Fact]
    [Feature("A07")]
    public void Whoever_waits_is_told_unknown_and_asks_again_with_the_same_identity()
    {
        TestCluster cluster = new TestCluster(3).Start();
        CountingClient client = new(cluster);
        Count(cluster, client, 5);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);

        client.Turn();
        cluster.Network.DeliverAll();
        leader.Turn(cluster.Now, diskJobs: 0);
        leader.Restart();
        Assert.Equal(1, leader.Trap.Unknown);
        cluster.StepUntil(client.IsIdle);
        Count(cluster, client, 1);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], client.Results);
        Assert.Equal(7, CountingClient.Check(cluster, [client]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Feature("A07")]
    public void A_command_sent_three_times_is_applied_once_also_by_another_leader(bool isInPlace)
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        List<long> results = [];
        TestNode? last = null;
        for (int time = 0; time < 3; time++)
        {
            TestNode leader = cluster.Leader() ?? cluster.Nodes[0];
            results.Add(Add(cluster, leader));
            Assert.NotEqual(last, leader);
            last = leader;
            if (isInPlace)
                Unseat(cluster, leader);
            else
                leader.Kill();
            cluster.StepUntil(() => cluster.Leader() is { } next && next != leader);
            if (!leader.IsRunning)
                leader.Start(cluster.Now);
        }

        CountingClient other = new(cluster);
        Count(cluster, other, 1);
        Assert.Equal([1, 1, 1], results);
        Assert.Equal([2], other.Results);
    }

    // Each time it restarts, the others may be the first to campaign.
    private static void Unseat(TestCluster cluster, TestNode leader)
    {
        leader.Restart();
        cluster.StepUntil(() =>
        {
            bool isBack = cluster.Leader() == leader;
            if (isBack)
                leader.Restart();
            return !isBack && cluster.Leader() is not null;
        });
    }

    private static long Add(TestCluster cluster, TestNode leader)
    {
        RawClient client = new(cluster, leader);
        int tries = 0;
        cluster.StepUntil(() =>
        {
            if (client.Answers.Count == tries)
                client.Add(++tries);
            return client.Answers.Values.Any(static a => a.Kind == ResponseKind.Applied);
        });
        return BitConverter.ToInt64(
            client.Answers.Values.First(static a => a.Kind == ResponseKind.Applied).Bytes);
    }

    private static void Count(TestCluster cluster, CountingClient client, int times)
    {
        for (int time = 0; time < times; time++)
        {
            client.Turn();
            cluster.StepUntil(client.IsIdle);
        }
    }

    private static void StepWithoutDisk(TestCluster cluster, int times)
    {
        for (int time = 0; time < times; time++)
        {
            cluster.Network.DeliverAll();
            cluster.Nodes[0].Turn(cluster.Now, diskJobs: 0);
            cluster.Network.DeliverAll();
        }
    }
}
