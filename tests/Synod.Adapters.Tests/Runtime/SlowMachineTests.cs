using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A machine that takes its time holds up neither the protocol nor, for long, who calls:
/// what would have to wait too long is refused at once.</summary>
public sealed class SlowMachineTests
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(120);

    private static readonly TimeSpan PendingTimeMax = new GroupOptions
    {
        Id = default,
        Protocol = new Raft.RaftProtocol(new Raft.RaftOptions()),
        Members = [],
        Machine = new Counter(),
    }.PendingTimeMax;

    [Theory]
    [ClassData(typeof(EachProtocol))]
    public void A_turn_ends_soon_and_the_next_one_goes_on(string protocol)
    {
        (TestCluster cluster, TestNode node) = Start(TimeSpan.FromMilliseconds(1), protocol);
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 100);

        TimeSpan longest = TimeSpan.Zero;
        while (client.Answers.Count < 100)
        {
            TimeSpan before = node.Spent;
            node.Turn(cluster.Now);
            cluster.Network.DeliverAll();
            TimeSpan turn = node.Spent - before;
            longest = turn > longest ? turn : longest;

            // Nothing else wakes the node: the machine has more to do.
            if (turn.TotalMilliseconds >= 5 && node.Spent.TotalMilliseconds < 100)
                Assert.True(node.Next <= cluster.Now);
        }

        Assert.InRange(longest.TotalMilliseconds, 5, 10);
        Assert.Equal(100, node.Counters.Applied);
    }

    [Fact]
    public void What_is_left_unread_is_read_by_the_next_turn_at_once()
    {
        TestCluster cluster = new TestCluster(1).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode node = cluster.Nodes[0];
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 500);
        node.LookTakes = TimeSpan.FromMilliseconds(1);

        node.Turn(cluster.Now);
        Instant afterPart = node.Next;
        node.LookTakes = TimeSpan.Zero;
        node.Turn(cluster.Now);

        Assert.True(afterPart <= cluster.Now + node.Spent);
        Assert.Equal(500, node.Counters.Proposals);
    }

    // How many items there are does not matter: the pace of a quick machine is not that of turns.
    [Fact]
    public void A_turn_does_what_there_is_time_for()
    {
        (TestCluster cluster, TestNode node) = Start(TimeSpan.FromMicroseconds(1), "raft");
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 2_000);
        long before = 0;
        long most = 0;
        while (client.Answers.Count < 2_000)
        {
            node.Turn(cluster.Now);
            cluster.Network.DeliverAll();
            most = Math.Max(most, node.Counters.Applied - before);
            before = node.Counters.Applied;
        }

        Assert.InRange(most, 1_000, 2_000);
    }

    [Fact]
    public void A_group_that_is_behind_holds_up_no_other()
    {
        TestCluster cluster = new(1, groups: 2);
        TestNode node = cluster.Nodes[0];
        node.Machine = Slow(node, static () => TimeSpan.FromMicroseconds(10));
        cluster.Start();
        cluster.StepFor(1_000);
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 20_000);
        cluster.StepUntil(() => client.Answers.Count == 20_000);
        Assert.True(node.RestartMachine(group: 1));
        TimeSpan begun = node.Spent;
        for (int call = 20_001; call <= 21_000; call++)
            client.Add(call, size: 0, group: 2);
        cluster.Network.DeliverAll();

        cluster.StepUntil(() => client.Answers.Count == 21_000);

        // It has had half of the time: the other one is far from its end.
        Assert.InRange((node.Spent - begun).TotalMilliseconds, 15, 40);
        Assert.All(client.Answers.Values, static answer =>
            Assert.Equal(ResponseKind.Applied, answer.Kind));
    }

    [Fact]
    public void The_machines_of_all_groups_share_the_time_of_a_turn()
    {
        const int Groups = 20;
        TestCluster cluster = new(1, groups: Groups);
        TestNode node = cluster.Nodes[0];
        node.Machine = Slow(node, static () => TimeSpan.FromMilliseconds(1));
        cluster.Start();
        cluster.StepFor(1_000);
        using RawClient client = new(cluster, node);
        for (int number = 1; number <= 10 * Groups; number++)
            client.Add(number, size: 0, (ulong)(1 + (number % Groups)));
        cluster.Network.DeliverAll();

        TimeSpan longest = TimeSpan.Zero;
        while (client.Answers.Count < 10 * Groups)
        {
            TimeSpan before = node.Spent;
            node.Turn(cluster.Now);
            cluster.Network.DeliverAll();
            longest = node.Spent - before > longest ? node.Spent - before : longest;
        }

        // Each of them does one thing in any case.
        Assert.InRange(longest.TotalMilliseconds, Groups, Groups + 6);
    }

    [Theory]
    [InlineData("raft", 1)]
    [InlineData("raft", 10)]
    [InlineData("raft", 100)]
    [InlineData("paxos", 10)]
    [InlineData("epaxos", 10)]
    [InlineData("register", 10)]
    public void What_would_wait_longer_than_allowed_is_refused(string protocol, int milliseconds)
    {
        TimeSpan each = TimeSpan.FromMilliseconds(milliseconds);
        int allowed = (int)(PendingTimeMax / each);
        (TestCluster cluster, TestNode node) = Start(each, protocol);
        using RawClient client = new(cluster, node);

        // The pace is known when the machine has been behind for a while.
        int first = Math.Max(20, allowed / 2);
        Add(cluster, client, from: 1, count: first);
        cluster.StepUntil(() => node.Spent > AWhile && client.Answers.Count >= 16);
        TimeSpan begun = node.Spent;
        Add(cluster, client, from: first + 1, count: 10 * allowed);
        cluster.StepUntil(() => client.Answers.Count == first + (10 * allowed));

        int refused = client.Answers.Values.Count(
            static answer => answer.Kind == ResponseKind.Overloaded);
        int done = client.Answers.Values.Count(
            static answer => answer.Kind == ResponseKind.Applied);
        Assert.Equal(client.Answers.Count, refused + done);
        Assert.InRange(refused, 9 * allowed, 10 * allowed);
        Assert.Equal(done, node.Counters.Applied);
        Assert.InRange(
            node.Spent - begun, TimeSpan.Zero, PendingTimeMax + (first * each));
    }

    // As when code runs for the first time and is compiled, or the process stands still.
    [Fact]
    public void One_slow_turn_is_no_reason_to_refuse()
    {
        bool isSlow = true;
        TimeSpan pause = 3 * PendingTimeMax;
        (TestCluster cluster, TestNode node) =
            Start(() => isSlow ? pause : TimeSpan.FromMicroseconds(100), "raft");
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 100);
        cluster.StepUntil(() => client.Answers.Count > 0);
        isSlow = false;
        node.LookTakes = pause;
        Add(cluster, client, from: 101, count: 100);
        node.Turn(cluster.Now);
        node.LookTakes = TimeSpan.Zero;
        for (int more = 201; more <= 1001; more += 100)
        {
            Add(cluster, client, from: more, count: 100);
            node.Turn(cluster.Now);
        }

        cluster.StepUntil(() => client.Answers.Count == 1100);

        Assert.All(client.Answers.Values, static answer =>
            Assert.Equal(ResponseKind.Applied, answer.Kind));
    }

    // Answers that cost the machine nothing say nothing about its pace.
    [Fact]
    public void Local_queries_do_not_make_it_seem_quick()
    {
        (TestCluster cluster, TestNode node) = Start(TimeSpan.FromMilliseconds(10), "raft");
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 40);
        for (int ask = 1001; node.Spent < AWhile; ask += 100)
        {
            for (int query = ask; query < ask + 100; query++)
                client.Ask(query, RequestKind.LocalQuery, "k");
            cluster.Network.DeliverAll();
            node.Turn(cluster.Now);
        }

        Add(cluster, client, from: 41, count: 500);
        cluster.StepUntil(() => client.Answers.Keys.Count(static call => call <= 540) == 540);

        Assert.InRange(
            client.Answers.Values.Count(static one => one.Kind == ResponseKind.Overloaded),
            450,
            500);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    public void A_leader_stays_leader_however_slow_its_machine(int milliseconds)
    {
        TestCluster cluster = new TestCluster(3).Start(node =>
            node.Machine = Slow(node, () => TimeSpan.FromMilliseconds(milliseconds)));
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        cluster.StepFor(50);
        long term = leader.Notices.Status.Term;
        using RawClient client = new(cluster, leader);
        Add(cluster, client, from: 1, count: 50);
        cluster.StepUntil(() => client.Answers.Count == 50);

        Assert.Equal(leader, cluster.Leader());
        Assert.Equal(term, leader.Notices.Status.Term);
    }

    [Fact]
    public void When_it_has_caught_up_it_takes_everything_again()
    {
        (TestCluster cluster, TestNode node) = Start(TimeSpan.FromMilliseconds(10), "raft");
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 40);
        cluster.StepUntil(() => node.Spent > AWhile);
        Add(cluster, client, from: 41, count: 100);
        cluster.StepUntil(() => client.Answers.Count == 140);
        Assert.Contains(
            client.Answers.Values, static answer => answer.Kind == ResponseKind.Overloaded);

        Add(cluster, client, from: 141, count: 40);
        cluster.StepUntil(() => client.Answers.Count == 180);

        Assert.All(
            client.Answers.Where(static answer => answer.Key > 140),
            static answer => Assert.Equal(ResponseKind.Applied, answer.Value.Kind));
    }

    [Fact]
    public void A_machine_that_is_made_anew_is_behind_by_what_it_has_still_to_do_again()
    {
        TimeSpan each = TimeSpan.FromMilliseconds(10);
        (TestCluster cluster, TestNode node) = Start(each, "raft");
        using RawClient client = new(cluster, node);
        for (int from = 1; from <= 200; from += 20)
        {
            Add(cluster, client, from, count: 20);
            cluster.StepUntil(() => client.Answers.Count == from + 19);
        }

        TimeSpan begun = node.Spent;
        Assert.True(node.RestartMachine());
        cluster.StepUntil(() => node.Spent - begun > AWhile);
        Add(cluster, client, from: 201, count: 1);
        cluster.StepUntil(() => node.Spent - begun >= 190 * each);
        Add(cluster, client, from: 202, count: 1);
        cluster.StepUntil(() => client.Answers.Count == 202);

        Assert.All(
            client.Answers.Where(static answer => answer.Key <= 200),
            static answer => Assert.Equal(ResponseKind.Applied, answer.Value.Kind));
        Assert.Equal(ResponseKind.Overloaded, client.Answers[201].Kind);
        Assert.Equal(ResponseKind.Applied, client.Answers[202].Kind);
    }

    [Fact]
    public void All_that_members_say_is_read_before_the_turn_ends()
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        TestNode other = cluster.Nodes.First(node => node != leader);
        for (int frame = 0; frame < 100; frame++)
            other.Send(leader.Id, [0xFF]);
        cluster.Network.DeliverAll();

        leader.LookTakes = TimeSpan.FromMilliseconds(10);
        leader.Turn(cluster.Now);

        Assert.Equal(100, leader.Notices.Violations.Count);
    }

    [Fact]
    public void What_members_say_does_not_wait_for_what_clients_want()
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        cluster.StepFor(50);
        using RawClient client = new(cluster, leader);
        Add(cluster, client, from: 1, count: 1);
        leader.Turn(cluster.Now);
        Add(cluster, client, from: 2, count: 500);
        foreach (TestNode node in cluster.Nodes.Where(node => node != leader))
        {
            node.Turn(cluster.Now);
            node.Turn(cluster.Now);
        }

        cluster.Network.DeliverAll();
        leader.LookTakes = TimeSpan.FromMilliseconds(1);
        leader.Turn(cluster.Now);
        leader.LookTakes = TimeSpan.Zero;
        cluster.Network.DeliverAll();

        // The answers of its members lay behind five hundred requests, most of which wait.
        Assert.Equal(ResponseKind.Applied, client.Answers[1].Kind);
        Assert.Equal(1, leader.Counters.Applied);
        cluster.StepUntil(() => client.Answers.Count == 501);
        Assert.All(client.Answers.Values, static answer =>
            Assert.Equal(ResponseKind.Applied, answer.Kind));
    }

    [Fact]
    public void What_was_not_read_for_too_long_is_refused()
    {
        TestCluster cluster = new TestCluster(1).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode node = cluster.Nodes[0];
        using RawClient client = new(cluster, node);
        Add(cluster, client, from: 1, count: 500);

        node.LookTakes = PendingTimeMax / 4;
        cluster.StepUntil(() => client.Answers.Count == 500);

        int refused = client.Answers.Values.Count(
            static answer => answer.Kind == ResponseKind.Overloaded);
        Assert.InRange(refused, 300, 499);
        Assert.Equal(500 - refused, node.Counters.Applied);
    }

    [Fact]
    public void No_time_at_all_can_be_allowed_and_none_below()
    {
        GroupOptions none = new()
        {
            Id = new GroupId(1),
            Protocol = new Raft.RaftProtocol(new Raft.RaftOptions()),
            Members = [new NodeId(1)],
            Machine = new Counter(),
            RequestBytesMax = 32 << 10,
            PendingTimeMax = -TimeSpan.FromTicks(1),
        };

        TestCluster cluster = new TestCluster(1).Start();
        Assert.Throws<ArgumentOutOfRangeException>(() => cluster.Nodes[0].Add(none));
    }

    private static (TestCluster Cluster, TestNode Node) Start(TimeSpan each, string protocol) =>
        Start(() => each, protocol);

    private static (TestCluster Cluster, TestNode Node) Start(
        Func<TimeSpan> each, string protocol)
    {
        TestCluster cluster = new(1);
        TestNode node = cluster.Nodes[0];
        node.Machine = Slow(node, each);
        cluster.Start(protocol);
        cluster.StepUntil(cluster.Serves);
        return (cluster, node);
    }

    private static HookedCounter Slow(TestNode node, Func<TimeSpan> each) =>
        new() { Applying = () => node.Spent += each() };

    private static void Add(TestCluster cluster, RawClient client, int from, int count)
    {
        for (int number = from; number < from + count; number++)
            client.Add(number, size: 0);
        cluster.Network.DeliverAll();
    }
}
