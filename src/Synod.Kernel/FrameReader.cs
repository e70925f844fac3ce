using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Synod.Kernel;

/// <summary>Reads what <see cref="FrameBuffer"/> wrote, from bytes that may have been written by
/// anyone. Reading past the end never throws: it gives zeros and makes <see cref="IsValid"/>
/// false.</summary>
public ref struct FrameReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next read begins.</summary>
    public int Position { get; private set; }

    /// <summary>Whether all reads so far were within the bytes and all checks held.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>Whether all reads were valid and nothing is left.</summary>
    public readonly bool IsComplete => IsValid && Position == _bytes.Length;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    /// <summary>Makes the reader invalid unless the condition holds.</summary>
    public void Require(bool condition) => IsValid &= condition;

    /// <summary>Reads one byte.</summary>
    public byte ReadByte()
    {
        ReadOnlySpan<byte> taken = ReadBytes(1);
        return taken.IsEmpty ? (byte)0 : taken[0];
    }

    /// <summary>Reads one byte that must be 0 or 1.</summary>
    public bool ReadBoolean()
    {
        byte value = ReadByte();
        Require(value <= 1);
        return value == 1;
    }

    /// <summary>Reads 2 bytes.</summary>
    public ushort ReadUInt16()
    {
        ReadOnlySpan<byte> taken = ReadBytes(sizeof(ushort));
        return taken.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(taken);
    }

    /// <summary>Reads 4 bytes.</summary>
    public int ReadInt32() => unchecked((int)ReadUInt32());

    /// <summary>Reads 4 bytes.</summary>
    public uint ReadUInt32()
    {
        ReadOnlySpan<byte> taken = ReadBytes(sizeof(uint));
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(taken);
    }

    /// <summary>Reads 8 bytes.</summary>
    public long ReadInt64() => unchecked((long)ReadUInt64());

    /// <summary>Reads 8 bytes.</summary>
    public ulong ReadUInt64()
    {
        ReadOnlySpan<byte> taken = ReadBytes(sizeof(ulong));
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(taken);
    }

    /// <summary>Reads 8 bytes that must not be a negative number.</summary>
    public long ReadCount()
    {
        long value = ReadInt64();
        Require(value >= 0);
        return IsValid ? value : 0;
    }

    /// <summary>Reads 16 bytes.</summary>
    public UInt128 ReadUInt128()
    {
        ReadOnlySpan<byte> taken = ReadBytes(16);
        return taken.IsEmpty ? UInt128.Zero : BinaryPrimitives.ReadUInt128LittleEndian(taken);
    }

    /// <summary>Takes the next bytes as they are; empty if there are not so many.</summary>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        Require(length >= 0 && length <= Remaining);
        if (!IsValid)
            return default;

        ReadOnlySpan<byte> taken = _bytes.Slice(Position, length);
        Position += length;
        return taken;
    }

    /// <summary>Reads a length of 4 bytes and takes so many bytes.</summary>
    public ReadOnlySpan<byte> ReadSized() => ReadBytes(ReadInt32());

    /// <summary>Reads a string of sized UTF-8, which must be well-formed: each string has one
    /// encoding.</summary>
    public string ReadString()
    {
        ReadOnlySpan<byte> text = ReadSized();
        Require(Utf8.IsValid(text));
        return IsValid ? Encoding.UTF8.GetString(text) : "";
    }
}
