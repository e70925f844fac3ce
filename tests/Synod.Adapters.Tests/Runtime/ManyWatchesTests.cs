using System.Text;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Many who watch a key cost a turn no more than it has room for.</summary>
public sealed class ManyWatchesTests
{
    private const int Wide = 8_000;
    private const int WidePerTurnMax = ((1 << 20) / Wide) + 1;

    private static readonly ClientCoreOptions Roomy = new() { WatchBytesMax = 64 << 20 };

    private readonly WideMachine _machine = new();
    private readonly TestCluster _cluster;

    public ManyWatchesTests()
    {
        _cluster = new TestCluster(1, machine: _machine).Start();
        _cluster.StepUntil(() => _cluster.Leader() is not null);
    }

    private TestNode Node => _cluster.Nodes[0];

    private long Events => Node.Counters.Answers(ResponseKind.Watched);

    [Fact]
    [Feature("E11")]
    public void However_many_watch_a_key_alike_a_change_costs_one_query_for_all_of_them()
    {
        TestClient[] clients = Watch(clients: 4, watches: 50, answer: 1);
        long other = clients[0].Watch("k", 2);
        _cluster.StepUntil(() => Events == 201);
        int before = _machine.Queries;

        Write(_cluster.Connect());
        _cluster.StepUntil(() => Events == 402);

        Assert.Equal(2, _machine.Queries - before);
        Assert.Equal([0, 1], clients[0].Told(other).Select(static told => told.Value));
    }

    [Fact]
    [Feature("E11")]
    public void A_turn_tells_what_fits_and_others_are_served_before_all_are_told()
    {
        TestClient[] clients = Watch(clients: 10, watches: 50, Wide);
        TestClient writer = _cluster.Connect();
        Write(writer);
        long call = writer.Submit(RequestKind.Command, "other", null);
        long most = 0;
        bool isServedFirst = false;

        while (Events < 1_000)
        {
            long before = Events;
            _cluster.Step();
            most = Math.Max(most, Events - before);
            isServedFirst |= writer.TryTake(call, out _, out _) && Events < 1_000;
        }

        Assert.InRange(most, 2, WidePerTurnMax);
        Assert.True(isServedFirst);
        _cluster.StepFor(1);
        Assert.All(clients, static client => Assert.Equal(100, client.News.Count));
    }

