using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Where nobody leads, clients that share keys ask the same node for the same key.
/// </summary>
public sealed class KeyHomeTests
{
    private const int Clients = 6;
    private const int Keys = 20;

    // What counts is the number of rounds, at a millisecond for each way.
    [Fact]
    [Feature("F08")]
    public void A_change_of_a_shared_key_takes_fewer_rounds_where_keys_have_homes()
    {
        (long without, _) = Share(keysHaveHomes: false);
        (long with, _) = Share(keysHaveHomes: true);

        Assert.True(3 * with <= 2 * without, $"{with} ms with homes, {without} ms without");
    }

    [Fact]
    public void Keys_are_spread_over_all_nodes_and_each_stays_at_its_own()
    {
        (_, TestCluster cluster) = Share(keysHaveHomes: true);

        foreach (TestNode node in cluster.Nodes)
            Assert.NotEqual(0, node.Counters.Proposals);
    }

    [Fact]
    [Feature("B04")]
    public void While_the_home_of_a_key_is_away_its_clients_meet_at_another_node()
    {
        TestCluster cluster = new TestCluster(3).Start("register");
        cluster.StepUntil(cluster.Serves);
        TestClient[] clients = Connect(cluster, keysHaveHomes: true);
        for (int node = 0; node < 3; node++)
        {
            cluster.Nodes[node].Crash();
            for (int key = 0; key < 3; key++)
                Add(cluster, clients[key % Clients], $"k{key}");
            cluster.Nodes[node].Start(cluster.Now);
            for (int key = 0; key < 3; key++)
                Add(cluster, clients[key + 1], $"k{key}");
        }
    }

    private static (long Milliseconds, TestCluster Cluster) Share(bool keysHaveHomes)
    {
        TestCluster cluster = new TestCluster(3).Start("register");
        cluster.StepUntil(cluster.Serves);
        TestClient[] clients = Connect(cluster, keysHaveHomes);
        cluster.StepFor(20);
        Instant begun = cluster.Now;
        for (int key = 0; key < Keys; key++)
        {
            foreach (TestClient client in clients)
                Add(cluster, client, $"k{key}");
        }

        return ((cluster.Now - begun).Ticks / TimeSpan.TicksPerMillisecond, cluster);
    }

    private static TestClient[] Connect(TestCluster cluster, bool keysHaveHomes) =>
        [.. Enumerable.Range(0, Clients).Select(_ => cluster.Connect(
            new ClientCoreOptions { KeysHaveHomes = keysHaveHomes }))];

    private static void Add(TestCluster cluster, TestClient client, string key) => Assert.Equal(
        ResponseKind.Applied,
        cluster.Call(client, RequestKind.Command, key, new Add(1)).Kind);
}
