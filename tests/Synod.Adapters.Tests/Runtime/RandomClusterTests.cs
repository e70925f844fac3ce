using System.Buffers.Binary;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
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
        Counting[] counting = [.. Enumerable.Range(0, 4).Select(_ => new Counting(cluster))];

        for (int step = 0; step < Steps; step++)
        {
            Disturb(cluster, random);
            cluster.Step();
            foreach (Counting client in counting)
                client.Turn();
        }

        Heal(cluster);
        cluster.StepUntil(() => counting.All(static client => client.IsIdle()), 20_000);
        Check(cluster, counting);
    }

    // A minority goes one by one, now and then the power of all fails at once; any subset of the
    // unflushed sectors survives.
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

    private static void Check(TestCluster cluster, Counting[] counting)
    {
        string context = $"seed {cluster.Seed}";
        long[] results = [.. counting.SelectMany(static client => client.Results)];
        long unknown = counting.Sum(static client => client.Unknown);
        TestClient reader = cluster.Connect();
        (ResponseKind kind, byte[] bytes) =
            cluster.Call(reader, RequestKind.Query, "k", new GetValue());
        long final = BinaryPrimitives.ReadInt64LittleEndian(bytes);

        Assert.Equal(ResponseKind.Applied, kind);
        Assert.True(results.Length > 100, $"{context}: only {results.Length} were acknowledged");
        Assert.True(results.Distinct().Count() == results.Length, $"{context}: a result twice");
        Assert.True(results.Max() <= final, $"{context}: {results.Max()} above {final}");
        Assert.InRange(final, results.Length, results.Length + unknown);
        Assert.All(counting, client => Assert.Equal(client.Results.Order(), client.Results));
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Notices.Violations));
        cluster.StepUntil(() => cluster.Nodes.Select(cluster.Ask)
            .Select(static status => (status.Applied, status.Digest)).Distinct().Count() == 1);
    }

    /// <summary>Adds one after the other, whatever happens.</summary>
    private sealed class Counting(TestCluster cluster)
    {
        private readonly TestClient _client = cluster.Connect();
        private long _call;

        public List<long> Results { get; } = [];

        public long Unknown { get; private set; }

        public void Turn()
        {
            if (IsIdle())
                _call = _client.Submit(RequestKind.Command, "k", new Add(1));
        }

        public bool IsIdle()
        {
            if (_call != 0 && _client.TryTake(_call, out ResponseKind kind, out byte[] bytes))
            {
                _call = 0;
                if (kind == ResponseKind.Applied)
                    Results.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes));
                else if (kind == ResponseKind.Unknown)
                    Unknown++;
            }

            return _call == 0;
        }
    }
}
