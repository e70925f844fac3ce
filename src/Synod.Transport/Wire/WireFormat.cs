using System.Buffers.Binary;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>The frame: body length (u32), CRC-32C of the body (u32), body. The body begins with
/// the format version and the kind. All numbers are little-endian.</summary>
internal static class WireFormat
{
    /// <summary>The only format there is so far.</summary>
    public const byte Version = 1;

    /// <summary>Length and checksum.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Version and kind.</summary>
    public const int PrefixBytes = 2;

    /// <summary>What a frame costs on top of its payload.</summary>
    public const int OverheadBytes = HeaderBytes + PrefixBytes;

    /// <summary>The largest body in the handshake: a stranger gets no more room.</summary>
    public const int HandshakeBodyBytesMax = 4096;

    /// <summary>A larger payload leaves in pieces of this size. With what stands around it a piece
    /// fits into the usual buffer of a receiver.</summary>
    public const int ChunkBytes = 60 * 1024;

    /// <summary>The largest body after the handshake: a piece, with the length of the whole.
    /// </summary>
    public const int BodyBytesMax = PrefixBytes + sizeof(uint) + ChunkBytes;

    /// <summary>The first ten bytes of a frame with this payload.</summary>
    public static FramePrefix Prefix(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> prefix = [Version, (byte)kind];
        uint crc = Crc32C.Of(payload, Crc32C.Of(prefix));
        return new((uint)(PrefixBytes + payload.Length), crc, kind);
    }

    /// <summary>A whole frame, for the handshake.</summary>
    public static FrameBuffer Frame(FrameKind kind, Action<FrameBuffer> write)
    {
        FrameBuffer payload = new();
        write(payload);
        FrameBuffer frame = new(OverheadBytes + payload.Length);
        Write(frame, Prefix(kind, payload.Written), payload.Written);
        return frame;
    }

    /// <summary>Appends the first piece of a payload of so many bytes.</summary>
    public static void WriteBegin(FrameBuffer buffer, int total, ReadOnlySpan<byte> piece)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)total);
        ReadOnlySpan<byte> prefix = [Version, (byte)FrameKind.Begin];
        uint crc = Crc32C.Of(piece, Crc32C.Of(length, Crc32C.Of(prefix)));
        int body = PrefixBytes + length.Length + piece.Length;
        Write(buffer, new((uint)body, crc, FrameKind.Begin), length);
        buffer.WriteBytes(piece);
    }

    /// <summary>Appends a whole frame.</summary>
    public static void Write(
        FrameBuffer buffer, in FramePrefix prefix, ReadOnlySpan<byte> payload)
    {
        Span<byte> start = buffer.Reserve(OverheadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(start, prefix.BodyBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(start[4..], prefix.Checksum);
        start[8] = Version;
        start[9] = (byte)prefix.Kind;
        buffer.WriteBytes(payload);
    }
}
