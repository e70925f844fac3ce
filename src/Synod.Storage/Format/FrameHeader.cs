using Synod.Kernel;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Synod.Storage;

/// <summary>The head of a batch frame (safety §7). In every format version the first 32 bytes are
/// laid out alike and the last four are the checksum of all before them, so that an older release
/// recognises a newer frame.</summary>
internal readonly record struct FrameHeader
{
    public const int Bytes = 128;
    public const ushort Version = 1;

    private const ulong Magic = 0x474F_4C44_4F4E_5953;
    private const int CommonBytes = 32;
    private const int CrcBytes = sizeof(uint);

    /// <summary>The version of the format; of a newer one only the log is read.</summary>
    public ushort FormatVersion { get; init; }

    /// <summary>The random name of the log, the same in all its segments.</summary>
    public LogId LogId { get; init; }

    /// <summary>Which opening of the log wrote the frame, from 1.</summary>
    public uint Opening { get; init; }

    /// <summary>The generation of the segment.</summary>
    public uint Generation { get; init; }

    /// <summary>Where in the log the frame begins.</summary>
    public long Position { get; init; }

    /// <summary>All before this position was known to be flushed when the frame was
    /// written.</summary>
    public long DurableThrough { get; init; }

    /// <summary>The bytes of the records, which follow the header.</summary>
    public int Length { get; init; }

    /// <summary>How many records there are, copies not counted.</summary>
    public int Records { get; init; }

    /// <summary>The checksum of the header of the frame before.</summary>
    public uint PreviousCrc { get; init; }

    /// <summary>The checksum of the records.</summary>
    public uint BodyCrc { get; init; }

    /// <summary>The number of the segment.</summary>
    public long Sequence { get; init; }

    /// <summary>Where in the log the segment begins: with this a segment is found in its place
    /// though others before it are lost.</summary>
    public long SegmentBase { get; init; }

    /// <summary>Where in the log the opening has begun to write: what stands behind it and was
    /// written by an earlier one is void.</summary>
    public long Since { get; init; }

    /// <summary>How many records the log has before this frame, copies not counted: two frames
    /// tell how many are missing between them.</summary>
    public long RecordsBefore { get; init; }

    /// <summary>How many of those are statements.</summary>
    public long StatementsBefore { get; init; }

    /// <summary>How many of the records of this frame are statements.</summary>
    public int Statements { get; init; }

    /// <summary>All before this position was released when the frame was written: no group needs
    /// it, and its files may be gone.</summary>
    public long ReleasedThrough { get; init; }

    /// <summary>The checksum of this header.</summary>
    public uint Crc { get; init; }

    /// <summary>The bytes of the frame on the disk: whole sectors.</summary>
    public int FrameBytes => Sector.RoundUp(Bytes + Length);

    /// <summary>Where in the log the frame after this one begins, if it is in the same
    /// segment.</summary>
    public long End => Position + FrameBytes;

    /// <summary>How many records the log has up to the end of this frame.</summary>
    public long RecordsThrough => RecordsBefore + Records;

    /// <summary>How many of them are statements.</summary>
    public long StatementsThrough => StatementsBefore + Statements;

    /// <summary>Whether the frame says that it belongs where it was found.</summary>
    public bool IsAt(Segment segment, long offset) =>
        Sequence == segment.Name.Sequence
        && Generation == segment.Name.Generation
        && SegmentBase == segment.Base
        && Position == segment.Base + offset;

    /// <summary>Writes the header, and says its checksum.</summary>
    public uint WriteTo(Span<byte> bytes)
    {
        WriteUInt64LittleEndian(bytes, Magic);
        WriteUInt16LittleEndian(bytes[8..], Version);
        WriteUInt16LittleEndian(bytes[10..], Bytes);
        WriteUInt32LittleEndian(bytes[12..], Opening);
        WriteUInt128LittleEndian(bytes[16..], LogId.Number);
        WriteInt64LittleEndian(bytes[32..], Position);
        WriteInt64LittleEndian(bytes[40..], DurableThrough);
        WriteUInt32LittleEndian(bytes[48..], Generation);
        WriteInt32LittleEndian(bytes[52..], Length);
        WriteInt32LittleEndian(bytes[56..], Records);
        WriteUInt32LittleEndian(bytes[60..], PreviousCrc);
        WriteUInt32LittleEndian(bytes[64..], BodyCrc);
        WriteInt64LittleEndian(bytes[68..], Sequence);
        WriteInt64LittleEndian(bytes[76..], SegmentBase);
        WriteInt64LittleEndian(bytes[84..], Since);
        WriteInt64LittleEndian(bytes[92..], RecordsBefore);
        WriteInt64LittleEndian(bytes[100..], StatementsBefore);
        WriteInt64LittleEndian(bytes[108..], Statements);
        WriteInt64LittleEndian(bytes[116..], ReleasedThrough);
        uint crc = Crc32C.Of(bytes[..(Bytes - CrcBytes)]);
        WriteUInt32LittleEndian(bytes[(Bytes - CrcBytes)..], crc);
        return crc;
    }

    /// <summary>Reads the header that a sector begins with; false if none does that is
    /// intact.</summary>
    public static bool TryRead(ReadOnlySpan<byte> sector, out FrameHeader header)
    {
        header = default;
        FrameReader reader = new(sector);
        bool isHeader = reader.ReadUInt64() == Magic;
        ushort version = reader.ReadUInt16();
        int length = reader.ReadUInt16();
        reader.Require(isHeader && version > 0 && length >= CommonBytes + CrcBytes);
        reader.Require(length <= sector.Length && (version != Version || length == Bytes));
        if (!reader.IsValid)
            return false;

        uint crc = ReadUInt32LittleEndian(sector[(length - CrcBytes)..]);
        if (crc != Crc32C.Of(sector[..(length - CrcBytes)]))
            return false;

        header = version == Version
            ? ReadFrom(ref reader, crc)
            : new FrameHeader
            {
                FormatVersion = version,
                LogId = new LogId(ReadUInt128LittleEndian(sector[16..])),
            };
        return true;
    }

    private static FrameHeader ReadFrom(ref FrameReader reader, uint crc) => new()
    {
        FormatVersion = Version,
        Opening = reader.ReadUInt32(),
        LogId = new LogId(reader.ReadUInt128()),
        Position = reader.ReadInt64(),
        DurableThrough = reader.ReadInt64(),
        Generation = reader.ReadUInt32(),
        Length = reader.ReadInt32(),
        Records = reader.ReadInt32(),
        PreviousCrc = reader.ReadUInt32(),
        BodyCrc = reader.ReadUInt32(),
        Sequence = reader.ReadInt64(),
        SegmentBase = reader.ReadInt64(),
        Since = reader.ReadInt64(),
        RecordsBefore = reader.ReadInt64(),
        StatementsBefore = reader.ReadInt64(),
        Statements = checked((int)reader.ReadInt64()),
        ReleasedThrough = reader.ReadInt64(),
        Crc = crc,
    };
}
