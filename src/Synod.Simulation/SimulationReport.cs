using Synod.TestKit;

namespace Synod.Simulation;

/// <summary>What came out of a run.</summary>
public sealed record SimulationReport
{
    /// <summary>The seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Which promise was not kept, or why the run is void; empty if it passed.</summary>
    public required string Reason { get; init; }

    /// <summary>How much happened.</summary>
    public required long Steps { get; init; }

    /// <summary>How long it took in virtual time.</summary>
    public required TimeSpan VirtualTime { get; init; }

    /// <summary>How many operations of clients succeeded.</summary>
    public required long Operations { get; init; }

    /// <summary>A digest of all that happened, in order: equal for equal seeds and options, in
    /// every process.</summary>
    public required ulong TraceDigest { get; init; }

    /// <summary>What went wrong, by plan.</summary>
    public required FaultPlan Plan { get; init; }

    /// <summary>What took effect of the plan, and what came of it, by name and how often.</summary>
    public required IReadOnlyDictionary<string, long> Effects { get; init; }

    /// <summary>What the seed has drawn of the knobs that a sweep should have in every setting, in
    /// words; none where the protocol names none.</summary>
    public required IReadOnlyList<string> Knobs { get; init; }

    /// <summary>What the clients did and were answered.</summary>
    public required History History { get; init; }
}
