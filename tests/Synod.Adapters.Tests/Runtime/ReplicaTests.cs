using System.Buffers.Binary;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Samples.QueueWithLength;
using Synod.Storage;

namespace Synod.Adapters.Tests.Runtime;

public sealed class ReplicaTests
{
    [Fact]
    [Feature("A05")]
    public void A_command_is_answered_with_the_result_that_the_machine_defines()
    {
        TestCluster cluster = new TestCluster(3, machine: new QueueWithLength()).Start();
        TestClient client = cluster.Connect();
        QueueWithLength machine = new();

        Assert.Equal(0, Run<long>(new Enqueue("a")));
        Assert.Equal(1, Run<long>(new Enqueue("b")));
        Assert.Equal("a", Run<string?>(new Dequeue()));
        Assert.Equal("b", Run<string?>(new Dequeue()));
        Assert.Null(Run<string?>(new Dequeue()));

        TResult Run<TResult>(ICommand<TResult> command)
        {
            (ResponseKind kind, byte[] bytes) =
                cluster.Call(client, RequestKind.Command, "queue", command);
            Assert.Equal(ResponseKind.Applied, kind);
            return machine.Decode<TResult>(command, bytes);
        }
    }

    [Fact]
    [Feature("A13")]
    public void Without_a_leader_the_hint_is_empty()
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode? leader = cluster.Leader();
        TestNode[] followers = [.. cluster.Nodes.Where(node => node != leader)];
        TestNode last = followers[0];
        followers[1].IsPaused = true;
        leader?.Kill();
        cluster.StepFor(3_000);
        RawClient client = new(cluster, last);

        client.Add(1);
        cluster.StepUntil(() => client.Answers.Count == 1);

        Assert.Equal(ResponseKind.NotLeader, client.Answers[1].Kind);
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(client.Answers[1].Bytes));
    }

    [Fact]
    [Feature("A12")]
    public void A_follower_names_the_leader_and_following_the_hint_succeeds()
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        cluster.StepFor(200);
        TestNode follower = cluster.Nodes.First(node => node != leader);
        TestClient stranded = cluster.Connect(follower.Id);

        (ResponseKind kind, byte[] hint) =
            cluster.Call(stranded, RequestKind.Command, "k", new Add(1));

        Assert.Equal(ResponseKind.NotLeader, kind);
        Assert.Equal(leader.Id.Number, BinaryPrimitives.ReadUInt32LittleEndian(hint));
        TestClient routed = cluster.Connect(follower.Id, leader.Id);
        (kind, _) = cluster.Call(routed, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
        Assert.Equal(1, cluster.Ask(leader).Applied);
    }

    [Fact]
    [Feature("A06")]
    public void Without_a_quorum_a_command_is_unknown_in_time_and_happens_at_most_once()
    {
        TestCluster cluster = new TestCluster(3).Start();
        TestClient client = cluster.Connect();
        Assert.Equal(1, Add(cluster, client));
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        TestNode[] others = [.. cluster.Nodes.Where(node => node != leader)];
        foreach (TestNode other in others)
            other.IsPaused = true;

        Instant begun = cluster.Now;
        (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));

        Assert.Equal(ResponseKind.Unknown, kind);
        Assert.True(cluster.Now - begun <= TimeSpan.FromMilliseconds(5_002));
        foreach (TestNode other in others)
            other.IsPaused = false;
        long value = Add(cluster, client);
        Assert.InRange(value, 2, 3);
        cluster.StepFor(2_000);
        Assert.Equal(value + 1, Add(cluster, client));
    }

    [Fact]
    public void Nothing_is_acknowledged_while_no_flush_ends()
    {
        TestCluster cluster = new TestCluster(3).Start();
        TestClient client = cluster.Connect();
        Assert.Equal(1, Add(cluster, client));
        long call = client.Submit(RequestKind.Command, "k", new Add(1));

        for (int step = 0; step < 50; step++)
        {
            cluster.Network.DeliverAll();
            foreach (TestNode node in cluster.Nodes)
                node.Turn(cluster.Now, diskJobs: 0);
        }

        Assert.False(client.TryTake(call, out ResponseKind _, out byte[] _));
        cluster.StepUntil(() => client.TryTake(call, out ResponseKind _, out byte[] _));
    }

    [Fact]
    public void A_failed_flush_ends_the_node_before_it_acknowledges_anything_more()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestClient client = cluster.Connect();
        Assert.Equal(1, Add(cluster, client));
        long call = client.Submit(RequestKind.Command, "k", new Add(1));
        cluster.Nodes[0].Disk.Fail(DiskJobKind.Flush);

        LogException failure = Assert.Throws<LogException>(() => cluster.StepFor(10));

        Assert.Contains("flush", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.False(client.TryTake(call, out ResponseKind _, out byte[] _));
    }

    [Fact]
    public void A_machine_that_throws_stops_and_says_so_while_votes_go_on()
    {
        TestCluster cluster = new TestCluster(3, machine: new Fragile()).Start();
        TestClient client = cluster.Connect();

        (ResponseKind kind, byte[] bytes) =
            cluster.Call(client, RequestKind.Command, "k", new Break());
        Assert.Equal(ResponseKind.Unknown, kind);
        (kind, bytes) = cluster.Call(client, RequestKind.Command, "k", new Break());

        Assert.Equal(ResponseKind.Unavailable, kind);
        string reason = Encoding.UTF8.GetString(bytes);
        Assert.Contains("'fragile' failed", reason, StringComparison.Ordinal);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        leader.Kill();
        cluster.StepUntil(() => cluster.Leader() is not null);
    }

    [Fact]
    public void A_restart_with_another_machine_is_refused_by_name()
    {
        TestCluster cluster = new TestCluster(1).Start();
        Assert.Equal(1, Add(cluster, cluster.Connect()));
        cluster.Nodes[0].Kill();
        TestNode other = new(cluster.Network, new NodeId(1), 1) { Machine = new Fragile() };
        foreach (DiskFile file in cluster.Nodes[0].Disk.List())
            other.Disk.Plant(file.Name, cluster.Nodes[0].Disk.Bytes(file.Name));

        LogException refusal = Assert.Throws<LogException>(() => other.Start(cluster.Now));

        Assert.Contains("'counter' version 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'fragile' version 1", refusal.Message, StringComparison.Ordinal);
    }

    private static long Add(TestCluster cluster, TestClient client)
    {
        (ResponseKind kind, byte[] bytes) =
            cluster.Call(client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private sealed record Break : ICommand<long>;

    private sealed class Fragile : KeyedMachine<long>
    {
        public Fragile()
            : base("fragile", Codec.Number, absent: 0) => Command<Break, long>(
                tag: 1,
                Codec.Empty(new Break()),
                Codec.Number,
                static (in context, key, state, command) =>
                    throw new InvalidOperationException("It broke."));
    }
}
