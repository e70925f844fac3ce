using System.Buffers.Binary;
using System.Numerics;

namespace Synod.Storage;

/// <summary>The checksum of headers, frames and records (Castagnoli), by the instruction of the
/// processor where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of the bytes. Under another seed equal bytes have another
    /// one.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        uint crc = ~seed;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
