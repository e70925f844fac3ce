using System.Threading.Channels;
using Synod.Kernel;
using Synod.Runtime;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Conformance;

/// <summary>What every cluster promises, whatever it is made of: one suite for each protocol on
/// each log over each transport.</summary>
public sealed class ClusterConformanceTests
{
    private const string Key = "k";

    [Theory]
    [MemberData(nameof(ClusterKind.All), MemberType = typeof(ClusterKind))]
    [Feature("A01")]
    [Feature("A02")]
    [Feature("A05")]
    [Feature("A07")]
    [Feature("D03")]
    public async Task Commands_happen_once_and_in_order_though_answers_are_lost(
        string protocol, string log, string transport)
    {
        await using Cluster cluster = Cluster.Start(protocol, log, transport);
        const int Times = 40;

        long[][] results = await Task.WhenAll(Enumerable.Range(0, 3).Select(async number =>
        {
            ClusterClient client = cluster.Connect();
            List<long> shared = [];
            for (int time = 1; time <= Times; time++)
            {
                Task<long> own = client.AddAsync($"own {number}");
                Task<long> both = client.AddAsync(Key);
                if (time % 10 == number)
                    client.Reset();
                Assert.Equal(time, await own);
                shared.Add(await both);
            }

            return shared.ToArray();
        }));

        Assert.All(results, static shared => Assert.Equal(shared.Order(), shared));
        Assert.Equal(
            Enumerable.Range(1, 3 * Times).Select(static value => (long)value),
            results.SelectMany(static shared => shared).Order());
        ReplicaStatus[] all = await cluster.AgreeAsync();
        Assert.All(all, static status => Assert.Equal(2 * 3 * Times, status.Applied));
    }

    [Theory]
    [MemberData(nameof(ClusterKind.All), MemberType = typeof(ClusterKind))]
    [Feature("A04")]
    [Feature("A17")]
    public async Task Reads_are_linearizable_at_whichever_node(
        string protocol, string log, string transport)
    {
        await using Cluster cluster = Cluster.Start(protocol, log, transport);
        Notebook notebook = new();
        using CancellationTokenSource written = new();

        Task[] readers = [.. cluster.Nodes.SelectMany(node =>
            (RequestKind[])[RequestKind.NearQuery, RequestKind.Query],
            (node, kind) => ReadAsync(cluster, (node, kind), notebook, written.Token))];
        await Task.WhenAll(cluster.Nodes.Select(async _ =>
        {
            ClusterClient client = cluster.Connect();
            int process = notebook.NewProcess();
            for (int time = 0; time < 20; time++)
                await notebook.NoteAsync((process, "incr", 1), () => client.AddAsync(Key));
        }));
        await written.CancelAsync();
        await Task.WhenAll(readers);

        Assert.IsType<CheckResult.Linearizable>(LinearizabilityChecker.Check(
            new History("counter", notebook.Operations), new CheckOptions()));
        Assert.Equal(60, await cluster.Connect().ReadAsync(Key));
    }

    [Theory]
    [MemberData(nameof(ClusterKind.All), MemberType = typeof(ClusterKind))]
    [Feature("B22")]
    public async Task Any_one_node_is_killed_and_the_others_go_on(
        string protocol, string log, string transport)
    {
        await using Cluster cluster = Cluster.Start(protocol, log, transport);
        ClusterClient client = cluster.Connect();
        Assert.Equal(1, await client.AddAsync(Key));
        ClusterNode killed =
            cluster.Kind.HasLeader ? await cluster.LeaderAsync() : cluster.Nodes[0];

        await killed.KillAsync();
        for (int time = 2; time <= 20; time++)
            Assert.Equal(time, await client.AddAsync(Key));

        Assert.Equal(20, await client.ReadAsync(Key));
        ReplicaStatus[] all = await cluster.AgreeAsync();
        Assert.Equal([20, 20], all.Select(static status => status.Applied));
    }

