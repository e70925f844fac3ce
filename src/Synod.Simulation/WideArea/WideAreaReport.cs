namespace Synod.Simulation;

/// <summary>What came out of a wide-area run.</summary>
public sealed record WideAreaReport
{
    /// <summary>What was run.</summary>
    public required WideAreaOptions Options { get; init; }

    /// <summary>The sites, in the order of the matrix.</summary>
    public required IReadOnlyList<SiteReport> Sites { get; init; }

    /// <summary>How much happened.</summary>
    public required long Steps { get; init; }
}
