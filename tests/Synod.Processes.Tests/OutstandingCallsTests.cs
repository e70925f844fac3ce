using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>Very many calls at once, from client to disk and back.</summary>
public class OutstandingCallsTests
{
    private const int Calls = 10_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Feature("D02")]
    public async Task Ten_thousand_calls_on_one_key_are_each_applied_once_and_hold_no_threads()
    {
        // However busy this machine is, none of them waits too long.
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(
            static () => new Counter(),
            nodes: 3,
            static options => options.PendingTimeMax = TimeSpan.FromMinutes(1));
        await using SynodClient client =
            cluster.Connect(new Counter(), TimeSpan.FromSeconds(60));
        await client.ExecuteAsync("k", new Add(0), Cancellation);
        int before = ThreadPool.ThreadCount;

        Task<Outcome<long>>[] calls = [.. Enumerable.Range(0, Calls).Select(
            _ => client.ExecuteAsync("k", new Add(1), Cancellation))];
        int during = ThreadPool.ThreadCount;
        Outcome<long>[] outcomes = await Task.WhenAll(calls);

        Assert.Equal(
            Enumerable.Range(1, Calls).Select(static value => (long)value),
            outcomes.OfType<Outcome<long>.Applied>().Select(static applied => applied.Result));
        Assert.InRange(during, 0, before + Environment.ProcessorCount + 8);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_an_outcome_and_the_client_goes_on()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new Counter());
        await using SynodClient client = cluster.Connect(new Counter());

        foreach (int bytes in (int[])[2 << 20, 20 << 20])
        {
            string key = new('k', bytes);
            Assert.IsType<Outcome<long>.TooLarge>(
                await client.ExecuteAsync(key, new Add(1), Cancellation));
        }

        Assert.Equal(
            new Outcome<long>.Applied(1), await client.ExecuteAsync("k", new Add(1), Cancellation));
    }

    [Fact]
    public void No_time_below_zero_can_be_allowed_to_wait()
    {
        SynodOptions options = new()
        {
            Cluster = "calls",
            Node = 1,
            DataDirectory = "calls",
            PendingTimeMax = -TimeSpan.FromTicks(1),
        };
        options.Nodes[1] = "127.0.0.1:7400";

        Assert.Equal(
            "PendingTimeMax is -00:00:00.0000001: use zero or more.",
            new SynodOptionsValidator().Validate(null, options).FailureMessage);
    }
}
