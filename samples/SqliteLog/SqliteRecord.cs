using System.Buffers.Binary;
using System.Numerics;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Samples.SqliteLog;

/// <summary>A record as one blob, header and body, with its place and checksum.</summary>
internal sealed record SqliteRecord(long Position, byte[] Bytes)
{
    public const int HeaderBytes = 38;

    // Group, owner, epoch and lineage: of one such key only the newest statement matters.
    private const int KeyBytes = 29;
    private const int NumberAt = KeyBytes;
    private const int FlagsAt = HeaderBytes - 1;

    public RecordHeader Header => new(
        new GroupId(BinaryPrimitives.ReadUInt64LittleEndian(Bytes)),
        new EpochId(
            BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(9)),
            new Lineage(BinaryPrimitives.ReadUInt128LittleEndian(Bytes.AsSpan(13)))),
        new RecordNumber(BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(NumberAt))),
        (RecordOwner)Bytes[8],
        Bytes[FlagsAt] != 0);

    public byte[] Key => Bytes[..KeyBytes];

    public ReadOnlySpan<byte> Body => Bytes.AsSpan(HeaderBytes);

    public long Crc => CrcOf(Position, Bytes);

    public static SqliteRecord Of(
        long position,
        in RecordHeader header,
        ReadOnlySpan<byte> record,
        ReadOnlySpan<byte> command)
    {
        byte[] bytes = new byte[HeaderBytes + record.Length + command.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, header.Group.Number);
        bytes[8] = (byte)header.Owner;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(9), header.Epoch.Number);
        BinaryPrimitives.WriteUInt128LittleEndian(
            bytes.AsSpan(13), header.Epoch.Lineage.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(NumberAt), header.Number.Number);
        bytes[FlagsAt] = header.IsStatement ? (byte)1 : (byte)0;
        record.CopyTo(bytes.AsSpan(HeaderBytes));
        command.CopyTo(bytes.AsSpan(HeaderBytes + record.Length));
        return new SqliteRecord(position, bytes);
    }

    /// <summary>Whether bytes that were read are those that were written there.</summary>
    public static bool IsIntact(long position, byte[] bytes, long crc) =>
        bytes.Length >= HeaderBytes && CrcOf(position, bytes) == crc;

    /// <summary>CRC-32C of a number and bytes.</summary>
    public static long CrcOf(long number, ReadOnlySpan<byte> bytes)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, (ulong)number);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte rest in bytes)
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
