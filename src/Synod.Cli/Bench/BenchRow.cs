using Synod.Cli.Processes;

namespace Synod.Cli.Bench;

/// <summary>What was measured of one load.</summary>
internal sealed record BenchRow
{
    public required LoadShape Shape { get; init; }

    public required int Connections { get; init; }

    public required LoadCounts Counts { get; init; }

    /// <summary>Of all nodes together.</summary>
    public required NodeUsage Servers { get; init; }

    /// <summary>Of the process in which the clients are.</summary>
    public required NodeUsage Client { get; init; }

    public double OperationsPerSecond => Counts.Done / Counts.Elapsed.TotalSeconds;

    public TimeSpan P50 => Counts.Latencies.At(0.5);

    public double ServerCpuUsPerOperation => PerOperation(Servers.Cpu.TotalMicroseconds);

    public double ClientCpuUsPerOperation => PerOperation(Client.Cpu.TotalMicroseconds);

    public double AllocatedBytesPerOperation => PerOperation(Servers.AllocatedBytes);

    public double FlushesPerOperation => PerOperation(Servers.Flushes);

    /// <summary>At most one for each batch: a turn makes one batch of what it appends.</summary>
    public double FlushesPerTurn => (double)Servers.Flushes / Math.Max(1, Servers.Turns);

    public double SentBytesPerOperation => PerOperation(Servers.SentBytes);

    public double DiskBytesPerOperation => PerOperation(Servers.DiskBytes);

    private double PerOperation(double total) => total / Math.Max(1, Counts.Done);
}
