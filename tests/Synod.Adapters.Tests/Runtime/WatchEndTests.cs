using System.Text;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>How watches begin and end at a replica.</summary>
public sealed class WatchEndTests
{
    [Fact]
    [Feature("E11")]
    public void A_replica_that_restarts_in_place_ends_its_watches_with_the_reason()
    {
        TestCluster cluster = new TestCluster(1).Start();
        Add(cluster, 2);
        RawClient client = new(cluster, cluster.Nodes[0]);
        client.Watch(5, "k");
        cluster.StepUntil(() => client.Answers.ContainsKey(5));

        cluster.Nodes[0].Restart();
        cluster.StepUntil(() => client.Answers[5].Kind == ResponseKind.WatchEnded);

        Assert.Equal((byte)WatchEnd.Restarting, client.Answers[5].Bytes[0]);
        client.Use(9, 5);
        cluster.StepUntil(() => client.Answers.ContainsKey(9));
        Assert.Equal((byte)WatchEnd.NotKnown, client.Answers[5].Bytes[0]);
    }

    [Fact]
    [Feature("E11")]
    public void Where_something_was_watched_nothing_overtakes_until_the_connection_closes()
    {
        TestCluster cluster = new TestCluster(1, machine: new MoodyMachine()).Start();
        TestNode node = cluster.Nodes[0];
        cluster.StepUntil(() => cluster.Leader() is not null);
        RawClient watching = new(cluster, node);
        RawClient other = new(cluster, node);
        other.AskStatus(1);
        watching.Watch(1, "k", [MoodyMachine.RefusesTwo]);
        cluster.StepUntil(() => other.Answers.Count == 1 && watching.Answers.Count == 1);

        watching.Command(10, [MoodyMachine.Next], sequence: 1);
        watching.Command(11, [MoodyMachine.Next], sequence: 2);
        cluster.StepUntil(() => watching.Answers.ContainsKey(11));
        Assert.Equal(ResponseKind.WatchEnded, watching.Answers[1].Kind);
        node.Restart();
        cluster.StepFor(500);
        watching.AskStatus(12);
        other.AskStatus(12);
        cluster.StepUntil(() =>
            watching.Answers.ContainsKey(12) && other.Answers.ContainsKey(12));

        Assert.Equal(2, node.Trap.Replies.Select(static reply => reply.Client).Distinct().Count());
        Assert.All(node.Trap.Replies.GroupBy(static reply => reply.Client), static replies =>
            Assert.Single(replies.Select(static reply => reply.IsInOrder).Distinct()));
        Assert.Contains(node.Trap.Replies, static reply =>
            reply is { Kind: ResponseKind.WatchEnded, IsInOrder: true });
    }

    [Fact]
    public void A_use_of_watches_that_is_too_large_is_refused_by_name()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestNode node = cluster.Nodes[0];
        cluster.StepUntil(() => cluster.Leader() is not null);
        RawClient client = new(cluster, node);
        FrameBuffer uses = new();
        for (int use = 1; use <= 3_000; use++)
            new WatchUse(use, 0).WriteTo(uses);

        client.Send(RawClient.Frame(9_000, RequestKind.WatchUse, uses.Written));
        client.Send(RawClient.Frame(9_001, RequestKind.Unwatch, uses.Written));
        cluster.StepUntil(() => client.Answers.Count == 2);

