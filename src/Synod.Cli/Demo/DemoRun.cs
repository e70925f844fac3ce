using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.TestKit;

namespace Synod.Cli.Demo;

/// <summary>One demo from start to verdict.</summary>
internal sealed class DemoRun(DemoPlan plan)
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CheckBudget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(50);

    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        await using StreamWriter? history = OpenHistory();
        DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-demo-");
        bool isGood = false;
        try
        {
            DemoReport report = await RunAsync(directory.FullName, history, cancellation);
            isGood = report.IsGood;
            return report;
        }
        finally
        {
            if (isGood)
                directory.Delete(recursive: true);
            else
                await Console.Error.WriteLineAsync($"The data is kept in {directory.FullName}.");
        }
    }

    // Before anything starts, so that no run is in vain.
    private StreamWriter? OpenHistory()
    {
        try
        {
            return plan.HistoryFile is string file ? File.CreateText(file) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--history cannot be written: {cause.Message}");
        }
    }

    private async Task<DemoReport> RunAsync(
        string directory, TextWriter? historyFile, CancellationToken cancellation)
    {
        TimeSpan flush = MachineProbe.Flush(directory);
        TimeSpan roundTrip = await MachineProbe.RoundTripAsync(cancellation);
        using ProcessCluster cluster = new(
            directory,
            plan.Nodes,
            "--protocol", plan.Protocol,
            "--durability", DurabilityText.NameOf(plan.Durability));
        Say($"{plan.Nodes} nodes with {plan.Protocol}, data in {directory}");
        await cluster.StartAsync(cancellation);
        Say($"all serve; {plan.Clients} clients count for {plan.Duration.TotalSeconds} s");
        RunHistory history = new();
        DemoReport report = await RunAsync(cluster, history, cancellation);
        if (historyFile is not null)
            history.ToHistory(plan.Protocol).WriteTo(historyFile);
        return report with { Flush = flush, RoundTrip = roundTrip };
    }

    private async Task<DemoReport> RunAsync(
        ProcessCluster cluster, RunHistory history, CancellationToken cancellation)
    {
        using CancellationTokenSource stop =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(plan.Duration);
        LeaderFaults faults = new(plan, cluster, history);
        RoleFaults roles = new(plan, cluster, history);
        Task picture = plan.IsQuiet
            ? Task.CompletedTask
            : LiveTable.ShowAsync(cluster, history, stop.Token);
        Task trouble = Task.WhenAll(
            plan.Faults.Any(LeaderFaults.Knows) && !plan.Faults.Contains("none")
                ? faults.RunAsync(cancellation)
                : Task.CompletedTask,
            plan.Faults.Contains("roles") ? roles.RunAsync(cancellation) : Task.CompletedTask);

        await CountAsync(cluster, history, stop.Token);
        await picture;
        await trouble;
        cancellation.ThrowIfCancellationRequested();
        foreach (NodeProcess node in cluster.Nodes)
            await cluster.WaitUntilServesAsync(node, cancellation);
        Dictionary<string, long> finalValues = await ReadFinalAsync(cluster, cancellation);
        bool digestsEqual = await ReplicasAgreeAsync(cluster, cancellation);
        return Report(history, faults, finalValues, digestsEqual) with { Roles = roles };
    }

    private async Task CountAsync(
        ProcessCluster cluster, RunHistory history, CancellationToken stop)
    {
        List<SynodClient> clients = [];
        try
        {
            List<Task> counting = [];
            for (int client = 0; client < plan.Clients; client++)
            {
                clients.Add(cluster.Connect(new Counter(), plan.NodeOf(client)));
                string key = plan.KeyNames[client % plan.Keys];
                counting.Add(new CountingClient(clients[^1], history, key).RunAsync(stop));
            }

            await Task.WhenAll(counting);
        }
        finally
        {
            foreach (SynodClient client in clients)
                await client.DisposeAsync();
        }
    }

    private async Task<Dictionary<string, long>> ReadFinalAsync(
        ProcessCluster cluster, CancellationToken cancellation)
    {
        await using SynodClient client = cluster.Connect(new Counter());
        using CancellationTokenSource timeout =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(EndTimeout);
        Dictionary<string, long> values = [];
        while (values.Count < plan.Keys)
        {
            string key = plan.KeyNames[values.Count];
            Outcome<long> outcome = await client.QueryAsync(key, new GetValue(), timeout.Token);
            if (outcome is Outcome<long>.Applied applied)
                values[key] = applied.Result;
        }

        return values;
    }

    // All nodes are up and nobody writes any more, so every replica must come to the same state.
    private static async Task<bool> ReplicasAgreeAsync(
        ProcessCluster cluster, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(EndTimeout);
        using PeriodicTimer timer = new(AskAgainAfter);
        try
        {
            while (true)
            {
                ReplicaStatus?[] statuses = await cluster.AskAllAsync(timeout.Token);
                bool agree = statuses.All(status => status is not null
                    && status.Applied == statuses[0]?.Applied
                    && status.Digest == statuses[0]?.Digest);
                if (agree)
                    return true;

                await timer.WaitForNextTickAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private DemoReport Report(
        RunHistory history,
        LeaderFaults faults,
        Dictionary<string, long> finalValues,
        bool digestsEqual)
    {
        IReadOnlyList<Operation> entries = history.Entries;
        long[] latencies = [.. entries
            .Where(static entry => IsOk(entry) && entry.F == RunHistory.Increment)
            .Select(static entry => (entry.Return ?? 0) - entry.Call)
            .Order()];
        return new DemoReport
        {
            Plan = plan,
            Verdict = CounterVerdict.OfAll(entries, finalValues),
            Check = LinearizabilityChecker.Check(
                history.ToHistory(plan.Protocol), new CheckOptions { TimeBudget = CheckBudget }),
            FinalValue = finalValues.Values.Sum(),
            DigestsEqual = digestsEqual,
            Kills = faults.Kills,
            Pauses = faults.Pauses,
            Restarts = faults.Restarts,
            LongestGap = LongestGap(entries),
            MedianKillGap = Median(faults.KillGaps),
            MedianPauseGap = Median(faults.PauseGaps),
            KeyGaps = KeyGapsOf(entries, faults.KillTimes),
            P50 = Percentile(latencies, 50),
            P99 = Percentile(latencies, 99),
            Flush = default,
            RoundTrip = default,
        };
    }

    private static bool IsOk(Operation entry) => entry.Type == OperationType.Ok;

    private static TimeSpan LongestGap(IReadOnlyList<Operation> entries)
    {
        long last = 0;
        long longest = 0;
        foreach (Operation entry in entries.Where(IsOk).OrderBy(static e => e.Return))
        {
            long ret = entry.Return ?? 0;
            longest = last == 0 ? 0 : Math.Max(longest, ret - last);
            last = ret;
        }

        return TimeSpan.FromMicroseconds(longest);
    }

    // Of each key, and each kill, from the kill to the first success of a call that began after it.
    private KeyGap[] KeyGapsOf(
        IReadOnlyList<Operation> entries, IReadOnlyList<(long Time, int Node)> kills)
    {
        ILookup<string, Operation> byKey = entries.Where(IsOk).ToLookup(static e => e.Key);
        return [.. kills.SelectMany(kill => plan.KeyNames.Select((key, place) => new KeyGap(
            byKey[key]
                .Where(entry => entry.Call >= kill.Time)
                .Select(entry => TimeSpan.FromMicroseconds((entry.Return ?? 0) - kill.Time))
                .DefaultIfEmpty(plan.Duration)
                .Min(),
            !plan.IsUsedAt(place, kill.Node))))];
    }

    private static TimeSpan? Median(IReadOnlyList<TimeSpan> times) =>
        times.Count == 0 ? null : times.Order().ElementAt(times.Count / 2);

    private static TimeSpan Percentile(long[] sorted, int percent) => sorted.Length == 0
        ? TimeSpan.Zero
        : TimeSpan.FromMicroseconds(sorted[(sorted.Length - 1) * percent / 100]);

    private void Say(string line)
    {
        if (!plan.IsQuiet)
            Console.WriteLine(line);
    }
}
