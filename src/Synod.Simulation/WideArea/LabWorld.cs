using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What all parts of a wide-area run share.</summary>
internal sealed class LabWorld(WideAreaOptions options)
{
    /// <summary>Computing takes no time here: where nothing else does either, what is tried again
    /// waits for this long, or time would stand still.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public WideAreaOptions Options => options;

    public RoundTrips RoundTrips => options.RoundTrips;

    public int Sites => options.RoundTrips.Sites.Count;

    public Schedule Schedule { get; } = new();

    public Instant Now => Schedule.Now;

    /// <summary>A source of randomness of its own for each part.</summary>
    public SeededRandom RandomOf(LabStream stream, long number = 0) => new(StableHash.Combine(
        StableHash.Combine(options.Seed, (ulong)stream), unchecked((ulong)number)));
}
