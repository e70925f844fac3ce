namespace Synod.Kernel;

/// <summary>Everything that is fixed in an epoch; it never changes (safety §5).</summary>
public sealed record EpochDescriptor
{
    private const byte Version = 1;

    /// <summary>The epoch and the chain it stands in.</summary>
    public required EpochId Id { get; init; }

    /// <summary>The name of the protocol, as in <c>raft</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>1 to 15 members; a <see cref="Member"/> is a position in this list.</summary>
    public required IReadOnlyList<MemberIdentity> Members { get; init; }

    /// <summary>Who leads first without an election; nobody in epoch 0.</summary>
    public Member? NamedLeader { get; init; }

    /// <summary>What else is agreed on.</summary>
    public required EpochParameters Parameters { get; init; }

    /// <summary>The quorums of the epoch.</summary>
    public Quorums Quorums => new(Members.Count);

    /// <summary>All members.</summary>
    public MemberSet All => MemberSet.All(Members.Count);

    /// <summary>The first epoch of a group, with a lineage that nobody else can have.</summary>
    /// <param name="origin">The lineage before it, see <see cref="Lineage.Origin"/>.</param>
    /// <param name="change">The name of the creation.</param>
    /// <param name="shape">The descriptor but for its lineage.</param>
    public static EpochDescriptor First(Lineage origin, UInt128 change, EpochDescriptor shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        FrameBuffer canonical = new();
        (shape with { Id = default }).WriteTo(canonical);
        return shape with { Id = new EpochId(0, origin.Next(change, canonical.Written)) };
    }

    /// <summary>The member with this identity, or null.</summary>
    public Member? Find(MemberIdentity identity)
    {
        for (int index = 0; index < Members.Count; index++)
        {
            if (Members[index] == identity)
                return new Member((byte)index);
        }

        return null;
    }

    /// <summary>The member with this name, whatever its incarnation, or null.</summary>
    public Member? Find(NodeId node)
    {
        for (int index = 0; index < Members.Count; index++)
        {
            if (Members[index].Node == node)
                return new Member((byte)index);
        }

        return null;
    }

    /// <summary>Appends the canonical bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(Version);
        buffer.WriteUInt32(Id.Number);
        buffer.WriteUInt128(Id.Lineage.Number);
        buffer.WriteString(Protocol);
        buffer.WriteByte((byte)Members.Count);
        foreach (MemberIdentity member in Members)
        {
            buffer.WriteUInt32(member.Node.Number);
            buffer.WriteUInt64(member.Incarnation.Number);
        }

        buffer.WriteBoolean(NamedLeader.HasValue);
        buffer.WriteByte(NamedLeader.GetValueOrDefault().Index);
        Parameters.WriteTo(buffer);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote; look at <see cref="FrameReader.IsValid"/>
    /// afterwards.</summary>
    public static EpochDescriptor ReadFrom(ref FrameReader reader)
    {
        reader.Require(reader.ReadByte() == Version);
        uint number = reader.ReadUInt32();
        Lineage lineage = new(reader.ReadUInt128());
        string protocol = reader.ReadString();
        MemberIdentity[] members = ReadMembers(ref reader);
        bool named = reader.ReadBoolean();
        byte leader = reader.ReadByte();
        reader.Require(named ? leader < members.Length : leader == 0);
        return new EpochDescriptor
        {
            Id = new EpochId(number, lineage),
            Protocol = protocol,
            Members = members,
            NamedLeader = named ? new Member(leader) : null,
            Parameters = EpochParameters.ReadFrom(ref reader),
        };
    }

    private static MemberIdentity[] ReadMembers(ref FrameReader reader)
    {
        int count = reader.ReadByte();
        reader.Require(count is >= 1 and <= MemberSet.MembersMax);
        MemberIdentity[] members = new MemberIdentity[reader.IsValid ? count : 0];
        for (int index = 0; index < members.Length; index++)
        {
            NodeId node = new(reader.ReadUInt32());
            members[index] = new MemberIdentity(node, new Incarnation(reader.ReadUInt64()));
        }

        return members;
    }
}
