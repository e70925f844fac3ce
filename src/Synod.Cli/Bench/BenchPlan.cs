using Synod.Kernel;

namespace Synod.Cli.Bench;

/// <summary>What a bench does: one row for each count of clients.</summary>
internal sealed record BenchPlan
{
    public required string Protocol { get; init; }

    public required int Nodes { get; init; }

    public required Durability Durability { get; init; }

    /// <summary>How many clients call at the same time, row by row.</summary>
    public required IReadOnlyList<int> Clients { get; init; }

    /// <summary>The most connections to each node; clients share them.</summary>
    public required int Connections { get; init; }

    public required int PayloadBytes { get; init; }

    /// <summary>How many of a hundred calls read.</summary>
    public required int ReadPercent { get; init; }

    /// <summary>How many keys the clients share; with 0 each has its own.</summary>
    public required int Keys { get; init; }

    public required TimeSpan WarmUp { get; init; }

    public required TimeSpan Duration { get; init; }
}
