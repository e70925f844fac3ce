using System.Buffers.Binary;
using System.Numerics;

namespace Synod.Kernel;

/// <summary>CRC-32C (Castagnoli), the checksum of all that is written or sent, by the instruction
/// of the processor where it has one.</summary>
public static class Crc32C
{
    /// <summary>The checksum of the bytes. With the checksum of what stands before them as the seed
    /// it is the checksum of all; under different seeds equal bytes have different ones.</summary>
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
