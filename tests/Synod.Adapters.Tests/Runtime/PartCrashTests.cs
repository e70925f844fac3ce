using System.Text;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>The replica, which is all roles of its protocol, and the machine crash alone.</summary>
public sealed class PartCrashTests
{
    private static readonly string[] Parts = ["replica", "machine"];

    public static IEnumerable<TheoryDataRow<string, string, bool>> Cases =>
        from protocol in Protocols.Names
        from part in Parts
        from isLeader in (bool[])[true, false]
        where !isLeader || protocol is "raft" or "paxos" // the others have no leader
        select new TheoryDataRow<string, string, bool>(protocol, part, isLeader);

    [Theory]
    [MemberData(nameof(Cases))]
    [Feature("B22")]
    public void A_part_that_crashes_ten_times_a_second_costs_no_call_and_no_answer(
        string protocol, string part, bool isLeader)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        CountingClient[] counting =
            [.. Enumerable.Range(0, 4).Select(_ => new CountingClient(cluster))];
        int crashes = 0;
        for (int step = 0; step < 6_000; step++)
        {
            if (step % 100 == 99 && cluster.Serves())
            {
                TestNode? leader = cluster.Leader();
                TestNode[] nodes = [.. cluster.Nodes.Where(node => (node == leader) == isLeader)];
                crashes += Crash(nodes[step / 100 % nodes.Length], part) ? 1 : 0;
            }

            cluster.Step();
            foreach (CountingClient client in counting)
                client.Turn();
        }

        cluster.StepUntil(() => counting.All(static client => client.IsIdle()));

