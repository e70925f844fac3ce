using System.Buffers.Binary;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Bytes from a seed.</summary>
internal sealed class SeededRandomBytes(ulong seed)
{
    private readonly SeededRandom _random = new(seed);

    public void Fill(Span<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, _random.NextBits());
        foreach (ref byte value in bytes)
            value = (byte)_random.Below(256);
    }
}
