using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>Watches of a counter on real nodes.</summary>
public class WatchTests
{
    private const string Key = "k";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("E11")]
    public async Task On_every_node_every_value_is_shown_while_clients_count(string protocol)
    {
        const int Clients = 8;
        const int Each = 50;
        bool hasAll = Protocols.Create(new SynodOptions { Protocol = protocol }).IsOrdered;
        using TestCluster cluster = await TestCluster.StartAsync(3, "--protocol", protocol);
        SynodClient[] watchers = [.. cluster.Nodes.Select(node => cluster.Connect(node))];
        Task<List<WatchEvent<long>.State>>[] watching =
            [.. watchers.Select(client => WatchAsync(client, Clients * Each))];

        await using SynodClient writer = cluster.Connect();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (int time = 0; time < Each; time++)
            {
                Assert.IsType<Outcome<long>.Applied>(
                    await writer.ExecuteAsync(Key, new Add(1), Cancellation));
            }
        }));

        foreach (int node in cluster.Nodes)
        {
            List<WatchEvent<long>.State> states = await watching[node - 1];
            CheckStates(states, Clients * Each, hasAll);
            Assert.All(states, state => Assert.Equal(
                (state.Answer, new NodeId((uint)node)), (state.Version, state.From)));
            await watchers[node - 1].DisposeAsync();
        }
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("E11")]
    public async Task When_its_node_is_killed_a_watch_goes_on_at_another(string protocol)
    {
        using TestCluster cluster = await TestCluster.StartAsync(3, "--protocol", protocol);
        await using SynodClient client = cluster.Connect();
        long acknowledged = 0;
        int served = 0;
        await foreach (WatchEvent<long> told in client.WatchAsync(
            Key, new GetValue(), Cancellation))
        {
            WatchEvent<long>.State state = Assert.IsType<WatchEvent<long>.State>(told);
            Assert.True(state.Answer >= acknowledged && state.Answer == state.Version);
            if (state.Answer == 3)
            {
                served = (int)state.From.Number;
                cluster[served].Kill();
            }

            if (state.Answer >= 20)
            {
                Assert.NotEqual((uint)served, state.From.Number);
                return;
            }

            Outcome<long> next = await client.ExecuteAsync(Key, new Add(1), Cancellation);
            acknowledged = Assert.IsType<Outcome<long>.Applied>(next).Result;
        }

        Assert.Fail("The watch has ended.");
    }

    [Fact]
    [Feature("E11")]
    public async Task A_reader_that_pauses_is_told_the_latest_after_a_gap()
    {
        using TestCluster cluster = await TestCluster.StartAsync(1);
        await using SynodClient client = cluster.Connect();
        await using IAsyncEnumerator<WatchEvent<long>> watch = client
            .WatchAsync(Key, new GetValue(), Cancellation)
            .GetAsyncEnumerator(Cancellation);
        Assert.True(await watch.MoveNextAsync());

        // More than fits into the window, whatever the machine is busy with.
        const int Values = 4_000;
        await Task.WhenAll(Enumerable.Range(0, Values).Select(
            _ => client.ExecuteAsync(Key, new Add(1), Cancellation)));

        long before = 0;
        bool hasGap = false;
        while (before < Values)
        {
            Assert.True(await watch.MoveNextAsync());
            WatchEvent<long>.State state =
                Assert.IsType<WatchEvent<long>.State>(watch.Current);
            Assert.Equal(state.Answer > before + 1, state.IsGap);
            Assert.True(state.Answer > before);
            hasGap |= state.IsGap;
            before = state.Answer;
        }

        Assert.True(hasGap);
    }

    [Fact]
    public async Task A_watch_ends_with_its_reader_its_client_and_its_reason()
    {
        using TestCluster cluster = await TestCluster.StartAsync(1);
        SynodClient client = cluster.Connect();
        List<WatchEvent<long>.State> first = await WatchAsync(client, 0);
        Assert.Equal(0, Assert.Single(first).Answer);
        await cluster.StatusAsync(1, static status => status.Watches == 0);

        WatchEvent<long> large = await client
            .WatchAsync(new string('k', 2 << 20), new GetValue(), Cancellation)
            .FirstAsync(Cancellation);
        Assert.Equal(
            new Outcome<long>.TooLarge(), Assert.IsType<WatchEvent<long>.Ended>(large).Why);

        Task<List<WatchEvent<long>.State>> endless = WatchAsync(client, long.MaxValue);
        await cluster.StatusAsync(1, static status => status.Watches == 1);
        await client.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        await cluster.StatusAsync(1, static status => status.Watches == 0);
    }

    [Fact]
    [Feature("E11")]
    public async Task The_command_line_shows_each_value_on_a_line_until_it_is_interrupted()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        using SynodProcess watch = SynodProcess.Start(
            "counter", "watch", Key, "--from", "2", "--cluster", TestCluster.Name, "--at",
            string.Join(',', cluster.Addresses));
        await watch.LineAsync("0");
        for (int time = 0; time < 3; time++)
            await cluster.RunAsync($"counter add {Key} 7");
        await watch.LineAsync("21");
        watch.Signal("INT");
        Assert.Equal(0, await watch.ExitAsync());
        Assert.Equal(["0", "7", "14", "21"], watch.Output);
        Assert.Empty(watch.Errors);

        SynodResult json = await cluster.RunAsync($"counter watch {Key} --json --count 1 --from 3");
        Assert.Equal(
            (0, """{"value":21,"version":3,"gap":false,"node":3}""", ""),
            (json.Code, json.Output, json.Errors));

        foreach (int node in cluster.Nodes)
            cluster[node].Kill();
        SynodResult nobody = await cluster.RunAsync($"counter watch {Key} --timeout 0.5");
        Assert.Equal((1, ""), (nobody.Code, nobody.Output));
        Assert.StartsWith(
            "synod: no node has shown the counter in time (127.0.0.1:", nobody.Errors);
    }

    [Fact]
    public async Task The_example_of_the_guide_writes_each_value()
    {
        using TestCluster cluster = await TestCluster.StartAsync(1);
        await using SynodClient client = cluster.Connect();
        using CancellationTokenSource enough =
            CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using StringWriter output = new();
        Task following = FollowAsync(client, output, enough.Token);
        await cluster.StatusAsync(1, static status => status.Watches == 1);

        await client.ExecuteAsync("visits", new Add(5), Cancellation);
        await Soon.Until(
            () => Task.FromResult(output.ToString() is "0\n5\n" ? "" : null),
            () => $"it wrote {output}");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    private static async Task FollowAsync(
        SynodClient client, TextWriter output, CancellationToken cancellation)
    {
        // snippet: watch
        await foreach (WatchEvent<long> told in client.WatchAsync(
            "visits", new GetValue(), cancellation))
        {
            if (told is WatchEvent<long>.State state)
                output.WriteLine(state.IsGap ? $"... {state.Answer}" : $"{state.Answer}");
            else if (told is WatchEvent<long>.Ended ended)
                output.WriteLine($"no node will ever tell: {ended.Why}");
        }

        // end-snippet
    }

    // Where commands have no order, what one ballot decides is one change to those who learn it.
    private static void CheckStates(
        List<WatchEvent<long>.State> states, long last, bool hasAll)
    {
        Assert.Equal((0, last), (states[0].Answer, states[^1].Answer));
        foreach ((WatchEvent<long>.State before, WatchEvent<long>.State state) in
            states.Zip(states.Skip(1)))
        {
            Assert.True(before.Answer < state.Answer);
            Assert.Equal(before.Answer + 1 < state.Answer, state.IsGap);
            Assert.False(hasAll && state.IsGap);
        }
    }

    private static async Task<List<WatchEvent<long>.State>> WatchAsync(
        SynodClient client, long last)
    {
        List<WatchEvent<long>.State> states = [];
        await foreach (WatchEvent<long> told in client.WatchAsync(
            Key, new GetValue(), Cancellation))
        {
            states.Add(Assert.IsType<WatchEvent<long>.State>(told));
            if (states[^1].Answer == last)
                break;
        }

        return states;
    }
}
