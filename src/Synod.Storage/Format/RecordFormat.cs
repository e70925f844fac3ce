using Synod.Abstractions;
using Synod.Kernel;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Synod.Storage;

/// <summary>How a record stands in a frame: a header of 48 bytes, the body, and zeros up to the
/// next multiple of eight.</summary>
internal static class RecordFormat
{
    public const int HeaderBytes = 48;

    private const int Alignment = 8;
    private const int CrcBytes = sizeof(uint);

    /// <summary>The bytes that a record with a body of this length takes.</summary>
    public static int SizeOf(int bodyLength) =>
        (HeaderBytes + bodyLength + Alignment - 1) / Alignment * Alignment;

    /// <summary>Writes the header of a record whose body is there already.</summary>
    public static void WriteHeader(
        Span<byte> record, LogPosition position, in RecordHeader header, int bodyLength)
    {
        WriteInt32LittleEndian(record[4..], bodyLength);
        WriteUInt64LittleEndian(record[8..], header.Group.Number);
        WriteInt64LittleEndian(record[16..], header.Number.Number);
        WriteUInt128LittleEndian(record[24..], header.Epoch.Lineage.Number);
        WriteUInt32LittleEndian(record[40..], header.Epoch.Number);
        WriteUInt32LittleEndian(record[44..], (byte)header.Owner);
        WriteUInt32LittleEndian(record, CrcOf(record[..(HeaderBytes + bodyLength)], position));
        record[(HeaderBytes + bodyLength)..SizeOf(bodyLength)].Clear();
    }

    /// <summary>Reads the header of a record.</summary>
    public static RecordHeader ReadHeader(ReadOnlySpan<byte> record) => new(
        new GroupId(ReadUInt64LittleEndian(record[8..])),
        new EpochId(
            ReadUInt32LittleEndian(record[40..]),
            new Lineage(ReadUInt128LittleEndian(record[24..]))),
        new RecordNumber(ReadInt64LittleEndian(record[16..])),
        (RecordOwner)record[44]);

    /// <summary>The length of the body that the header claims; -1 if the record cannot be within so
    /// many bytes.</summary>
    public static int BodyLength(ReadOnlySpan<byte> record, long available)
    {
        if (available < HeaderBytes)
            return -1;

        int length = ReadInt32LittleEndian(record[4..]);
        return length >= 0 && length <= available - HeaderBytes ? length : -1;
    }

    /// <summary>Whether header and body are what was written at this position.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record, LogPosition position) =>
        ReadUInt32LittleEndian(record) == CrcOf(record, position);

    // The position is the seed, so a record that the disk put into another's place is not intact.
    private static uint CrcOf(ReadOnlySpan<byte> record, LogPosition position) =>
        Crc32C.Of(record[CrcBytes..], unchecked((uint)(position.Bytes ^ (position.Bytes >> 32))));
}
