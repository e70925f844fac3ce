using System.Buffers.Binary;
using System.Numerics;

namespace Synod.Transport;

/// <summary>CRC-32C (Castagnoli), by the processor's own instruction where there is one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of the parts in a row.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) =>
        ~Continue(Continue(uint.MaxValue, first), second);

    private static uint Continue(uint running, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            running = BitOperations.Crc32C(running, word);
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
            running = BitOperations.Crc32C(running, value);
        return running;
    }
}
