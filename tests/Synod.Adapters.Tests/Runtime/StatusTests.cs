using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

public sealed class StatusTests
{
    [Fact]
    [Feature("B28")]
    public void Every_member_says_all_of_itself()
    {
        TestCluster cluster = new TestCluster(3).Start();
        Add(cluster, cluster.Connect(), times: 2);
        Add(cluster, cluster.Connect(), times: 1);
        cluster.StepFor(200);
        TestNode leader = Leader(cluster);

        foreach (TestNode node in cluster.Nodes)
        {
            ReplicaStatus status = cluster.Ask(node);

            Assert.Equal(node == leader, status.Role == KernelRole.Leading);
            Assert.Equal(node == leader ? [] : null, status.Unresponsive);
            Assert.Equal(cluster.Nodes.Select(static node => node.Id), NodesOf(status));
            Assert.Equal(Expected(status, node, leader), status);
        }
    }

    [Fact]
    [Feature("B28")]
    public void A_leader_names_who_does_not_answer()
    {
        TestCluster cluster = new TestCluster(3).Start();
        Add(cluster, cluster.Connect(), times: 1);
        TestNode leader = Leader(cluster);
        TestNode silent = cluster.Nodes.First(node => node != leader);

        silent.Kill();
        cluster.StepFor(700);
        IReadOnlyList<NodeId>? lost = cluster.Ask(leader).Unresponsive;
        silent.Start(cluster.Now);
        cluster.StepFor(700);

        Assert.Equal([silent.Id], lost);
        Assert.Equal([], cluster.Ask(leader).Unresponsive);
    }

    [Fact]
    [Feature("B28")]
    public void Boots_and_lives_are_counted()
    {
        TestCluster cluster = new TestCluster(1).Start();
        Add(cluster, cluster.Connect(), times: 1);
        TestNode node = cluster.Nodes[0];

        node.Restart();
        cluster.StepFor(100);
        ReplicaStatus second = cluster.Ask(node);
        node.Kill();
        node.Start(cluster.Now);
        ReplicaStatus reborn = cluster.Ask(node);

        Assert.Equal((new Boot(1), new Life(2)), (second.Boot, second.Life));
        Assert.Equal((new Boot(2), new Life(1)), (reborn.Boot, reborn.Life));
        Assert.True(reborn.Uptime < second.Uptime);
    }

    [Fact]
    [Feature("B28")]
    public void What_waits_for_an_answer_is_counted()
    {
        TestCluster cluster = new TestCluster(3).Start();
        Add(cluster, cluster.Connect(), times: 1);
        TestNode leader = Leader(cluster);
        foreach (TestNode node in cluster.Nodes.Where(node => node != leader))
            node.IsPaused = true;
        TestClient client = cluster.Connect(leader.Id);

        long call = client.Submit(RequestKind.Command, "k", new Add(1));
        cluster.StepFor(5);
        ReplicaStatus waiting = cluster.Ask(leader);
        cluster.StepUntil(() => client.TryTake(call, out _, out _), 30_000);

        Assert.Equal(1, waiting.PendingRequests);
        Assert.InRange(waiting.PendingBytes, 40, 100);
        Assert.Equal((0, 0), Pending(cluster.Ask(leader)));
    }

    // What differs from member to member and run to run is taken from the status itself.
    private static ReplicaStatus Expected(ReplicaStatus status, TestNode node, TestNode leader) =>
        status with
        {
            Group = new GroupId(1),
            Node = node.Id,
            Incarnation = node.Incarnation,
            Boot = new Boot(1),
            Life = new Life(1),
            Leader = leader.Id,
            Protocol = "raft",
            Epoch = node.Notices.Epoch?.Id ?? default,
            Machine = "counter",
            MachineVersion = 1,
            MachineFailure = null,
            Durability = Durability.Fsync,
            Term = leader.Notices.Status.Term,

            // The leader's own entry and three commands of two clients.
            Last = 4,
            Committed = 4,
            Durable = 4,
            FirstKept = 1,
            Snapshot = 0,
            Applied = 3,
            Sessions = 2,
            Watches = 0,
            PendingRequests = 0,
            PendingBytes = 0,
            Pressure = StoragePressure.None,
            Log = status.Log with
            {
                Segments = 2,
                RoomBytes = 2 * node.LogOptions.SegmentBytes,
                CapacityBytes = node.LogOptions.CapacityBytes,
                Damage = null,
            },
            Poison = null,
        };

    private static TestNode Leader(TestCluster cluster)
    {
        cluster.StepUntil(() => cluster.Leader() is not null);
        return cluster.Leader() ?? cluster.Nodes[0];
    }

    private static (long, long) Pending(ReplicaStatus status) =>
        (status.PendingRequests, status.PendingBytes);

    private static IEnumerable<NodeId> NodesOf(ReplicaStatus status) =>
        status.Members.Select(static member => member.Node);

    private static void Add(TestCluster cluster, TestClient client, int times)
    {
        for (int time = 0; time < times; time++)
        {
            (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));
            Assert.Equal(ResponseKind.Applied, kind);
        }
    }
}
