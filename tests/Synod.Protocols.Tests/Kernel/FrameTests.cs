using System.Text;
using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

/// <summary><see cref="FrameBuffer"/> and <see cref="FrameReader"/>, both directions.</summary>
public class FrameTests
{
    private const int FieldKinds = 10;

    [Fact]
    public void What_was_written_is_read_back()
    {
        Seeds.ForEach(500, static random =>
        {
            FrameBuffer buffer = new(capacity: (int)random.Below(4));
            (int Kind, ulong Bits)[] fields =
            [
                .. Enumerable.Range(0, 20)
                    .Select(_ => ((int)random.Below(FieldKinds), random.NextBits())),
            ];
            foreach ((int kind, ulong bits) in fields)
                Write(buffer, kind, bits);

            FrameReader reader = new(buffer.Written);
            foreach ((int kind, ulong bits) in fields)
                Assert.Equal(Value(kind, bits), Read(ref reader, kind));
            Assert.True(reader.IsComplete);
        });
    }

    [Fact]
    public void Anything_can_be_read_and_nothing_throws()
    {
        Seeds.ForEach(2000, static random =>
        {
            byte[] bytes = random.Bytes((int)random.Below(40));
            FrameReader reader = new(bytes);
            int before = 0;
            for (int field = 0; field < 10; field++)
            {
                Read(ref reader, (int)random.Below(FieldKinds));
                Assert.InRange(reader.Position, before, bytes.Length);
                before = reader.Position;
            }
        });
    }

    [Fact]
    public void A_cut_frame_is_not_valid()
    {
        Seeds.ForEach(200, static random =>
        {
            FrameBuffer buffer = new();
            int kind = (int)random.Below(FieldKinds);
            Write(buffer, kind, random.NextBits());

            FrameReader reader = new(buffer.Written[..(int)random.Below(buffer.Length)]);
            Read(ref reader, kind);

            Assert.False(reader.IsValid);
            Assert.Equal(Value(0, 0), Read(ref reader, 0));
        });
    }

    [Fact]
    public void A_longer_frame_is_valid_but_not_complete()
    {
        FrameReader reader = new([1, 2]);
        reader.ReadByte();

        Assert.True(reader.IsValid);
        Assert.False(reader.IsComplete);
        Assert.Equal(1, reader.Remaining);
    }

    [Fact]
    public void A_negative_count_is_not_valid()
    {
        FrameBuffer buffer = new();
        buffer.WriteInt64(-1);
        FrameReader reader = new(buffer.Written);

        Assert.Equal(0, reader.ReadCount());
        Assert.False(reader.IsValid);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_length_that_lies_is_not_valid(int length)
    {
        FrameBuffer buffer = new();
        buffer.WriteInt32(length);
        buffer.WriteBytes("abc"u8);
        FrameReader reader = new(buffer.Written);

        Assert.True(reader.ReadSized().IsEmpty);
        Assert.False(reader.IsValid);
    }

    [Fact]
    public void A_patch_fills_a_gap()
    {
        FrameBuffer buffer = new();
        buffer.WriteInt32(0);
        buffer.WriteBytes("abc"u8);
        buffer.Patch(0, 4).Fill(9);

        Assert.Equal([9, 9, 9, 9, (byte)'a', (byte)'b', (byte)'c'], buffer.Written.ToArray());
    }

    [Fact]
    public void A_buffer_is_a_buffer_writer()
    {
        FrameBuffer buffer = new(capacity: 1);
        "abc"u8.CopyTo(buffer.GetSpan(3));
        buffer.Advance(2);

        Assert.Equal("ab"u8.ToArray(), buffer.WrittenMemory.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1 << 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }

    private static void Write(FrameBuffer buffer, int kind, ulong bits)
    {
        switch (Value(kind, bits))
        {
            case byte value:
                buffer.WriteByte(value);
                break;
            case bool value:
                buffer.WriteBoolean(value);
                break;
            case ushort value:
                buffer.WriteUInt16(value);
                break;
            case int value:
                buffer.WriteInt32(value);
                break;
            case uint value:
                buffer.WriteUInt32(value);
                break;
            case long value:
                buffer.WriteInt64(value);
                break;
            case ulong value:
                buffer.WriteUInt64(value);
                break;
            case UInt128 value:
                buffer.WriteUInt128(value);
                break;
            case string value when kind == 8:
                buffer.WriteSized(Encoding.UTF8.GetBytes(value));
                break;
            case string value:
                buffer.WriteString(value);
                break;
        }
    }

    private static object Read(ref FrameReader reader, int kind) => kind switch
    {
        0 => reader.ReadByte(),
        1 => reader.ReadBoolean(),
        2 => reader.ReadUInt16(),
        3 => reader.ReadInt32(),
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt64(),
        6 => reader.ReadUInt64(),
        7 => reader.ReadUInt128(),
        8 => Encoding.UTF8.GetString(reader.ReadSized()),
        _ => reader.ReadString(),
    };

    private static object Value(int kind, ulong bits)
    {
        unchecked
        {
            return kind switch
            {
                0 => (byte)bits,
                1 => bits % 2 == 1,
                2 => (ushort)bits,
                3 => (int)bits,
                4 => (uint)bits,
                5 => (long)bits,
                6 => bits,
                7 => new UInt128(bits, bits / 3),
                _ => Text(bits),
            };
        }
    }

    private static string Text(ulong bits) =>
        string.Concat(Enumerable.Repeat("é€x", (int)(bits % 5)));
}