    [Theory]
    [MemberData(nameof(ClusterKind.Durable), MemberType = typeof(ClusterKind))]
    [Feature("B23")]
    [Feature("B25")]
    [Feature("C02")]
    public async Task Killed_nodes_come_back_with_all_that_was_acknowledged(
        string protocol, string log, string transport)
    {
        await using Cluster cluster = Cluster.Start(protocol, log, transport);
        ClusterClient client = cluster.Connect();
        long value = 0;
        foreach (ClusterNode node in cluster.Nodes)
        {
            await AddAsync();
            await node.KillAsync();
            await AddAsync();
            node.Start();
        }

        await AddAsync();
        foreach (ClusterNode node in cluster.Nodes)
            await node.KillAsync();
        foreach (ClusterNode node in cluster.Nodes)
            node.Start();

        Assert.Equal(value, await client.ReadAsync(Key));
        await AddAsync();
        ReplicaStatus[] all = await cluster.AgreeAsync();
        Assert.Equal([value, value, value], all.Select(static status => status.Applied));

        async Task AddAsync()
        {
            for (int time = 0; time < 10; time++)
                Assert.Equal(++value, await client.AddAsync(Key));
        }
    }

    [Theory]
    [MemberData(nameof(ClusterKind.Led), MemberType = typeof(ClusterKind))]
    [Feature("B16")]
    public async Task Leadership_goes_to_each_node_while_clients_count(
        string protocol, string log, string transport)
    {
        await using Cluster cluster = Cluster.Start(protocol, log, transport);
        using CancellationTokenSource moved = new();
        Task<long> counting = CountAsync();
        ClusterClient administrator = cluster.Connect();
        await administrator.AddAsync("other");

        foreach (ClusterNode target in cluster.Nodes)
        {
            TransferAnswer answer = await Cluster.TransferAsync(administrator, target);
            Assert.Equal(new TransferAnswer(TransferOutcome.Done, target.Id), answer);
        }

        await moved.CancelAsync();
        Assert.Equal(await counting, await administrator.ReadAsync(Key));

        async Task<long> CountAsync()
        {
            ClusterClient client = cluster.Connect();
            long value = 0;
            while (!moved.IsCancellationRequested)
                Assert.Equal(++value, await client.AddAsync(Key));
            return value;
        }
    }

    [Theory]
    [MemberData(nameof(ClusterKind.All), MemberType = typeof(ClusterKind))]
    [Feature("A14")]
    [Feature("E11")]
    public async Task On_every_node_who_watches_sees_each_value_and_goes_on_at_another(
        string protocol, string log, string transport)
    {
        await using Cluster cluster = Cluster.Start(protocol, log, transport);
        ClusterClient client = cluster.Connect();
        await client.AddAsync(Key);
        await cluster.AgreeAsync();
        ChannelReader<(long Value, WatchNews News)>[] watching =
            [.. cluster.Nodes.Select(node => cluster.Connect(node).Watch(Key))];
        ChannelReader<(long Value, WatchNews News)> moving =
            cluster.Connect([cluster.Nodes[2], cluster.Nodes[0], cluster.Nodes[1]]).Watch(Key);
        (long, WatchNews)[] first = await Task.WhenAll(
            [.. watching.Select(ReadAsync), ReadAsync(moving)]);
        Assert.All(first, static told => Assert.Equal(1, told.Item1));

        for (int value = 2; value <= 30; value++)
            await client.AddAsync(Key);
        await cluster.Nodes[2].KillAsync();
        for (int value = 31; value <= 40; value++)
            await client.AddAsync(Key);

        foreach (ChannelReader<(long Value, WatchNews News)> told in watching[..2])
        {
            for (int value = 2; value <= 40; value++)
            {
                (long next, WatchNews news) = await ReadAsync(told);
                Assert.Equal((value, value, false), (next, news.Seen.Version, news.IsGap));
            }
        }

        for (long last = 1; last < 40;)
        {
            (long next, WatchNews news) = await ReadAsync(moving);
            Assert.True(next > last, $"{next} after {last}");
            Assert.Equal(next > last + 1, news.IsGap);
            last = next;
        }
    }

    private static async Task ReadAsync(
        Cluster cluster,
        (ClusterNode Nearest, RequestKind Kind) how,
        Notebook notebook,
        CancellationToken written)
    {
        ClusterNode[] others = [.. cluster.Nodes.Where(node => node != how.Nearest)];
        ClusterClient client = cluster.Connect([how.Nearest, .. others]);
        int process = notebook.NewProcess();
        while (!written.IsCancellationRequested)
        {
            await notebook.NoteAsync(
                (process, "get", HistoryValue.Null), () => client.ReadAsync(Key, how.Kind));
        }
    }

    private static async Task<(long Value, WatchNews News)> ReadAsync(
        ChannelReader<(long Value, WatchNews News)> told) =>
        await told.ReadAsync(TestContext.Current.CancellationToken);
}
