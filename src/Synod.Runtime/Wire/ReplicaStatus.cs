using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a replica says of itself.</summary>
public sealed record ReplicaStatus
{
    /// <summary>The node that answers.</summary>
    public required NodeId Node { get; init; }

    /// <summary>What it does.</summary>
    public required KernelRole Role { get; init; }

    /// <summary>Who leads, as far as it knows; 0 if it knows nobody.</summary>
    public required NodeId Leader { get; init; }

    /// <summary>The protocol of the epoch; empty until the group is created.</summary>
    public required string Protocol { get; init; }

    /// <summary>The epoch.</summary>
    public required EpochId Epoch { get; init; }

    /// <summary>The members of the epoch.</summary>
    public required IReadOnlyList<MemberIdentity> Members { get; init; }

    /// <summary>The term, or the round of the ballot.</summary>
    public required long Term { get; init; }

    /// <summary>The newest position in its log.</summary>
    public required long Last { get; init; }

    /// <summary>Up to where it knows the log to be committed.</summary>
    public required long Committed { get; init; }

    /// <summary>How many commands it has applied in its life.</summary>
    public required long Applied { get; init; }

    /// <summary>A digest of what it applied: equal on replicas that applied the same.</summary>
    public required ulong Digest { get; init; }

    /// <summary>How full its log is.</summary>
    public required StoragePressure Pressure { get; init; }

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteUInt32(Node.Number);
        buffer.WriteByte((byte)Role);
        buffer.WriteUInt32(Leader.Number);
        buffer.WriteString(Protocol);
        buffer.WriteUInt32(Epoch.Number);
        buffer.WriteUInt128(Epoch.Lineage.Number);
        buffer.WriteByte((byte)Members.Count);
        foreach (MemberIdentity member in Members)
        {
            buffer.WriteUInt32(member.Node.Number);
            buffer.WriteUInt64(member.Incarnation.Number);
        }

        buffer.WriteInt64(Term);
        buffer.WriteInt64(Last);
        buffer.WriteInt64(Committed);
        buffer.WriteInt64(Applied);
        buffer.WriteUInt64(Digest);
        buffer.WriteByte((byte)Pressure);
    }

    /// <summary>Reads a status; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static ReplicaStatus ReadFrom(ref FrameReader reader) => new()
    {
        Node = new NodeId(reader.ReadUInt32()),
        Role = (KernelRole)reader.ReadByte(),
        Leader = new NodeId(reader.ReadUInt32()),
        Protocol = reader.ReadString(),
        Epoch = new EpochId(reader.ReadUInt32(), new Lineage(reader.ReadUInt128())),
        Members = ReadMembers(ref reader),
        Term = reader.ReadInt64(),
        Last = reader.ReadInt64(),
        Committed = reader.ReadInt64(),
        Applied = reader.ReadInt64(),
        Digest = reader.ReadUInt64(),
        Pressure = (StoragePressure)reader.ReadByte(),
    };

    private static MemberIdentity[] ReadMembers(ref FrameReader reader)
    {
        int count = reader.ReadByte();
        reader.Require(count <= MemberSet.MembersMax);
        MemberIdentity[] members = new MemberIdentity[reader.IsValid ? count : 0];
        for (int index = 0; index < members.Length; index++)
        {
            NodeId node = new(reader.ReadUInt32());
            members[index] = new MemberIdentity(node, new Incarnation(reader.ReadUInt64()));
        }

        return members;
    }
}
