using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

public sealed class RandomClusterTests
{
    private const int Steps = 6_000;

    public static TheoryData<ulong> Seeds
    {
        get
        {
            string? count = Environment.GetEnvironmentVariable("SYNOD_SEEDS");
            TheoryData<ulong> seeds = [];
            for (ulong seed = 1; seed <= (count is null ? 12 : ulong.Parse(count)); seed++)
                seeds.Add(seed);
            return seeds;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Feature("C02")]
    public void Whole_nodes_lose_nothing_acknowledged_under_crashes_and_a_bad_network(ulong seed)
    {
        SeededRandom random = new(seed);
        int nodes = (int)random.Below(3) + 3;
        TestCluster cluster = new TestCluster(nodes, seed) { HasSlowDisks = true }.Start();
        cluster.Network.Faults = new InProcessFaults
        {
            DropPerMille = (int)random.Below(20),
            DuplicatePerMille = (int)random.Below(20),
            DelayPerMille = (int)random.Below(50),
        };
        CountingClient[] counting =
            [.. Enumerable.Range(0, 4).Select(_ => new CountingClient(cluster))];

        for (int step = 0; step < Steps; step++)
        {
            Disturb(cluster, random);
            cluster.Step();
            foreach (CountingClient client in counting)
                client.Turn();
        }

        Heal(cluster);
        cluster.StepUntil(() => counting.All(static client => client.IsIdle()), 20_000);
        Check(cluster, counting);
    }

    // A minority goes one by one, now and then the power of all fails at once; any subset of the
    // unflushed sectors survives. Replicas restart in place, also amid a step.
    private static void Disturb(TestCluster cluster, SeededRandom random)
    {
        TestNode node = cluster.Nodes[random.Below(cluster.Nodes.Length)];
        int down = cluster.Nodes.Count(static other => !other.IsRunning);
        if (node.IsRunning && down < (cluster.Nodes.Length - 1) / 2 && random.Chance(1, 300))
            node.Crash((_, _) => random.Chance(1, 2));
        else if (!node.IsRunning && random.Chance(1, 100))
            node.Start(cluster.Now);

        if (random.Chance(1, 1500))
        {
            foreach (TestNode lost in cluster.Nodes.Where(static other => other.IsRunning))
                lost.Crash((_, _) => random.Chance(1, 2));
        }

        if (node.IsRunning && random.Chance(1, 200))
            node.Restart();
        else if (node.IsRunning && random.Chance(1, 200))
            node.Trap.Set((int)random.Below(50), isAfter: random.Chance(1, 2));

        if (!random.Chance(1, 400))
            return;

        NodeId from = cluster.Nodes[random.Below(cluster.Nodes.Length)].Id;
        NodeId to = cluster.Nodes[random.Below(cluster.Nodes.Length)].Id;
        if (random.Chance(1, 3))
            cluster.Network.Cut(from, to);
        else
            HealAll(cluster);
    }

    private static void Heal(TestCluster cluster)
    {
        cluster.Network.Faults = new InProcessFaults();
        cluster.HasSlowDisks = false;
        HealAll(cluster);
        foreach (TestNode node in cluster.Nodes)
            node.Trap.Clear();
        foreach (TestNode node in cluster.Nodes.Where(static node => !node.IsRunning))
            node.Start(cluster.Now);
    }

    private static void HealAll(TestCluster cluster)
    {
        foreach (TestNode from in cluster.Nodes)
        {
            foreach (TestNode to in cluster.Nodes)
                cluster.Network.Heal(from.Id, to.Id);
        }
    }

    private static void Check(TestCluster cluster, CountingClient[] counting)
    {
        long acknowledged = CountingClient.Check(cluster, counting);
        Assert.True(acknowledged > 100, $"seed {cluster.Seed}: {acknowledged} acknowledged");
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Notices.Violations));
        cluster.StepUntil(() => cluster.Nodes.Select(cluster.Ask)
            .Select(static status => (status.Applied, status.Digest)).Distinct().Count() == 1);
    }
}
