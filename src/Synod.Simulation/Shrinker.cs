namespace Synod.Simulation;

/// <summary>Makes a run that breaks a promise smaller, as long as it still breaks one: a shorter
/// time, fewer faults, fewer clients, no watches, a calmer network. Safe for use from several
/// threads.</summary>
public static class Shrinker
{
    /// <summary>The smallest run found.</summary>
    /// <param name="options">The options of the run.</param>
    /// <param name="report">A report whose verdict is <see cref="Verdict.Violated"/>.</param>
    /// <exception cref="ArgumentException">The run broke no promise.</exception>
    public static Shrunken Shrink(SimulationOptions options, SimulationReport report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        if (report.Verdict != Verdict.Violated)
            throw new ArgumentException($"Seed {report.Seed} broke no promise.", nameof(report));

        Shrunken best = new(options, report);
        best = TryShorter(best);
        for (int count = best.Report.Plan.Faults.Count; count >= 1; count /= 2)
            best = TryWithout(best, count);
        best = Try(best, best.Options with { Clients = best.Options.Groups }, best.Report.Plan);
        best = Try(best, best.Options with { CallsPerClient = 1 }, best.Report.Plan);
        best = Try(best, best.Options with { WatchesPerClient = 0 }, best.Report.Plan);
        best = Try(best, best.Options with { Faults = FaultClasses.None }, best.Report.Plan);
        return TryShorter(best);
    }

    // What was promised for after the healing cannot be broken before it.
    private static Shrunken TryShorter(Shrunken best)
    {
        TimeSpan broken = best.Report.VirtualTime;
        if (broken >= best.Options.Duration || broken < TimeSpan.FromSeconds(1))
            return best;

        FaultPlan plan = new([.. best.Report.Plan.Faults.Where(fault => fault.At <= broken)]);
        TimeSpan duration = broken + TimeSpan.FromMilliseconds(1);
        return Try(best, best.Options with { Duration = duration }, plan);
    }

    private static Shrunken TryWithout(Shrunken best, int count)
    {
        for (int start = 0; start < best.Report.Plan.Faults.Count;)
        {
            Shrunken next = Try(best, best.Options, best.Report.Plan.Without(start, count));
            if (next == best)
                start += count;
            best = next;
        }

        return best;
    }

    private static Shrunken Try(Shrunken best, SimulationOptions options, FaultPlan plan)
    {
        SimulationReport report = Simulator.Run(options, best.Report.Seed, sink: null, plan);
        return report.Verdict == Verdict.Violated ? new Shrunken(options, report) : best;
    }
}
