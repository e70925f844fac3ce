using System.Diagnostics;
using Synod.Cli.Bench;
using Synod.Cli.Processes;

namespace Synod.Processes.Tests;

/// <summary>How a bench loads and counts, on targets whose answers are known.</summary>
public class LoadTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_histogram_knows_every_time_to_one_part_in_a_hundred()
    {
        LatencyHistogram histogram = new();
        for (int micros = 1; micros <= 100_000; micros++)
            histogram.Add(Ticks(TimeSpan.FromMicroseconds(micros)));

        Assert.Equal(100_000, histogram.Count);
        foreach (double part in (double[])[0.001, 0.5, 0.9, 0.99, 0.999])
        {
            double micros = histogram.At(part).TotalMicroseconds;
            Assert.InRange(micros, part * 99_000, part * 101_000);
        }

        Assert.Equal(TimeSpan.FromMicroseconds(100_000), histogram.Max);
        Assert.Equal(histogram.Max, histogram.At(1));
    }

    [Fact]
    public void A_histogram_of_nothing_says_nothing() =>
        Assert.Equal(TimeSpan.Zero, new LatencyHistogram().At(0.5));

    // The target stands still once. In an open loop all calls that were due meanwhile show it.
    [Fact]
    public async Task A_pause_shows_in_every_call_that_was_due_in_it()
    {
        BenchRow open = await RunAsync(rate: 1000);
        BenchRow closed = await RunAsync(rate: 0);

        Assert.True(open.Counts.Latencies.At(0.8) > Pause / 10, $"{open.Counts.Latencies.At(0.8)}");
        Assert.True(closed.Counts.Latencies.At(0.8) < Pause / 10, $"{closed.P50}");
        Assert.InRange(open.Counts.Latencies.Count, 200, 600);
    }

    private static Task<BenchRow> RunAsync(double rate) => Load.RunAsync(
        new Pausing(),
        new LoadShape
        {
            Clients = 4,
            Rate = rate,
            WarmUp = TimeSpan.FromMilliseconds(1),
            Duration = 2 * Pause,
        },
        Cancellation);

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Answers soon, but for one pause in which it answers nobody.</summary>
    private sealed class Pausing : ILoadTarget
    {
        private readonly Task _pause = Task.Delay(Pause, Cancellation);
        private int _calls;

        public int Connections => 1;

        public async ValueTask<CallEnd> CallAsync(int client, bool isRead)
        {
            // The first calls meet no pause, so that both loops have calls of both kinds.
            if (Interlocked.Increment(ref _calls) > 4)
                await _pause;
            await Task.Yield();
            return CallEnd.Done;
        }

        public Task<NodeUsage> UsageAsync(CancellationToken cancellation) =>
            Task.FromResult(default(NodeUsage));
    }
}
