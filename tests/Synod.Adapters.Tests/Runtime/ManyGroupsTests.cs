using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Many groups on the shards of a few nodes.</summary>
public sealed class ManyGroupsTests
{
    [Fact]
    [Feature("A22")]
    public void Every_group_has_a_leader_and_counts_for_itself()
    {
        const int groups = 50;
        TestCluster cluster = new TestCluster(3, groups: groups).Start();
        TestClient[] clients = [.. Enumerable.Range(1, groups)
            .Select(group => cluster.Connect(new GroupId((ulong)group)))];

        for (int group = 0; group < groups; group++)
        {
            (ResponseKind kind, byte[] sum) =
                cluster.Call(clients[group], RequestKind.Command, "k", new Add(group));
            Assert.Equal(ResponseKind.Applied, kind);
            Assert.Equal(group, new Counter().Decode<long>(new Add(group), sum));
        }

        Assert.All(cluster.Nodes, static node => Assert.Empty(node.Notices.Refusals));
    }

    [Fact]
    [Feature("A22")]
    public void Records_of_a_group_that_is_not_configured_are_told_of_and_kept()
    {
        TestCluster cluster = new TestCluster(1, groups: 2).Start();
        TestNode node = cluster.Nodes[0];
        TestClient client = cluster.Connect(new GroupId(2));
        cluster.Call(client, RequestKind.Command, "k", new Add(3));
        node.Kill();

        node.Groups = 1;
        node.Start(cluster.Now);
        Assert.StartsWith(
            "The log holds records of g2",
            Assert.Single(node.Notices.Refusals),
            StringComparison.Ordinal);
        node.Kill();
        node.Groups = 2;
        node.Start(cluster.Now);

        (_, byte[] sum) = cluster.Call(client, RequestKind.Command, "k", new Add(4));
        Assert.Equal(7, new Counter().Decode<long>(new Add(4), sum));
    }
}
