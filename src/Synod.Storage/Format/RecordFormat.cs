using Synod.Abstractions;
using Synod.Kernel;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Synod.Storage;

/// <summary>How a record stands in a frame: a header of 48 bytes, the body, and zeros up to the
/// next multiple of eight. Behind the records of a frame may be zeros up to the next sector, and
/// there the copies of its statements.</summary>
internal static class RecordFormat
{
    public const int HeaderBytes = 48;

    /// <summary>Owns the records of the log itself, which are floors. Each has the flag of a copy,
    /// so it is not counted.</summary>
    public const RecordOwner FloorOwner = (RecordOwner)3;

    private const int Alignment = 8;
    private const int CrcBytes = sizeof(uint);
    private const int OwnerAt = 44;
    private const int FlagsAt = 45;
    private const int OpeningAt = 46;
    private const byte StatementFlag = 1;
    private const byte CopyFlag = 2;
    private const byte DoubtFlag = 4;

    /// <summary>The bytes that a record with a body of this length takes.</summary>
    public static int SizeOf(int bodyLength) =>
        (HeaderBytes + bodyLength + Alignment - 1) / Alignment * Alignment;

    /// <summary>Writes the header of a record whose body is there already.</summary>
    public static void WriteHeader(
        Span<byte> record, in RecordPlace place, in RecordHeader header, int bodyLength)
    {
        WriteInt32LittleEndian(record[4..], bodyLength);
        WriteUInt64LittleEndian(record[8..], header.Group.Number);
        WriteInt64LittleEndian(record[16..], header.Number.Number);
        WriteUInt128LittleEndian(record[24..], header.Epoch.Lineage.Number);
        WriteUInt32LittleEndian(record[40..], header.Epoch.Number);
        record[OwnerAt] = (byte)header.Owner;
        int flags = (header.IsStatement ? StatementFlag : 0)
            | (place.IsCopy ? CopyFlag : 0)
            | (place.IsDoubtful ? DoubtFlag : 0);
        record[FlagsAt] = (byte)flags;
        WriteUInt16LittleEndian(record[OpeningAt..], unchecked((ushort)place.Opening));
        uint crc = CrcOf(record[..(HeaderBytes + bodyLength)], place.Position, place.LogId);
        WriteUInt32LittleEndian(record, crc);
        record[(HeaderBytes + bodyLength)..SizeOf(bodyLength)].Clear();
    }

    /// <summary>Reads the header of a record.</summary>
    public static RecordHeader ReadHeader(ReadOnlySpan<byte> record) => new(
        new GroupId(ReadUInt64LittleEndian(record[8..])),
        new EpochId(
            ReadUInt32LittleEndian(record[40..]),
            new Lineage(ReadUInt128LittleEndian(record[24..]))),
        new RecordNumber(ReadInt64LittleEndian(record[16..])),
        (RecordOwner)record[OwnerAt],
        (record[FlagsAt] & StatementFlag) != 0);

    /// <summary>Whether the record is a copy; its header is that of the original.</summary>
    public static bool IsCopy(ReadOnlySpan<byte> record) => (record[FlagsAt] & CopyFlag) != 0;

    /// <summary>Whether the record is a copy of what may not have been the newest.</summary>
    public static bool IsDoubtful(ReadOnlySpan<byte> record) => (record[FlagsAt] & DoubtFlag) != 0;

    /// <summary>Whether the record is a floor.</summary>
    public static bool IsFloor(ReadOnlySpan<byte> record) => record[OwnerAt] == (byte)FloorOwner;

    /// <summary>Whether the record was written in this opening, as far as it says.</summary>
    public static bool IsOf(ReadOnlySpan<byte> record, uint opening) =>
        ReadUInt16LittleEndian(record[OpeningAt..]) == unchecked((ushort)opening);

    /// <summary>Whether no record begins here: none has a checksum of zero.</summary>
    public static bool IsPadding(ReadOnlySpan<byte> bytes) =>
        bytes.Length < HeaderBytes || ReadUInt32LittleEndian(bytes) == 0;

    /// <summary>Whether a record may begin here.</summary>
    public static bool IsPossible(ReadOnlySpan<byte> record) =>
        record[OwnerAt] is (byte)RecordOwner.Kernel or (byte)RecordOwner.Runtime
            or (byte)FloorOwner
        && record[FlagsAt] <= (StatementFlag | CopyFlag | DoubtFlag);

    /// <summary>The length of the body that the header claims; -1 if the record cannot be within so
    /// many bytes.</summary>
    public static int BodyLength(ReadOnlySpan<byte> record, long available)
    {
        if (available < HeaderBytes)
            return -1;

        int length = ReadInt32LittleEndian(record[4..]);
        return length >= 0 && length <= available - HeaderBytes ? length : -1;
    }

    /// <summary>Whether header and body are what was written at this position of this
    /// log.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record, LogPosition position, LogId logId) =>
        ReadUInt32LittleEndian(record) == CrcOf(record, position, logId);

    // The position is in the seed, so a record that the disk put into another's place is not
    // intact; and the random name of the log, which clients do not know: they cannot put into a
    // command what would be taken for a record when a frame is damaged.
    private static uint CrcOf(ReadOnlySpan<byte> record, LogPosition position, LogId logId)
    {
        ulong low = unchecked((ulong)logId.Number);
        ulong seed = low ^ (ulong)(logId.Number >> 64) ^ (ulong)position.Bytes;
        uint crc = Crc32C.Of(record[CrcBytes..], unchecked((uint)(seed ^ (seed >> 32))));
        return crc == 0 ? 1 : crc;
    }
}
