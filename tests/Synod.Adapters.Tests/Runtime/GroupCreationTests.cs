using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

public sealed class GroupCreationTests
{
    [Fact]
    public void A_group_serves_once_every_member_has_persisted_the_same_creation()
    {
        TestCluster cluster = new(nodes: 3);
        cluster.Nodes[0].Start(cluster.Now);
        cluster.Nodes[1].Start(cluster.Now);
        cluster.StepFor(2_000);
        Assert.All(cluster.Nodes, static node => Assert.Null(node.Notices.Epoch));

        cluster.Nodes[2].Start(cluster.Now);
        cluster.StepUntil(() => cluster.Nodes.All(static node => node.Notices.Epoch is not null));

        EpochDescriptor epoch = Epoch(cluster.Nodes[0]);
        Assert.All(cluster.Nodes, node => Assert.Equal(epoch.Id, Epoch(node).Id));
        Assert.Equal(
            cluster.Nodes.Select(static node => new MemberIdentity(node.Id, node.Incarnation)),
            epoch.Members);
    }

    [Fact]
    public void Two_clusters_of_the_same_shape_have_different_lineages()
    {
        EpochDescriptor first = Epoch(Created(seed: 1).Nodes[0]);
        EpochDescriptor second = Epoch(Created(seed: 2).Nodes[0]);

        Assert.Equal(first.Members, second.Members);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_creation_goes_on_after_a_crash_at_any_point(int crashed)
    {
        for (int step = 1; step < 40; step++)
        {
            TestCluster cluster = new TestCluster(nodes: 3, (ulong)step) { HasSlowDisks = true }
                .Start();
            cluster.StepFor(step);
            cluster.Nodes[crashed].Crash();
            cluster.StepFor(step);
            cluster.Nodes[crashed].Start(cluster.Now);

            cluster.StepUntil(
                () => cluster.Nodes.All(static node => node.Notices.Epoch is not null));

            EpochDescriptor epoch = Epoch(cluster.Nodes[0]);
            Assert.All(cluster.Nodes, node => Assert.Equal(epoch.Id, Epoch(node).Id));
        }
    }

    [Fact]
    public void A_member_that_serves_does_so_again_without_the_creator()
    {
        TestCluster cluster = Created();
        foreach (TestNode node in cluster.Nodes)
            node.Kill();

        cluster.Nodes[1].Start(cluster.Now);
        cluster.Nodes[2].Start(cluster.Now);

        TestClient client = cluster.Connect(cluster.Nodes[1].Id, cluster.Nodes[2].Id);
        (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
    }

    [Fact]
    public void A_creator_with_a_wiped_disk_cannot_create_the_group_anew()
    {
        TestCluster cluster = Created();
        EpochId before = Epoch(cluster.Nodes[1]).Id;
        cluster.Nodes[0].Wipe();

        cluster.Nodes[0].Start(cluster.Now);
        cluster.StepFor(2_000);

        Assert.Null(cluster.Nodes[0].Notices.Epoch);
        string refusal = cluster.Nodes[0].Notices.Refusals.First(
            static text => text.Contains("refuses the creation", StringComparison.Ordinal));
        Assert.Contains(before.ToString(), refusal, StringComparison.Ordinal);
        TestClient client = cluster.Connect(cluster.Nodes[1].Id, cluster.Nodes[2].Id);
        (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
    }

    [Fact]
    public void A_wiped_member_neither_votes_nor_acknowledges()
    {
        TestCluster cluster = Created();
        cluster.Nodes[2].Wipe();
        cluster.Nodes[2].Start(cluster.Now);
        cluster.Nodes[1].Kill();
        cluster.StepFor(3_000);

        TestClient client = cluster.Connect();
        long call = client.Submit(RequestKind.Command, "k", new Add(1));
        cluster.StepFor(4_900);

        Assert.False(client.TryTake(call, out ResponseKind _, out byte[] _));
        Assert.NotEqual(KernelRole.Leading, cluster.Ask(cluster.Nodes[0]).Role);
    }

    private static TestCluster Created(ulong seed = 1)
    {
        TestCluster cluster = new TestCluster(nodes: 3, seed).Start();
        cluster.StepUntil(() => cluster.Nodes.All(static node => node.Notices.Epoch is not null));
        return cluster;
    }

    private static EpochDescriptor Epoch(TestNode node)
    {
        Assert.NotNull(node.Notices.Epoch);
        return node.Notices.Epoch;
    }
}
