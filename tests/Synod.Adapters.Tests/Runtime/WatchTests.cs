using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

public sealed class WatchTests
{
    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("A14")]
    public void Watches_and_local_reads_leave_no_trace_in_the_log(string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        Add(cluster, 1);
        cluster.StepFor(1_000);
        (long, long)[] before = [.. cluster.Nodes.Select(LogOf)];

        foreach (TestNode node in cluster.Nodes)
        {
            (TestClient client, long watch) = Watch(cluster, node);
            cluster.StepUntil(() => client.News.Count == 1);
            (ResponseKind kind, byte[] bytes) =
                cluster.Call(client, RequestKind.LocalQuery, "k", new GetValue());
            Assert.Equal(ResponseKind.Applied, kind);
            Assert.Equal(1, BitConverter.ToInt64(bytes));
            client.Core.EndWatch(watch);
        }

        cluster.StepFor(5_000);
        Assert.Equal(before, cluster.Nodes.Select(LogOf));

        (long, long) LogOf(TestNode node)
        {
            ReplicaStatus status = cluster.Ask(node);
            return (status.Last, status.Log.Bytes);
        }
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("A19")]
    [Feature("E11")]
    public void A_node_without_a_majority_shows_what_it_has_and_goes_on_when_it_is_back(
        string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        Add(cluster, 3);
        TestNode follower = cluster.Nodes.First(node => node != cluster.Leader());
        cluster.StepUntil(() => cluster.Ask(follower).Applied == 3);
        Cut(cluster, follower, isCut: true);

        (TestClient client, long watch) = Watch(cluster, follower);
        cluster.StepUntil(() => client.News.Count == 1);
        Add(cluster, 4);
        cluster.StepFor(100);
        Assert.Equal([3], client.Told(watch).Select(static told => told.Value));

        Cut(cluster, follower, isCut: false);
        cluster.StepUntil(() => client.Told(watch).Last().Value == 7);

        // Where commands have no order it learns the newest state, and not those before.
        bool hasAll = Protocols.Create(new SynodOptions { Protocol = protocol }).IsOrdered;
        Assert.Equal(
            hasAll ? Range(3, 7) : [3, 7], client.Told(watch).Select(static told => told.Value));
        Assert.Equal(!hasAll, client.News[^1].News.News.IsGap);
    }

    [Fact]
    [Feature("E11")]
    public void A_key_that_is_not_there_can_be_watched_and_what_changes_nothing_is_not_told()
    {
        TestCluster cluster = new TestCluster(1).Start();
        (TestClient client, long watch) = Watch(cluster, cluster.Nodes[0]);
        cluster.StepUntil(() => client.News.Count == 1);

        foreach (long amount in (long[])[2, 0, 0, 3, long.MaxValue, -5])
            cluster.Call(client, RequestKind.Command, "k", new Add(amount));
        cluster.Call(client, RequestKind.Command, "other", new Add(1));
        cluster.StepFor(10);

        Assert.Equal(
            [(0, 0), (2, 1), (5, 2), (0, 3)],
            client.Told(watch).Select(static told => (told.Value, told.News.Seen.Version)));
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("E11")]
    public void A_reader_that_does_not_keep_up_is_bounded_and_told_the_latest_with_a_gap(
        string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        ClientCoreOptions few = new() { WatchBytesMax = 4 * Weight };
        (TestClient client, long watch) = Watch(cluster, cluster.Nodes[0], few);
        client.Uses = false;
        cluster.StepUntil(() => client.News.Count == 1);

        Add(cluster, 50);
        cluster.StepFor(5_000);
        Assert.Equal(Range(0, 3), client.Told(watch).Select(static told => told.Value));

        client.Uses = true;
        for (int used = 0; used < 4; used++)
            client.Core.Use(watch, sizeof(long));
        cluster.StepUntil(() => client.News.Count == 5);
        Assert.Equal(50, client.Told(watch).Last().Value);
        Assert.True(client.Told(watch).Last().News.IsGap);
        Assert.Equal(1, cluster.Nodes[0].Counters.WatchGaps);

        Add(cluster, 30);
        cluster.StepUntil(() => client.News.Count == 35);
        Assert.Equal(Range(51, 80), client.Told(watch).Skip(5).Select(static told => told.Value));
        Assert.All(client.News[5..], static told => Assert.False(told.News.News.IsGap));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    [Feature("E11")]
    public void However_small_the_window_a_reader_that_goes_on_sees_the_last_value(int events)
    {
        TestCluster cluster = new TestCluster(3, (ulong)events).Start();
        ClientCoreOptions few = new() { WatchBytesMax = (events * Weight) - 1 };
        (TestClient client, long watch) = Watch(cluster, cluster.Nodes[0], few);
        CountingClient[] counting =
            [.. Enumerable.Range(0, 12).Select(_ => new CountingClient(cluster))];
        for (int step = 0; step < 400; step++)
        {
            foreach (CountingClient counter in counting)
                counter.Turn();
            cluster.Step();
        }

        cluster.StepUntil(() => counting.All(static counter => counter.IsIdle()));
        cluster.StepFor(100);

        Assert.Equal(
            counting.Max(static counter => counter.Results[^1]), client.Told(watch).Last().Value);
        CheckOrder(client, watch);
        Assert.Equal(events < 10, client.News.Exists(static told => told.News.News.IsGap));
    }

    [Fact]
    [Feature("E11")]
    public void A_reader_that_was_late_where_its_watch_moved_to_is_told_as_soon_as_it_goes_on()
    {
        TestCluster cluster = new TestCluster(3).Start();
        ClientCoreOptions few = new() { WatchBytesMax = 4 * Weight };
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestClient client = cluster.Connect(few, [.. cluster.Nodes.Select(node => node.Id)]);
        client.Uses = false;
        long watch = client.Watch("k", new GetValue());
        cluster.StepUntil(() => client.News.Count == 1);
        Add(cluster, 50);
        cluster.StepFor(100);
        Assert.Equal(4, client.News.Count);

        // It uses all while the next node is asked, which takes it for late.
        NodeId served = client.News[^1].News.From;
        cluster.Nodes.Single(node => node.Id == served).Kill();
        foreach (TestNode node in cluster.Nodes)
            node.IsPaused = true;
        cluster.StepFor(5);
        client.Uses = true;
        for (int used = 0; used < 4; used++)
            client.Core.Use(watch, sizeof(long));
        foreach (TestNode node in cluster.Nodes)
            node.IsPaused = false;
        cluster.StepUntil(() => client.News.Count == 5, milliseconds: 100);

        Assert.Equal(50, client.Told(watch).Last().Value);
        Assert.NotEqual(served, client.News[^1].News.From);
    }

    [Theory]
    [InlineData("node")]
    [InlineData("replica")]
    [InlineData("machine")]
    [Feature("E11")]
    public void When_what_serves_it_is_lost_a_watch_goes_on_without_going_back(string lost)
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestClient client = cluster.Connect();
        long watch = client.Watch("k", new GetValue());
        CountingClient counting = new(cluster);
        for (int step = 0; step < 4_000; step++)
        {
            if (step % 500 == 499)
                Disturb(cluster, client, lost);
            counting.Turn();
            cluster.Step();
        }

        cluster.StepUntil(counting.IsIdle);
        cluster.StepFor(1_000);

        Assert.Equal(counting.Results[^1], client.Told(watch).Last().Value);
        CheckOrder(client, watch);
        Assert.Single(client.News, static told => told.News.News.Reason == WatchReason.Began
            && told.News.News.Seen.Version == 0);
        Assert.True(client.News.Select(static told => told.News.From).Distinct().Count() > 1);
        Assert.Empty(client.Ends);
    }

    [Fact]
    [Feature("E11")]
    public void A_node_that_stands_still_loses_its_watches_to_another()
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode still = cluster.Nodes.First(node => node != cluster.Leader());
        TestClient client = cluster.Connect([
            still.Id,
            .. cluster.Nodes.Where(node => node != still).Select(static node => node.Id),
        ]);
        long watch = client.Watch("k", new GetValue());
        cluster.StepUntil(() => client.News.Count == 1);

        still.IsPaused = true;
        CountingClient counting = new(cluster);
        counting.Turn();
        cluster.StepUntil(() => counting.IsIdle() && client.News.Count == 2);
        still.IsPaused = false;
        cluster.StepFor(100);

        Assert.Equal([0, 1], client.Told(watch).Select(static told => told.Value));
        Assert.NotEqual(still.Id, client.News[1].News.From);
        Assert.Equal(0, cluster.Ask(still).Watches);
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("E11")]
    public void On_one_connection_a_change_comes_before_any_answer_that_reflects_it(string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        cluster.StepUntil(() => cluster.Serves());
        TestClient client = cluster.Connect((cluster.Leader() ?? cluster.Nodes[0]).Id);
        long watch = client.Watch("k", new GetValue());

        for (int time = 1; time <= 50; time++)
        {
            long call = client.Submit(RequestKind.Command, "k", new Add(1));
            byte[] result = [];
            cluster.StepUntil(() =>
            {
                bool isAnswered = client.TryTake(call, out _, out result);
                Assert.True(!isAnswered || client.Told(watch).Last().Value == time);
                return isAnswered;
            });
            Assert.Equal(time, BitConverter.ToInt64(result));
        }
    }

    private static long Weight => WatchNews.Weight(sizeof(long));

    private static (TestClient Client, long Watch) Watch(
        TestCluster cluster, TestNode node, ClientCoreOptions? options = null)
    {
        TestClient client = cluster.Connect(options ?? new(), node.Id);
        cluster.StepUntil(() => cluster.Serves());
        return (client, client.Watch("k", new GetValue()));
    }

    private static void Add(TestCluster cluster, int times)
    {
        TestClient client = cluster.Connect();
        for (int time = 0; time < times; time++)
        {
            (ResponseKind kind, _) = cluster.Call(client, RequestKind.Command, "k", new Add(1));
            Assert.Equal(ResponseKind.Applied, kind);
        }
    }

    private static IEnumerable<long> Range(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(static value => (long)value);

    // Who counts adds one, so each value is its own version.
    private static void CheckOrder(TestClient client, long watch)
    {
        long before = -1;
        foreach ((long value, WatchNews news) in client.Told(watch))
        {
            Assert.Equal(value, news.Seen.Version);
            Assert.True(value > before, $"{value} after {before}");
            Assert.Equal(before >= 0 && value > before + 1, news.IsGap);
            before = value;
        }
    }

    private static void Disturb(TestCluster cluster, TestClient client, string lost)
    {
        NodeId serving = client.News[^1].News.From;
        TestNode node = cluster.Nodes.Single(node => node.Id == serving);
        if (lost == "replica")
        {
            node.Restart();
        }
        else if (lost == "machine")
        {
            Assert.True(node.RestartMachine());
        }
        else
        {
            node.Kill();
            cluster.StepFor(20);
            node.Start(cluster.Now);
        }
    }

    private static void Cut(TestCluster cluster, TestNode node, bool isCut)
    {
        foreach (TestNode other in cluster.Nodes.Where(other => other != node))
        {
            if (isCut)
            {
                cluster.Network.Cut(node.Id, other.Id);
                cluster.Network.Cut(other.Id, node.Id);
            }
            else
            {
                cluster.Network.Heal(node.Id, other.Id);
                cluster.Network.Heal(other.Id, node.Id);
            }
        }
    }
}
