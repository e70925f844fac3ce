using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Synod.Kernel;

/// <summary>The name of a chain of epochs: a hash over all that was decided to get here. Two groups
/// that parted ways never share one (safety §5).</summary>
public readonly record struct Lineage(UInt128 Number)
{
    /// <summary>The lineage that precedes epoch 0 of a group; <paramref name="randomness"/> is
    /// drawn once, by the creator.</summary>
    public static Lineage Origin(ClusterId cluster, GroupId group, UInt128 randomness)
    {
        Span<byte> bytes = stackalloc byte[40];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, cluster.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], group.Number);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[24..], randomness);
        return Hash(bytes);
    }

    /// <summary>The lineage of the epoch that a change makes of this one.</summary>
    /// <param name="change">The name of the change.</param>
    /// <param name="descriptor">The canonical bytes of the next descriptor.</param>
    public Lineage Next(UInt128 change, ReadOnlySpan<byte> descriptor)
    {
        byte[] bytes = new byte[32 + descriptor.Length];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Number);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(16), change);
        descriptor.CopyTo(bytes.AsSpan(32));
        return Hash(bytes);
    }

    /// <summary>The first eight of thirty-two hexadecimal digits: enough to tell two
    /// apart.</summary>
    public override string ToString() => Number.ToString("x32", null)[..8];

    private static Lineage Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return new Lineage(BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }
}
