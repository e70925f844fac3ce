using Synod.Abstractions;
using Synod.Kernel;
using Synod.Raft;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Storage;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Which reads are answered by whom, and when.</summary>
public class ReadTests
{
    private static readonly LeaseTerms Lease = new() { Promise = TimeSpan.FromMilliseconds(300) };

    [Fact]
    [Feature("A15")]
    public void A_member_alone_reads_and_its_log_does_not_grow()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestClient client = cluster.Connect();
        Add(cluster, client);
        ReplicaStatus before = cluster.Ask(cluster.Nodes[0]);

        for (int read = 0; read < 10; read++)
            Assert.Equal(1, Get(cluster, client));

        ReplicaStatus after = cluster.Ask(cluster.Nodes[0]);
        Assert.Equal((before.Last, before.Committed), (after.Last, after.Committed));
    }

    [Fact]
    [Feature("A16")]
    public void Without_its_followers_a_leader_reads_until_its_lease_ends_and_no_longer()
    {
        TestCluster cluster = new TestCluster(3).Start(static node => node.Lease = Lease);
        (TestClient client, Instant alone) = LeaveLeaderAlone(cluster);
        cluster.StepUntil(() => cluster.Now >= alone + (Lease.Length / 2));

        (ResponseKind kind, _) = Get(cluster, client, 10);
        Assert.Equal(ResponseKind.Applied, kind);
        cluster.StepUntil(() => cluster.Now >= alone + Lease.Length);
        (kind, _) = Get(cluster, client, 10_000);
        Assert.NotEqual(ResponseKind.Applied, kind);
    }

    [Fact]
    [Feature("A16")]
    public void A_margin_as_long_as_the_promise_leaves_a_leader_without_a_lease()
    {
        LeaseTerms never = Lease with { Margin = Lease.Promise };
        TestCluster cluster = new TestCluster(3).Start(node => node.Lease = never);
        (TestClient client, _) = LeaveLeaderAlone(cluster);

        (ResponseKind kind, _) = Get(cluster, client, 10_000);

        Assert.NotEqual(ResponseKind.Applied, kind);
    }

    [Fact]
    [Feature("A17")]
    public void Every_member_answers_near_queries_and_none_writes_a_log_entry()
    {
        TestCluster cluster = new TestCluster(3).Start();
        Add(cluster, cluster.Connect());
        foreach (TestNode node in cluster.Nodes)
        {
            TestClient client = cluster.Connect(node.Id);
            ReplicaStatus before = cluster.Ask(node);

            for (int add = 0; add < 3; add++)
                Assert.Equal(1, Near(cluster, client));
            Assert.Equal(before.Last, cluster.Ask(node).Last);
        }
    }

    [Fact]
    [Feature("A17")]
    public void A_near_query_sees_what_was_acknowledged_elsewhere_before_it()
    {
        TestCluster cluster = new TestCluster(3).Start();
        TestClient writer = cluster.Connect();
        TestClient[] readers = [.. cluster.Nodes.Select(node => cluster.Connect(node.Id))];
        for (int value = 1; value <= 30; value++)
        {
            Add(cluster, writer);

            Assert.Equal(value, Near(cluster, readers[value % 3]));
        }
    }

    [Fact]
    [Feature("A17")]
    public void A_leader_that_is_cut_off_answers_nobody()
    {
        TestCluster cluster = new TestCluster(3).Start();
        (TestClient client, _) = LeaveLeaderAlone(cluster);

        (ResponseKind kind, _) = Ask(cluster, client, RequestKind.NearQuery);

        Assert.NotEqual(ResponseKind.Applied, kind);
    }

    [Fact]
    [Feature("A19")]
    public void Every_member_answers_local_queries_without_a_majority()
    {
        TestCluster cluster = new TestCluster(3).Start();
        Add(cluster, cluster.Connect());
        cluster.StepFor(200);
        long added = 1;
        foreach (TestNode alone in cluster.Nodes)
        {
            foreach (TestNode other in cluster.Nodes.Where(node => node != alone))
                other.Kill();
            TestClient client = cluster.Connect(alone.Id);

            (ResponseKind kind, byte[] bytes) = Ask(cluster, client, RequestKind.LocalQuery);
            Assert.Equal(ResponseKind.Applied, kind);
            Assert.Equal(added++, new Counter().Decode<long>(new GetValue(), bytes));
            (kind, _) = Ask(cluster, client, RequestKind.Query);
            Assert.NotEqual(ResponseKind.Applied, kind);
            foreach (TestNode other in cluster.Nodes.Where(node => node != alone))
                other.Start(cluster.Now);
            Add(cluster, cluster.Connect());
            Assert.Equal(added, Near(cluster, client));
            cluster.StepFor(200);
        }
    }

    // A thread may stand still between the two, and what comes in meanwhile may have been asked
    // for after a lease had ended by the clock that was read before.
    [Fact]
    [Rule(RaftRules.LeaseRead)]
    public void What_comes_in_after_the_clock_was_read_waits_for_the_next_turn()
    {
        InProcessNetwork network = new(1) { IsStepwise = true };
        PeerIdentity self = new(new MemberIdentity(new NodeId(1), new Incarnation(1)), new Boot(1));
        NodeOptions options = new() { Cluster = network.Cluster, Identity = self, Seed = 1 };
        ShardInbox inbox = new(options.InboxBytesMax, static () => { });
        using InProcessTransport transport = network.Join(self);
        using FileLog log = FileLog.Open(
            new MemoryBlockDevice(), new FileLogOptions(), static () => { });
        Shard shard = new(options, new ShardPorts(log, transport, inbox, new Notices()));
        shard.Start(default);

        shard.Turn(() =>
        {
            inbox.PeerDown(new NodeId(2));
            return new Instant(1);
        });

        Assert.False(inbox.IsEmpty);
    }

    private static void Add(TestCluster cluster, TestClient client) =>
        cluster.Call(client, RequestKind.Command, "k", new Add(1));

    private static long Get(TestCluster cluster, TestClient client)
    {
        (ResponseKind kind, byte[] bytes) = Get(cluster, client, 10_000);
        Assert.Equal(ResponseKind.Applied, kind);
        return new Counter().Decode<long>(new GetValue(), bytes);
    }

    private static long Near(TestCluster cluster, TestClient client)
    {
        (ResponseKind kind, byte[] bytes) = Ask(cluster, client, RequestKind.NearQuery);
        Assert.Equal(ResponseKind.Applied, kind);
        return new Counter().Decode<long>(new GetValue(), bytes);
    }

    private static (ResponseKind Kind, byte[] Bytes) Ask(
        TestCluster cluster, TestClient client, RequestKind kind) =>
        cluster.Call(client, kind, "k", new GetValue());

    private static (ResponseKind Kind, byte[] Bytes) Get(
        TestCluster cluster, TestClient client, int milliseconds)
    {
        long call = client.Submit(RequestKind.Query, "k", new GetValue());
        (ResponseKind kind, byte[] bytes) = (default, []);
        cluster.StepUntil(() => client.TryTake(call, out kind, out bytes), milliseconds);
        return (kind, bytes);
    }

    // A client that knows the leader alone, and the time at which that was left alone.
    private static (TestClient Client, Instant Alone) LeaveLeaderAlone(TestCluster cluster)
    {
        Add(cluster, cluster.Connect());
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        TestClient client = cluster.Connect(leader.Id);
        Get(cluster, client);
        foreach (TestNode node in cluster.Nodes)
        {
            if (node != leader)
                node.Kill();
        }

        return (client, cluster.Now);
    }
}
