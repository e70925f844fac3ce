namespace Synod.Compare.Memory;

/// <summary>What was measured of replicas in one process.</summary>
internal sealed record MemoryRow
{
    public required string Protocol { get; init; }

    public required int Clients { get; init; }

    public required int PayloadBytes { get; init; }

    public required double CommandsPerSecond { get; init; }

    /// <summary>Of all replicas and clients together.</summary>
    public required double CpuUsPerCommand { get; init; }

    /// <summary>Likewise, with the memory of the logs, which hold every command until it is
    /// released.</summary>
    public required double AllocatedBytesPerCommand { get; init; }
}
