using System.Diagnostics;
using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Samples.Register;

namespace Synod.Cli.Bench;

/// <summary>Clients that call again as soon as they are answered, over a few shared
/// connections.</summary>
internal sealed class BenchLoad(BenchPlan plan, int clients)
{
    private readonly string _value = new('x', plan.PayloadBytes);
    private readonly List<long>[] _latencies = [.. Enumerable.Range(0, clients)
        .Select(static _ => new List<long>())];

    private long _failures;
    private volatile bool _isMeasuring;

    /// <summary>Calls for as long as the plan says and measures after the warm-up.</summary>
    public async Task<BenchRow> RunAsync(ProcessCluster cluster, CancellationToken cancellation)
    {
        SynodClient[] connections = [.. Enumerable
            .Range(0, Math.Min(plan.Connections, clients))
            .Select(_ => cluster.Connect(new Samples.Register.Register()))];
        using CancellationTokenSource stop =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            Task[] calling = [.. Enumerable.Range(0, clients).Select(
                client => CallAsync(client, connections[client % connections.Length], stop.Token))];
            BenchRow row = await MeasureAsync(cluster, cancellation);
            await stop.CancelAsync();
            await Task.WhenAll(calling);
            return row with { Connections = connections.Length };
        }
        finally
        {
            await stop.CancelAsync();
            foreach (SynodClient connection in connections)
                await connection.DisposeAsync();
        }
    }

    private async Task<BenchRow> MeasureAsync(
        ProcessCluster cluster, CancellationToken cancellation)
    {
        await Task.Delay(plan.WarmUp, cancellation);
        NodeUsage serversBefore = await cluster.UsageAsync(cancellation);
        NodeUsage clientBefore = NodeUsage.OfThisProcess();
        long begun = Stopwatch.GetTimestamp();
        _isMeasuring = true;
        await Task.Delay(plan.Duration, cancellation);
        _isMeasuring = false;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begun);
        NodeUsage client = NodeUsage.OfThisProcess() - clientBefore;
        NodeUsage servers = await cluster.UsageAsync(cancellation) - serversBefore;
        long[] latencies = [.. _latencies.SelectMany(static latencies => latencies.ToArray())];
        Array.Sort(latencies);
        return new BenchRow
        {
            Clients = clients,
            Connections = 0,
            Operations = latencies.Length,
            Failures = Interlocked.Read(ref _failures),
            Elapsed = elapsed,
            P50 = Percentile(latencies, 50),
            P99 = Percentile(latencies, 99),
            Max = Percentile(latencies, 100),
            Servers = servers,
            Client = client,
        };
    }

    // Every client has one call at a time, and a key of its own unless they share some.
    private async Task CallAsync(int client, SynodClient connection, CancellationToken stop)
    {
        string key = $"k{(plan.Keys == 0 ? client : client % plan.Keys)}";
        Put put = new(_value);
        ReadValue read = new();
        List<long> latencies = _latencies[client];
        for (int call = 0; !stop.IsCancellationRequested; call++)
        {
            bool isRead = call % 100 < plan.ReadPercent;
            long begun = Stopwatch.GetTimestamp();
            Outcome<string?> outcome = isRead
                ? await connection.QueryAsync(key, read, CancellationToken.None)
                : await connection.ExecuteAsync(key, put, CancellationToken.None);
            long latency = Stopwatch.GetTimestamp() - begun;
            if (!_isMeasuring)
                continue;

            if (outcome is Outcome<string?>.Applied)
                latencies.Add(latency);
            else
                Interlocked.Increment(ref _failures);
        }
    }

    private static TimeSpan Percentile(long[] sorted, int percent) => sorted.Length == 0
        ? TimeSpan.Zero
        : Stopwatch.GetElapsedTime(0, sorted[(sorted.Length - 1) * percent / 100]);
}
