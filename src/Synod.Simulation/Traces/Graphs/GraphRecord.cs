namespace Synod.Simulation;

/// <summary>What one record of one node says of an instance.</summary>
internal sealed record GraphRecord
{
    /// <summary>What a no-op is called.</summary>
    public const string NoOp = "NoOp";

    /// <summary>The phase of what is decided.</summary>
    public const int Committed = 3;

    /// <summary>The instance.</summary>
    public required GraphId Id { get; init; }

    /// <summary>The phase that it reaches: 1 pre-accepted, 2 accepted, 3 committed, 0 for none:
    /// a promise, or news about what was submitted.</summary>
    public required int Phase { get; init; }

    /// <summary>The ballot; empty for that of the owner.</summary>
    public required string Ballot { get; init; }

    /// <summary>NoOp, None, Command or Read; empty if it does not say.</summary>
    public required string Holds { get; init; }

    /// <summary>On what it depends: of each owner a slot, which stands for all up to it. Null if
    /// it does not say.</summary>
    public required IReadOnlyList<long>? Cover { get; init; }

    /// <summary>Which keys it reads and writes, each as a letter and a hash; null if it does not
    /// say.</summary>
    public required IReadOnlyList<string>? Touches { get; init; }
}
