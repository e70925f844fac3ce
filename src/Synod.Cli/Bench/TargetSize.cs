namespace Synod.Cli.Bench;

/// <summary>How much of a target there is.</summary>
internal sealed record TargetSize
{
    public required int Clients { get; init; }

    /// <summary>Which the clients share.</summary>
    public required int Connections { get; init; }

    /// <summary>The length of a value.</summary>
    public required int PayloadBytes { get; init; }

    /// <summary>The clients take them in turn.</summary>
    public required int Keys { get; init; }

    /// <summary>Likewise.</summary>
    public int Groups { get; init; } = 1;
}
