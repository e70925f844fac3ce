namespace Synod.Storage;

/// <summary>The unit in which frames are placed: none begins inside of another's sector, so a torn
/// write of one cannot hurt its neighbour.</summary>
internal static class Sector
{
    public const int Bytes = 4096;

    /// <summary>The bytes of the sectors that hold so many bytes.</summary>
    public static int RoundUp(int bytes) => (bytes + Bytes - 1) / Bytes * Bytes;

    /// <summary>The bytes of the whole sectors in so many bytes.</summary>
    public static long RoundDown(long bytes) => bytes / Bytes * Bytes;
}
