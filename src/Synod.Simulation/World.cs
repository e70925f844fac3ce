using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What all parts of a run share.</summary>
internal sealed class World
{
    public World(SimulationOptions options, ulong seed, ITraceSink? sink)
    {
        Options = options;
        Seed = seed;
        Trace = new Trace(Schedule, sink);
    }

    public SimulationOptions Options { get; }

    public ulong Seed { get; }

    /// <summary>The protocol of this seed.</summary>
    public IProtocol Protocol => Seed % 2 == 0
        ? Options.Alternative ?? Options.Protocol
        : Options.Protocol;

    public Schedule Schedule { get; } = new();

    public Trace Trace { get; }

    public Instant Now => Schedule.Now;

    /// <summary>The first promise that was not kept; null if all were.</summary>
    public string? Violation { get; private set; }

    /// <summary>What went wrong and took effect, and what came of it, by name.</summary>
    public SortedDictionary<string, long> Effects { get; } = new(StringComparer.Ordinal);

    /// <summary>Something took effect.</summary>
    public void Count(string effect) => Effects[effect] = Effects.GetValueOrDefault(effect) + 1;

    /// <summary>A promise was not kept. It is noted, because whoever is told may be within code
    /// that takes every exception for a failure of the user's machine.</summary>
    public SimulationViolationException Violated(string message)
    {
        Violation ??= message;
        return new SimulationViolationException(message);
    }

    /// <summary>A source of randomness of its own for each part, so that a part that draws more or
    /// less leaves the others as they are.</summary>
    public SeededRandom RandomOf(Stream stream, long number = 0) =>
        new(StableHash.Combine(StableHash.Combine(Seed, (ulong)stream), unchecked((ulong)number)));
}