        // A leader that begins anew leads no more, and is not missed before a timeout.
        Assert.InRange(crashes, part == "replica" && isLeader ? 6 : 50, 60);
        CheckAll(cluster, counting);
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("B22")]
    public void Each_part_of_each_node_crashes_in_turn_and_nothing_is_lost(string protocol)
    {
        TestCluster cluster = new TestCluster(3) { HasSlowDisks = true }.Start(protocol);
        CountingClient[] counting =
            [.. Enumerable.Range(0, 4).Select(_ => new CountingClient(cluster))];
        for (int step = 0; step < 12_000; step++)
        {
            if (step % 100 == 99)
                Crash(cluster.Nodes[step / 100 % 3], Parts[step / 300 % 2]);
            cluster.Step();
            foreach (CountingClient client in counting)
                client.Turn();
        }

        cluster.StepUntil(() => counting.All(static client => client.IsIdle()));
        CheckAll(cluster, counting);
    }

    // Without an order there is nothing to make anew: states are learned whole.
    [Theory]
    [ClassData(typeof(EachOrderedProtocol))]
    [Feature("B22")]
    public void A_machine_is_made_anew_from_the_disk_while_the_replica_goes_on(string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(node =>
        {
            node.Protocol = protocol;
            node.LogOptions = node.LogOptions with { WindowBytes = 16 << 10 };
        });
        CountingClient client = new(cluster);
        Count(cluster, client, 600);
        TestNode leader = cluster.Leader() ?? cluster.Nodes[0];
        Life life = cluster.Ask(leader).Life;
        long term = cluster.Ask(leader).Term;
        KernelRole role = cluster.Ask(leader).Role;

        leader.HoldsReads = true;
        Assert.True(leader.RestartMachine());
        client.Turn();
        cluster.StepFor(500);

        ReplicaStatus dead = cluster.Ask(leader);
        Assert.Equal((role, life, term), (dead.Role, dead.Life, dead.Term));
        Assert.True(dead.Applied < 600, $"{dead.Applied} without the disk");
        Assert.All(
            cluster.Nodes.Where(node => node != leader),
            node => Assert.Equal(601, cluster.Ask(node).Applied));
        leader.HoldsReads = false;
        cluster.StepUntil(() => client.IsIdle() && leader.Counters.Applied == 601);
        Assert.Equal(601, client.Results[^1]);
        Assert.Equal(1, leader.Counters.MachineRestarts);
        Assert.Equal(601, leader.Counters.Applied);
        CheckAll(cluster, [client]);
    }

    [Fact]
    [Feature("B22")]
    public void Reads_wait_for_a_machine_that_is_made_anew_and_local_ones_go_elsewhere()
    {
        TestCluster cluster = new TestCluster(1).Start(static node =>
            node.LogOptions = node.LogOptions with { WindowBytes = 16 << 10 });
        TestNode node = cluster.Nodes[0];
        Count(cluster, new CountingClient(cluster), 600);
        RawClient client = new(cluster, node);

        node.HoldsReads = true;
        Assert.True(node.RestartMachine());
        client.Ask(1, RequestKind.LocalQuery, "k");
        client.Ask(2, RequestKind.Query, "k");
        client.Watch(3, "k");
        cluster.StepFor(100);

        Assert.Equal([1, 3], client.Answers.Keys);
        Assert.All(client.Answers.Values, static answer => Assert.Equal(
            (ResponseKind.Unavailable, "The machine of g1 begins anew on n1."),
            (answer.Kind, Encoding.UTF8.GetString(answer.Bytes))));
        node.HoldsReads = false;
        cluster.StepUntil(() => client.Answers.ContainsKey(2));
        Assert.Equal(600, BitConverter.ToInt64(client.Answers[2].Bytes));
    }

    [Fact]
    [Feature("B22")]
    public void A_machine_that_crashes_while_it_is_made_anew_begins_again()
    {
        TestCluster cluster = new TestCluster(1).Start();
        CountingClient client = new(cluster);
        Count(cluster, client, 700);
        TestNode node = cluster.Nodes[0];

        for (int crash = 0; crash < 5; crash++)
        {
            Assert.True(node.RestartMachine());
            cluster.Step();
            Assert.InRange(cluster.Ask(node).Applied, 1, 700);
        }

        Count(cluster, client, 1);
        Assert.Equal(701, client.Results[^1]);
        Assert.Equal(701, cluster.Ask(node).Applied);
    }

    [Fact]
    [Feature("A07")]
    public void A_copy_of_a_command_has_its_result_from_the_machine_that_was_made_anew()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestNode node = cluster.Nodes[0];
        cluster.StepUntil(() => cluster.Leader() is not null);
        RawClient client = new(cluster, node);
        client.Add(1);
        cluster.StepUntil(() => client.Answers.Count == 1);
        CountingClient other = new(cluster);
        Count(cluster, other, 3);

        node.RestartMachine();
        client.Add(2);
        cluster.StepUntil(() => client.Answers.Count == 2);

        Assert.Equal(1, BitConverter.ToInt64(client.Answers[2].Bytes));
        Assert.Equal(4, cluster.Ask(node).Applied);
    }

    [Fact]
    public void Before_there_is_a_machine_none_can_crash()
    {
        TestCluster cluster = new TestCluster(3).Start();
        Assert.False(cluster.Nodes[0].RestartMachine());

        cluster.StepUntil(() => cluster.Leader() is not null);
        Assert.True(cluster.Nodes[0].RestartMachine());
        Assert.False(cluster.Nodes[0].RestartMachine(group: 9));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_applied_is_kept_in_order_and_in_few_bytes(ulong seed)
    {
        SeededRandom random = new(seed);
        AppliedCommands applied = new();
        List<Payload> expected = [];
        long record = 0;
        for (int item = 0; item < 100_000; item++)
        {
            bool isUsual = random.Chance(99, 100);
            record = isUsual ? record + 1 : 1 + random.Below(1L << 40);
            expected.Add(Payload.Logged(
                new RecordNumber(record),
                isUsual ? 21 : (int)random.Below(int.MaxValue),
                isUsual ? 90 : (int)random.Below(int.MaxValue)));
            applied.Add(expected[^1]);
        }

        List<Payload> read = [];
        AppliedCommands.Place place = AppliedCommands.Start;
        while (applied.TryNext(place, out Payload command, out place))
            read.Add(command);

        Assert.Equal(expected, read);
        Assert.Equal(100_000, applied.Count);
    }

    private static bool Crash(TestNode node, string part)
    {
        if (part == "machine")
            return node.RestartMachine();

        node.Restart();
        return true;
    }

    private static void CheckAll(TestCluster cluster, CountingClient[] counting)
    {
        int acknowledged = CountingClient.Check(cluster, counting);
        Assert.True(acknowledged > 100, $"only {acknowledged} acknowledged");
        Assert.All(
            counting, static client => Assert.Equal((0, 0), (client.Unknown, client.Refused)));
        Assert.All(cluster.Nodes, static node => Assert.Empty(node.Notices.Violations));
        cluster.StepUntil(() => cluster.Nodes
            .Select(node => cluster.Ask(node))
            .Select(static status => (status.Applied, status.Digest))
            .Distinct()
            .Count() == 1);
    }

    private static void Count(TestCluster cluster, CountingClient client, int times)
    {
        for (int time = 0; time < times; time++)
        {
            client.Turn();
            cluster.StepUntil(client.IsIdle);
        }
    }
}
