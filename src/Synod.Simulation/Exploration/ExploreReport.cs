namespace Synod.Simulation;

/// <summary>What a search has found.</summary>
public sealed record ExploreReport
{
    /// <summary>How many states there were that differ.</summary>
    public required int States { get; init; }

    /// <summary>How many moves were made from one to another.</summary>
    public required long Transitions { get; init; }

    /// <summary>How many moves the deepest state is away from the start.</summary>
    public required int Depth { get; init; }

    /// <summary>Whether every state within the depth was seen.</summary>
    public required bool IsExhausted { get; init; }

    /// <summary>Whether no state has a move left: more depth would find nothing.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The promise that was broken, by the shortest way there is; null if none
    /// was.</summary>
    public string? Violation { get; init; }

    /// <summary>The way to the violation as a scenario with its trace; null if there is
    /// none.</summary>
    public string? Scenario { get; init; }
}
