using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The head of every frame between nodes: which group and which epoch it is about
/// (safety §5).</summary>
internal readonly record struct NodeFrame(NodeFrameKind Kind, GroupId Group, EpochId Epoch)
{
    private const byte Version = 1;

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteByte(Version);
        buffer.WriteByte((byte)Kind);
        buffer.WriteUInt64(Group.Number);
        buffer.WriteUInt32(Epoch.Number);
        buffer.WriteUInt128(Epoch.Lineage.Number);
    }

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
