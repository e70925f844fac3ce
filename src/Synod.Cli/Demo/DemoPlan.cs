using Synod.Kernel;

namespace Synod.Cli.Demo;

/// <summary>What a demo does.</summary>
internal sealed record DemoPlan
{
    public required string Protocol { get; init; }

    public required int Nodes { get; init; }

    public required int Clients { get; init; }

    public required TimeSpan Duration { get; init; }

    public required IReadOnlySet<string> Faults { get; init; }

    public required Durability Durability { get; init; }

    /// <summary>Whether only the JSON line goes to the standard output.</summary>
    public required bool IsQuiet { get; init; }

    /// <summary>Where the history goes; null for nowhere.</summary>
    public string? HistoryFile { get; init; }
}
