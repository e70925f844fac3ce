namespace Synod.Simulation;

/// <summary>What came out of a scenario.</summary>
public sealed record ScenarioResult
{
    /// <summary>The whole text with the trace that was seen.</summary>
    public required string Text { get; init; }

    /// <summary>Where the trace differs from the expected one, with line numbers; empty if it does
    /// not.</summary>
    public required string Difference { get; init; }

    /// <summary>The expectation, the promise of the protocol or the command that failed; null if
    /// none did. What came before it is in the text.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether all was as expected.</summary>
    public bool IsGood => Failure is null && Difference.Length == 0;
}
