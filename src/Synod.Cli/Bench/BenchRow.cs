using Synod.Cli.Processes;

namespace Synod.Cli.Bench;

/// <summary>What was measured with one count of clients.</summary>
internal sealed record BenchRow
{
    public required int Clients { get; init; }

    public required int Connections { get; init; }

    /// <summary>How many calls were answered with success.</summary>
    public required long Operations { get; init; }

    /// <summary>How many calls ended otherwise.</summary>
    public required long Failures { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required TimeSpan P50 { get; init; }

    public required TimeSpan P99 { get; init; }

    public required TimeSpan Max { get; init; }

    /// <summary>Of all nodes together.</summary>
    public required NodeUsage Servers { get; init; }

    /// <summary>Of the process in which the clients are.</summary>
    public required NodeUsage Client { get; init; }

    public double OperationsPerSecond => Operations / Elapsed.TotalSeconds;

    public double ServerCpuUsPerOperation => PerOperation(Servers.Cpu.TotalMicroseconds);

    public double ClientCpuUsPerOperation => PerOperation(Client.Cpu.TotalMicroseconds);

    public double AllocatedBytesPerOperation => PerOperation(Servers.AllocatedBytes);

    private double PerOperation(double total) => total / Math.Max(1, Operations);
}