        Assert.Equal([9_000, 9_001], client.Answers.Keys);
        Assert.All(client.Answers.Values, static answer =>
            Assert.Equal(ResponseKind.TooLarge, answer.Kind));
    }

    [Fact]
    [Feature("B28")]
    public void Watches_are_counted_until_they_are_ended_or_their_client_goes()
    {
        TestCluster cluster = new TestCluster(1).Start();
        TestNode node = cluster.Nodes[0];
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestClient client = cluster.Connect();
        long first = client.Watch("a", new GetValue());
        client.Watch("b", new GetValue());
        RawClient other = new(cluster, node);
        other.Watch(1, "a");
        cluster.StepUntil(() => cluster.Ask(node).Watches == 3);

        client.Core.EndWatch(first);
        cluster.StepUntil(() => cluster.Ask(node).Watches == 2);
        other.Dispose();
        cluster.StepUntil(() => cluster.Ask(node).Watches == 1);

        Assert.Equal(1, node.Counters.Watches);
    }

    [Fact]
    public void A_machine_that_is_stopped_ends_watches_and_one_that_refuses_the_query_for_good()
    {
        TestCluster cluster = new TestCluster(1, machine: new MoodyMachine()).Start();
        RawClient client = new(cluster, cluster.Nodes[0]);
        cluster.StepUntil(() => cluster.Leader() is not null);
        client.Watch(1, "k", [MoodyMachine.Value]);
        client.Watch(2, "k", [MoodyMachine.RefusesTwo]);
        client.Watch(3, "k", [MoodyMachine.ThrowsAtTwo]);
        client.Watch(4, "k", [MoodyMachine.Unknown]);
        cluster.StepUntil(() => client.Answers.Count == 4);
        Assert.Equal(ResponseKind.WatchEnded, client.Answers[4].Kind);
        Assert.Equal("\u0003no such query", Encoding.UTF8.GetString(client.Answers[4].Bytes));

        client.Command(10, [MoodyMachine.Next], sequence: 1);
        client.Command(11, [MoodyMachine.Next], sequence: 2);
        cluster.StepUntil(() => client.Answers.ContainsKey(11));
        Assert.Equal("\u0003not two", Encoding.UTF8.GetString(client.Answers[2].Bytes));
        Assert.Equal(
            "\u0003Machine 'moody' failed: two", Encoding.UTF8.GetString(client.Answers[3].Bytes));
        Assert.Equal(ResponseKind.Watched, client.Answers[1].Kind);

        client.Command(12, [MoodyMachine.Throws], sequence: 3);
        cluster.StepUntil(() => client.Answers.ContainsKey(12));
        Assert.Equal(ResponseKind.WatchEnded, client.Answers[1].Kind);
        Assert.Equal((byte)WatchEnd.MachineStopped, client.Answers[1].Bytes[0]);
        client.Watch(20, "k", [MoodyMachine.Value]);
        cluster.StepUntil(() => client.Answers.ContainsKey(20));
        Assert.Equal(ResponseKind.Unavailable, client.Answers[20].Kind);
    }

    [Fact]
    public void What_is_watched_is_bounded_in_bytes_and_numbers_are_used_once()
    {
        TestCluster cluster =
            new TestCluster(1).Start(static node => node.WatchesBytesMax = 40_000);
        TestNode node = cluster.Nodes[0];
        cluster.StepUntil(() => cluster.Leader() is not null);
        RawClient client = new(cluster, node);
        client.Watch(1, new string('a', 20_000));
        client.Watch(2, new string('b', 20_000));
        cluster.StepUntil(() => client.Answers.Count == 2);
        Assert.Equal(ResponseKind.Overloaded, client.Answers[2].Kind);

        client.Watch(1, "k");
        client.Send(RawClient.Frame(3, RequestKind.Watch, [9, 9]));
        client.Send(RawClient.Frame(4, RequestKind.WatchUse, [9, 9]));
        cluster.StepUntil(() => client.Answers.Count == 4);

        Assert.All([1L, 3L, 4L], number =>
            Assert.Equal(ResponseKind.Malformed, client.Answers[number].Kind));
        Assert.Equal(1, cluster.Ask(node).Watches);
    }

    [Fact]
    public void A_state_of_another_group_is_a_gap_and_not_a_reason_to_wait()
    {
        TestCluster cluster = new TestCluster(1).Start();
        Add(cluster, 2);
        RawClient client = new(cluster, cluster.Nodes[0]);

        client.Watch(1, "k", seen: new WatchToken(new Lineage(99), 1_000));
        cluster.StepUntil(() => client.Answers.Count == 1);

        FrameReader reader = new(client.Answers[1].Bytes);
        WatchNews news = WatchNews.ReadFrom(ref reader);
        Assert.True(news.HasAnswer && news.IsGap);
        Assert.Equal(2, news.Seen.Version);
    }

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, true, false)]
    [InlineData(3, false, false)]
    [InlineData(9, false, false)]
    [InlineData(0, true, true)]
    public void A_replica_tells_only_what_is_newer_than_what_was_seen(
        long seen, bool hasAnswer, bool isGap)
    {
        TestCluster cluster = new TestCluster(1).Start();
        Add(cluster, 3);
        TestNode node = cluster.Nodes[0];
        RawClient client = new(cluster, node);
        Lineage lineage = node.Notices.Epoch?.Id.Lineage ?? default;

        client.Watch(1, "k", seen: new WatchToken(lineage, seen));
        cluster.StepUntil(() => client.Answers.Count == 1);

        FrameReader reader = new(client.Answers[1].Bytes);
        WatchNews news = WatchNews.ReadFrom(ref reader);
        Assert.Equal(hasAnswer, news.HasAnswer);
        Assert.Equal(isGap || seen == 1, news.IsGap);
    }

    private static void Add(TestCluster cluster, int times)
    {
        CountingClient client = new(cluster);
        cluster.StepUntil(() =>
        {
            if (client.IsIdle() && client.Results.Count < times)
                client.Turn();
            return client.Results.Count == times;
        });
    }
}
