using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The head of every frame between nodes: which group and which epoch it is about
/// (safety §5). Behind that of a kernel's frame stands the life of the sender, 4 bytes, and the
/// message.</summary>
public readonly record struct NodeFrame(NodeFrameKind Kind, GroupId Group, EpochId Epoch)
{
    private const byte Version = 1;

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)Kind);
        buffer.WriteUInt64(Group.Number);
        buffer.WriteUInt32(Epoch.Number);
        buffer.WriteUInt128(Epoch.Lineage.Number);
    }

    /// <summary>Reads a head; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static NodeFrame ReadFrom(ref FrameReader reader)
    {
        reader.Require(reader.ReadByte() == Version);
        NodeFrameKind kind = (NodeFrameKind)reader.ReadByte();
        reader.Require(kind is >= NodeFrameKind.Kernel and <= NodeFrameKind.CreatedOther);
        GroupId group = new(reader.ReadUInt64());
        uint number = reader.ReadUInt32();
        EpochId epoch = new(number, new Lineage(reader.ReadUInt128()));
        return new NodeFrame(kind, group, epoch);
    }
}
