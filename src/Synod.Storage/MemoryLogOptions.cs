namespace Synod.Storage;

/// <summary>The sizes of a log in memory.</summary>
public sealed record MemoryLogOptions
{
    private const int BlocksPerReserveMin = 4;
    private const int ReservesMin = 2;

    /// <summary>The bytes that are taken at a time, which is the room of the largest record too.
    /// Default 4 MiB; a multiple of 8.</summary>
    public int BlockBytes { get; init; } = 4 << 20;

    /// <summary>The bytes at the end that only votes, terms and the entries of others may use; of
    /// the last quarter of it only votes and terms. Default 64 MiB; at least four blocks.</summary>
    public long ReserveBytes { get; init; } = 64 << 20;

    /// <summary>The most bytes that it may take, of the memory of the process. Default 8 GiB; at
    /// least two reserves.</summary>
    public long CapacityBytes { get; init; } = 8L << 30;

    /// <summary>Throws unless the sizes fit together.</summary>
    /// <exception cref="ArgumentException">They do not; says which and why.</exception>
    public void Validate()
    {
        Require(
            BlockBytes is >= Sector.Bytes and <= 1 << 30 && BlockBytes % 8 == 0,
            $"{nameof(BlockBytes)} must be a multiple of 8 from {Sector.Bytes} to 1 GiB");
        Require(
            ReserveBytes / BlocksPerReserveMin >= BlockBytes,
            $"{nameof(ReserveBytes)} must be at least {BlocksPerReserveMin} blocks");
        Require(
            CapacityBytes / ReservesMin >= ReserveBytes,
            $"{nameof(CapacityBytes)} must be at least {ReservesMin} reserves");
    }

    private void Require(bool condition, string rule)
    {
        if (!condition)
            throw new ArgumentException($"{rule}. The options are {this}.");
    }
}
