using System.Buffers;
using System.Buffers.Binary;

namespace Synod.Kernel;

/// <summary>A growing, reused run of bytes that frames and records are encoded into, little-endian.
/// Allocates only when it grows. Not safe for use from several threads.</summary>
public sealed class FrameBuffer : IBufferWriter<byte>
{
    private readonly int _capacity;
    private byte[] _bytes = [];

    /// <summary>An empty buffer, which takes no memory until something is written.</summary>
    /// <param name="capacity">For how many bytes there is room then, at least.</param>
    public FrameBuffer(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _capacity = capacity;
    }

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>How many bytes it has room for without growing.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => Length = 0;

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => Reserve(1)[0] = value;

    /// <summary>Writes one byte, 1 for true.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes 2 bytes.</summary>
    public void WriteUInt16(ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(sizeof(ushort)), value);

    /// <summary>Writes 4 bytes.</summary>
    public void WriteInt32(int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(int)), value);

    /// <summary>Writes 4 bytes.</summary>
    public void WriteUInt32(uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);

    /// <summary>Writes 8 bytes.</summary>
    public void WriteInt64(long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);

    /// <summary>Writes 8 bytes.</summary>
    public void WriteUInt64(ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);

    /// <summary>Writes 16 bytes.</summary>
    public void WriteUInt128(UInt128 value) =>
        BinaryPrimitives.WriteUInt128LittleEndian(Reserve(16), value);

    /// <summary>Writes the bytes as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Writes how many bytes there are (4 bytes), then the bytes.</summary>
    public void WriteSized(ReadOnlySpan<byte> bytes)
    {
        WriteInt32(bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>Writes a string as sized UTF-8.</summary>
    public void WriteString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int length = System.Text.Encoding.UTF8.GetByteCount(text);
        WriteInt32(length);
        System.Text.Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    /// <summary>Counts <paramref name="length"/> more bytes as written and gives them to be
    /// filled in. Valid until the next write.</summary>
    public Span<byte> Reserve(int length)
    {
        Grow(length);
        Span<byte> reserved = _bytes.AsSpan(Length, length);
        Length += length;
        return reserved;
    }

    /// <summary>Gives bytes that were written, to be filled in afterwards.</summary>
    public Span<byte> Patch(int offset, int length) => _bytes.AsSpan(0, Length)[offset..][..length];

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int length)
    {
        if (_bytes.Length - Length >= length)
            return;

        int room = Math.Max(_capacity, _bytes.Length * 2);
        Array.Resize(ref _bytes, Math.Max(room, Length + length));
    }
}