    [Fact]
    [Feature("E11")]
    public void Who_is_last_in_the_line_is_told_before_an_answer_that_reflects_the_change()
    {
        Watch(clients: 10, watches: 50, Wide);
        TestClient last = _cluster.Connect();
        long watch = last.Watch("k", Wide);
        _cluster.StepUntil(() => last.News.Count == 1);

        for (int time = 1; time <= 3; time++)
        {
            Write(last);
            Assert.Equal(time, last.Told(watch).Last().Value);
            Assert.True(Events < 501 + (501 * time));
            (_, byte[] answer) = _cluster.Call(last, RequestKind.LocalQuery, "k", 0);
            Assert.Equal(time, BitConverter.ToInt64(answer));
            Assert.Equal(time + 1, last.News.Count);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Feature("E11")]
    public void Of_more_changes_than_can_be_kept_the_latest_is_told_to_all_with_a_gap(
        bool watchesWhoWrites)
    {
        TestClient[] clients = Watch(clients: 4, watches: 50, Wide);
        TestClient writer = _cluster.Connect(Roomy);
        long own = watchesWhoWrites ? writer.Watch("k", Wide) : 0;
        _cluster.StepUntil(() => Events == (watchesWhoWrites ? 201 : 200));

        for (int time = 0; time < 300; time++)
            writer.Submit(RequestKind.Command, "k", null);

        _cluster.StepUntil(() => Last().All(static value => value == 300));

        Assert.All(clients.SelectMany(static client => client.News
            .GroupBy(static told => told.News.Watch)
            .Select(static told => told.Select(static one => one.News.News).ToArray())), told =>
        {
            Assert.InRange(told.Length, 3, 200);
            for (int at = 1; at < told.Length; at++)
            {
                long step = told[at].Seen.Version - told[at - 1].Seen.Version;
                Assert.True(step >= 1);
                Assert.Equal(step > 1, told[at].IsGap);
            }
        });

        // Who writes is told of each before the answer, ahead of the others.
        Assert.Equal(
            watchesWhoWrites ? Enumerable.Range(0, 301).Select(static value => (long)value) : [],
            writer.Told(own).Select(static told => told.Value));

        IEnumerable<long> Last() => clients.SelectMany(static client => client.News
            .GroupBy(static told => told.News.Watch)
            .Select(static told => told.Last().News.News.Seen.Version));
    }

    [Fact]
    public void A_limit_of_what_telling_may_cost_is_at_least_one()
    {
        new WatchLimits().Validate();
        Assert.Throws<ArgumentException>(new WatchLimits { TurnBytesMax = 0 }.Validate);
        Assert.Throws<ArgumentException>(new WatchLimits { WaitingBytesMax = 0 }.Validate);
        Assert.Throws<ArgumentException>(new WatchLimits { WaitingChangesMax = 0 }.Validate);
    }

    [Fact]
    public void Watches_that_end_while_their_key_is_behind_leave_nothing_behind()
    {
        TestClient[] clients = Watch(clients: 10, watches: 50, Wide);
        Write(_cluster.Connect());
        Assert.True(Events < 1_000);

        foreach (TestClient client in clients)
        {
            for (long watch = 1; watch <= 50; watch++)
                client.Core.EndWatch(watch);
        }

        _cluster.StepUntil(() => Node.Counters.Watches == 0);
        long events = Events;
        _cluster.StepFor(10);
        Assert.Equal(events, Events);
        TestClient next = _cluster.Connect();
        next.Watch("k", Wide);
        _cluster.StepUntil(() => next.News.Count == 1);
        Write(next);
        Assert.Equal(2, next.News.Count);
    }

    [Fact]
    [Feature("E11")]
    public void What_waits_when_all_watches_end_takes_no_room_from_those_that_come_next()
    {
        const int Huge = 600_000;
        TestClient reader = _cluster.Connect(Roomy);
        for (int watch = 0; watch < 20; watch++)
            reader.Watch("k", Huge);
        _cluster.StepUntil(() => reader.News.Count == 20);
        TestClient writer = _cluster.Connect();

        // Each time more than 1 MiB waits, and there is room for 4.
        for (int life = 1; life <= 5; life++)
        {
            for (int time = 0; time < 2; time++)
                Write(writer);
            Assert.True(reader.News.Count(IsLatest) < 20);
            Assert.True(Node.RestartMachine());
            _cluster.StepUntil(() => reader.News.Count(IsLatest) == 20);

            bool IsLatest((ClientNews News, byte[] Answer) told) =>
                told.News.News.Seen.Version == 2 * life;
        }

        int before = reader.News.Count;
        for (int time = 0; time < 3; time++)
            Write(writer);
        Assert.True(reader.News.Count - before < 20);
        _cluster.StepUntil(() => reader.News.Count == before + 60);

        Assert.All(reader.News[before..], static told => Assert.False(told.News.News.IsGap));
    }

    [Fact]
    [Feature("E11")]
    public void One_connection_watches_a_key_with_so_many_queries_and_no_more()
    {
        RawClient client = new(_cluster, Node);
        for (int query = 1; query <= WatchTable.QueriesOfKeyMax; query++)
            client.Watch(query, "k", BitConverter.GetBytes(query));
        const long Other = 5_000;
        client.Watch(Other, "k", BitConverter.GetBytes(0));
        client.Watch(Other + 1, "k", BitConverter.GetBytes(1));
        client.Watch(Other + 2, "other", BitConverter.GetBytes(0));
        RawClient another = new(_cluster, Node);
        another.Watch(Other, "k", BitConverter.GetBytes(0));
        _cluster.StepUntil(() =>
            client.Answers.ContainsKey(Other + 2) && another.Answers.ContainsKey(Other));

        (ResponseKind kind, byte[] bytes) = client.Answers[Other];
        Assert.Equal((ResponseKind.WatchEnded, (byte)WatchEnd.Refused), (kind, bytes[0]));
        Assert.Equal(
            "One connection watches a key with at most 1024 queries.",
            Encoding.UTF8.GetString(bytes.AsSpan(1)));
        Assert.Equal(ResponseKind.Watched, client.Answers[Other + 1].Kind);
        Assert.Equal(ResponseKind.Watched, client.Answers[Other + 2].Kind);
        Assert.Equal(ResponseKind.Watched, another.Answers[Other].Kind);
        client.Send(RawClient.Frame(1, RequestKind.Unwatch, default));
        client.Send(RawClient.Frame(Other + 1, RequestKind.Unwatch, default));
        client.Watch(Other, "k", BitConverter.GetBytes(0));
        _cluster.StepUntil(() => client.Answers[Other].Kind == ResponseKind.Watched);
    }

    private TestClient[] Watch(int clients, int watches, int answer)
    {
        TestClient[] all = [.. Enumerable.Range(0, clients).Select(_ => _cluster.Connect())];
        long before = Events;
        foreach (TestClient client in all)
        {
            for (int watch = 0; watch < watches; watch++)
                client.Watch("k", answer);
        }

        _cluster.StepUntil(() => Events - before == clients * watches);
        return all;
    }

    private void Write(TestClient client)
    {
        (ResponseKind kind, _) = _cluster.Call(client, RequestKind.Command, "k", null);
        Assert.Equal(ResponseKind.Applied, kind);
    }
}
