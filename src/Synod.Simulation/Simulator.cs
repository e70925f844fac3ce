namespace Synod.Simulation;

/// <summary>Runs whole clusters in virtual time on one thread: the real nodes and clients over
/// simulated disks, networks and clocks that fail by plan. The same seed and options give the same
/// run, byte for byte, in every process. Safe for use from several threads: each run is on
/// its own.</summary>
public static class Simulator
{
    /// <summary>One run.</summary>
    /// <param name="options">What is simulated.</param>
    /// <param name="seed">Where all randomness comes from, the plan of what goes wrong
    /// included.</param>
    /// <param name="sink">Is told all that happens; null if nobody listens, which is
    /// faster.</param>
    /// <param name="plan">What goes wrong, in place of the plan of the seed.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static SimulationReport Run(
        SimulationOptions options,
        ulong seed,
        ITraceSink? sink = null,
        FaultPlan? plan = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        World world = new(options, seed, sink);
        return new SimulatedRun(world, plan ?? FaultPlan.Draw(options, seed)).Run();
    }
}
