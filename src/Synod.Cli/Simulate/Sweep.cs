using System.Collections.Concurrent;
using System.Diagnostics;
using Synod.Simulation;

namespace Synod.Cli.Simulate;

/// <summary>Many seeds, one on each core at a time.</summary>
internal sealed class Sweep(SimulationOptions options, string command, SeedRange seeds)
{
    /// <summary>What clients do, one workload after the other.</summary>
    public required IReadOnlyList<Workload> Workloads { get; init; }

    /// <summary>Where the history of each run is written; null for nowhere.</summary>
    public string? HistoryFolder { get; init; }

    /// <summary>Whether the first seed that breaks a promise is the last one. All before it are
    /// run, so it is the same one each time.</summary>
    public bool StopsAtBad { get; init; }

    /// <summary>The workload of a seed, the same however many seeds are run.</summary>
    public static Workload WorkloadOf(ulong seed, IReadOnlyList<Workload> workloads) =>
        workloads[(int)(seed % (ulong)workloads.Count)];

    public SweepReport Run(Action<int> progress, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        SeedResult?[] results = new SeedResult?[seeds.Count];
        int done = 0;
        ParallelOptions cores = new()
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        ParallelLoopResult loop = Parallel.ForEach(InOrder(), cores, (index, state) =>
        {
            ulong seed = seeds.First + (ulong)index;
            SimulationOptions run = options with { Workload = WorkloadOf(seed, Workloads) };
            SimulationReport report = Simulator.Run(run, seed);
            Histories.Write(HistoryFolder, report);
            results[index] = SeedResult.Of(report);
            progress(Interlocked.Increment(ref done));
            if (StopsAtBad && report.Verdict == Verdict.Violated)
                state.Break();
        });

        SweepReport sweep = new(options, command, watch.Elapsed);
        long last = loop.LowestBreakIteration ?? (seeds.Count - 1);
        foreach (SeedResult? result in results.Take((int)last + 1))
        {
            if (result is not null)
                sweep.Add(result);
        }

        return sweep;
    }

    private OrderablePartitioner<int> InOrder() => Partitioner.Create(
        Enumerable.Range(0, seeds.Count), EnumerablePartitionerOptions.NoBuffering);
}
