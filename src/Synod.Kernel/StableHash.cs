using System.Buffers.Binary;
using System.Numerics;

namespace Synod.Kernel;

/// <summary>A seeded 64-bit hash that is the same in every process, on every machine and in every
/// release: it goes into footprints and digests. Not for protection against an adversary.</summary>
public static class StableHash
{
    private const ulong First = 0x9E3779B185EBCA87;
    private const ulong Second = 0xC2B2AE3D27D4EB4F;

    /// <summary>The hash of the bytes under the seed.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        unchecked
        {
            ulong hash = seed + (First * ((ulong)bytes.Length + 1));
            while (bytes.Length >= sizeof(ulong))
            {
                hash = Combine(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                bytes = bytes[sizeof(ulong)..];
            }

            ulong rest = 0;
            foreach (byte value in bytes)
                rest = (rest << 8) | value;
            return Finish(Combine(hash, rest));
        }
    }

    /// <summary>Folds one more word into a running hash.</summary>
    public static ulong Combine(ulong hash, ulong word)
    {
        unchecked
        {
            return BitOperations.RotateLeft(hash ^ Finish(word * Second), 27) * First;
        }
    }

    private static ulong Finish(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 33)) * Second;
            hash = (hash ^ (hash >> 29)) * First;
            return hash ^ (hash >> 32);
        }
    }
}
