using Synod.Abstractions;
using Synod.Cli.Demo;
using Synod.Hosting;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>Clients that count, and write down what they were answered, until they are
/// stopped.</summary>
internal sealed class Counting : IAsyncDisposable
{
    private readonly TestCluster _cluster;
    private readonly List<SynodClient> _clients = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();

    public Counting(TestCluster cluster, int clients = 4)
    {
        _cluster = cluster;
        for (int client = 0; client < clients; client++)
        {
            _clients.Add(cluster.Connect());
            _running.Add(new CountingClient(_clients[^1], History).RunAsync(_stop.Token));
        }
    }

    public RunHistory History { get; } = new();

    /// <summary>Waits until something that began from now on has succeeded.</summary>
    public Task SucceedAsync() => Soon.Within(
        History.FirstSuccessBegunAfter(CountingClient.Key, History.Now),
        static () => "nothing succeeds any more");

    /// <summary>Stops, and checks that nothing acknowledged is lost and all is in order.</summary>
    public async Task CheckAsync()
    {
        await StopAsync();
        await using SynodClient client = _cluster.Connect();
        Outcome<long> final = await client.QueryAsync(CountingClient.Key, new GetValue());
        long value = Assert.IsType<Outcome<long>.Applied>(final).Result;

        CounterVerdict verdict = CounterVerdict.Of(History.Entries, value);
        Assert.Equal(verdict with { Lost = 0, Fault = null }, verdict);
        Assert.True(verdict.Acknowledged > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (SynodClient client in _clients)
            await client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Soon.Within(Task.WhenAll(_running), static () => "the clients do not end");
    }
}
