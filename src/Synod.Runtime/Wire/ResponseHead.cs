using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The head of an answer to a client: the number and the group of its request, of which a
/// connection carries those of many groups.</summary>
public readonly record struct ResponseHead(long Number, GroupId Group, ResponseKind Kind)
{
    private const byte Version = 1;

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)NodeFrameKind.Response);
        buffer.WriteInt64(Number);
        buffer.WriteUInt64(Group.Number);
        buffer.WriteByte((byte)Kind);
    }

    /// <summary>Reads the head; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static ResponseHead ReadFrom(ref FrameReader reader)
    {
        reader.Require(reader.ReadByte() == Version);
        reader.Require(reader.ReadByte() == (byte)NodeFrameKind.Response);
        long number = reader.ReadInt64();
        GroupId group = new(reader.ReadUInt64());
        ResponseKind kind = (ResponseKind)reader.ReadByte();
        reader.Require(kind is >= ResponseKind.Applied and <= ResponseKind.NoQuorum);
        return new ResponseHead(number, group, kind);
    }
}
