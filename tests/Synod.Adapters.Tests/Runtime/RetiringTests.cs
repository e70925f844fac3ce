using System.Buffers.Binary;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A node that is told to stop is not missed.</summary>
public sealed class RetiringTests
{
    [Fact]
    public void A_leader_that_is_told_to_stop_hands_over_and_answers_what_is_under_way()
    {
        (TestCluster cluster, TestNode leader) = Serving(3);
        RawClient client = new(cluster, leader);
        client.Add(1);
        cluster.Network.DeliverAll();
        leader.Turn(cluster.Now, diskJobs: 0);

        leader.Retire(cluster.Now);
        Instant begun = cluster.Now;
        cluster.StepUntil(() => leader.IsRetired);

        Assert.True(cluster.Now - begun < TimeSpan.FromMilliseconds(50));
        Assert.Equal(ResponseKind.Applied, client.Answers[1].Kind);
        TestNode? next = cluster.Leader();
        Assert.NotNull(next);
        Assert.NotSame(leader, next);
        client.Add(2);
        cluster.StepUntil(() => client.Answers.ContainsKey(2));
        Assert.Equal(ResponseKind.NotLeader, client.Answers[2].Kind);
        Assert.Equal(
            next.Id.Number, BinaryPrimitives.ReadUInt32LittleEndian(client.Answers[2].Bytes));
    }

    [Fact]
    public void A_follower_that_is_told_to_stop_may_go_at_once()
    {
        (TestCluster cluster, TestNode leader) = Serving(3);
        TestNode follower = cluster.Nodes.First(node => node != leader);

        follower.Retire(cluster.Now);

        Assert.True(follower.IsRetired);
    }

    [Fact]
    public void A_leader_to_which_nobody_is_connected_may_go_at_once()
    {
        (TestCluster cluster, TestNode leader) = Serving(3);
        foreach (TestNode other in cluster.Nodes.Where(node => node != leader))
            other.Kill();
        cluster.StepFor(2);

        leader.Retire(cluster.Now);
        cluster.Step();

        Assert.True(leader.IsRetired);
    }

    [Fact]
    public void A_node_alone_finishes_what_is_under_way()
    {
        (TestCluster cluster, TestNode alone) = Serving(1);
        RawClient client = new(cluster, alone);
        client.Add(1);
        cluster.Network.DeliverAll();
        alone.Turn(cluster.Now, diskJobs: 0);

        alone.Retire(cluster.Now);
        Assert.False(alone.IsRetired);
        cluster.StepUntil(() => alone.IsRetired);

        Assert.Equal(ResponseKind.Applied, client.Answers[1].Kind);
    }

    [Fact]
    public void A_replica_that_restarts_in_place_meanwhile_retires_too()
    {
        (TestCluster cluster, TestNode leader) = Serving(3);
        leader.Restart();
        leader.Retire(cluster.Now);
        Assert.False(leader.IsRetired);

        cluster.StepUntil(() => leader.IsRetired);

        Assert.NotSame(leader, cluster.Leader());
    }

    [Fact]
    public void One_replica_that_crashes_on_the_news_does_not_keep_it_from_the_others()
    {
        Ledger ledger = new() { FailsToTransfer = true };
        TestCluster cluster = new TestCluster(1, groups: 3).Start(
            node => node.OwnProtocols = [ledger]);
        TestNode node = cluster.Nodes[0];
        foreach (ulong group in (ulong[])[1, 2, 3])
            Count(cluster, group);

        Assert.Throws<InvalidOperationException>(() => node.Retire(cluster.Now));
        ledger.FailsToTransfer = false;
        node.Restart();
        node.Retire(cluster.Now);
        Assert.False(node.IsRetired);
        cluster.StepUntil(() => node.IsRetired);

        node.Retire(cluster.Now);
        Assert.True(node.IsRetired);
    }

    [Fact]
    public void A_command_that_comes_while_leadership_moves_waits_for_who_leads_then()
    {
        (TestCluster cluster, TestNode leader) = Serving(3);
        TestNode target = cluster.Nodes.Last(node => node != leader);
        TestClient admin = cluster.Connect(leader.Id);
        RawClient client = new(cluster, leader);
        cluster.StepFor(5);

        admin.Submit(RequestKind.Transfer, "", new TransferRequest(target.Id, false));
        client.Add(1);
        cluster.StepUntil(() => client.Answers.Count == 1);

        Assert.Same(target, cluster.Leader());
        Assert.Equal(ResponseKind.NotLeader, client.Answers[1].Kind);
        Assert.Equal(
            target.Id.Number, BinaryPrimitives.ReadUInt32LittleEndian(client.Answers[1].Bytes));
    }

    [Fact]
    public void A_command_that_waits_is_done_where_the_transfer_fails()
    {
        (TestCluster cluster, TestNode leader) = Serving(3);
        TestNode target = cluster.Nodes.Last(node => node != leader);
        TestClient admin = cluster.Connect(leader.Id);
        RawClient client = new(cluster, leader);
        cluster.StepFor(5);

        admin.Submit(RequestKind.Transfer, "", new TransferRequest(target.Id, false));
        client.Add(1);
        admin.Submit(RequestKind.Transfer, "", new TransferRequest(null, IsCancel: true));
        cluster.StepUntil(() => client.Answers.Count == 1);

        Assert.Same(leader, cluster.Leader());
        Assert.Equal(ResponseKind.Applied, client.Answers[1].Kind);
    }

    private static void Count(TestCluster cluster, ulong group)
    {
        CountingClient client = new(cluster, group);
        client.Turn();
        cluster.StepUntil(client.IsIdle);
        Assert.Equal([1], client.Results);
    }

    private static (TestCluster Cluster, TestNode Leader) Serving(int nodes)
    {
        TestCluster cluster = new TestCluster(nodes).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        cluster.StepFor(200);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        return (cluster, leader);
    }
}
