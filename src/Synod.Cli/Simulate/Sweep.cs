using System.Diagnostics;
using Synod.Simulation;

namespace Synod.Cli.Simulate;

/// <summary>Many seeds, one on each core at a time.</summary>
internal sealed class Sweep(
    SimulationOptions options, string command, SeedRange seeds, string? historyFolder)
{
    public SweepReport Run(Action<int> progress, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        SeedResult[] results = new SeedResult[seeds.Count];
        int done = 0;
        ParallelOptions cores = new()
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        Parallel.For(0, seeds.Count, cores, index =>
        {
            SimulationReport report = Simulator.Run(options, seeds.First + (ulong)index);
            Histories.Write(historyFolder, report);
            results[index] = SeedResult.Of(report);
            progress(Interlocked.Increment(ref done));
        });

        SweepReport sweep = new(options, command, watch.Elapsed);
        foreach (SeedResult result in results)
            sweep.Add(result);
        return sweep;
    }
}
