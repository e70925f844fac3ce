using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>The bytes of a status, part by part, both directions beside each other.</content>
public sealed partial record ReplicaStatus
{
    private const long NoClock = long.MinValue;

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        WriteNode(buffer);
        WriteEpoch(buffer);
        WriteLog(buffer);
        WriteState(buffer);
    }

    /// <summary>Reads a status; look at <see cref="FrameReader.IsValid"/> afterwards.</summary>
    public static ReplicaStatus ReadFrom(ref FrameReader reader)
    {
        ReplicaStatus status = ReadNode(ref reader);
        status = ReadEpoch(ref reader, status);
        status = ReadLog(ref reader, status);
        return ReadState(ref reader, status);
    }

    private void WriteNode(FrameBuffer buffer)
    {
        buffer.WriteUInt64(Group.Number);
        buffer.WriteUInt32(Node.Number);
        buffer.WriteUInt64(Incarnation.Number);
        buffer.WriteUInt64(Boot.Number);
        buffer.WriteUInt32(Life.Number);
        buffer.WriteInt64(Uptime.Ticks);
        buffer.WriteInt64(Clock?.ToUnixTimeMilliseconds() ?? NoClock);
        buffer.WriteByte((byte)Role);
        buffer.WriteUInt32(Leader.Number);
        buffer.WriteInt64(Term);
    }

    private static ReplicaStatus ReadNode(ref FrameReader reader) => new()
    {
        Group = new GroupId(reader.ReadUInt64()),
        Node = new NodeId(reader.ReadUInt32()),
        Incarnation = new Incarnation(reader.ReadUInt64()),
        Boot = new Boot(reader.ReadUInt64()),
        Life = new Life(reader.ReadUInt32()),
        Uptime = TimeSpan.FromTicks(reader.ReadInt64()),
        Clock = ReadClock(ref reader),
        Role = (KernelRole)ReadUpTo((int)KernelRole.Serving, ref reader),
        Leader = new NodeId(reader.ReadUInt32()),
        Term = reader.ReadInt64(),
        Protocol = "",
        Epoch = default,
        Members = [],
        Last = 0,
        Committed = 0,
        Applied = 0,
        Digest = 0,
        Pressure = default,
    };

    private void WriteEpoch(FrameBuffer buffer)
    {
        buffer.WriteString(Protocol);
        buffer.WriteUInt32(Epoch.Number);
        buffer.WriteUInt128(Epoch.Lineage.Number);
        buffer.WriteByte((byte)Members.Count);
        foreach (MemberIdentity member in Members)
        {
            buffer.WriteUInt32(member.Node.Number);
            buffer.WriteUInt64(member.Incarnation.Number);
        }

        buffer.WriteBoolean(Unresponsive is not null);
        buffer.WriteByte((byte)(Unresponsive?.Count ?? 0));
        foreach (NodeId node in Unresponsive ?? [])
            buffer.WriteUInt32(node.Number);
        buffer.WriteString(Machine);
        buffer.WriteInt32(MachineVersion);
        WriteOptional(buffer, MachineFailure);
        buffer.WriteByte((byte)Durability);
    }

    private static ReplicaStatus ReadEpoch(ref FrameReader reader, ReplicaStatus status) =>
        status with
        {
            Protocol = reader.ReadString(),
            Epoch = new EpochId(reader.ReadUInt32(), new Lineage(reader.ReadUInt128())),
            Members = ReadMembers(ref reader),
            Unresponsive = ReadUnresponsive(ref reader),
            Machine = reader.ReadString(),
            MachineVersion = reader.ReadInt32(),
            MachineFailure = ReadOptional(ref reader),
            Durability = (Durability)ReadUpTo((int)Durability.UnsafeNoFlush, ref reader),
        };

    private void WriteLog(FrameBuffer buffer)
    {
        buffer.WriteInt64(Last);
        buffer.WriteInt64(Committed);
        buffer.WriteInt64(Durable);
        buffer.WriteInt64(FirstKept);
        buffer.WriteInt64(Snapshot);
        buffer.WriteByte((byte)Pressure);
        buffer.WriteByte((byte)Health);
        buffer.WriteInt32(Log.Segments);
        buffer.WriteInt64(Log.Bytes);
        buffer.WriteInt64(Log.RoomBytes);
        buffer.WriteInt64(Log.CapacityBytes);
        WriteOptional(buffer, Log.Damage);
        WriteOptional(buffer, Poison);
    }

    private static ReplicaStatus ReadLog(ref FrameReader reader, ReplicaStatus status) =>
        status with
        {
            Last = reader.ReadInt64(),
            Committed = reader.ReadInt64(),
            Durable = reader.ReadInt64(),
            FirstKept = reader.ReadInt64(),
            Snapshot = reader.ReadInt64(),
            Pressure = (StoragePressure)ReadUpTo((int)StoragePressure.Full, ref reader),
            Health = (KernelHealth)ReadUpTo((int)KernelHealth.Voiceless, ref reader),
            Log = new LogStatus
            {
                Segments = reader.ReadInt32(),
                Bytes = reader.ReadInt64(),
                RoomBytes = reader.ReadInt64(),
                CapacityBytes = reader.ReadInt64(),
                Damage = ReadOptional(ref reader),
            },
            Poison = ReadOptional(ref reader),
        };

    private void WriteState(FrameBuffer buffer)
    {
        buffer.WriteInt64(Applied);
        buffer.WriteUInt64(Digest);
        buffer.WriteInt64(Sessions);
        buffer.WriteInt64(Watches);
        buffer.WriteInt32(PendingRequests);
        buffer.WriteInt64(PendingBytes);
    }

    private static ReplicaStatus ReadState(ref FrameReader reader, ReplicaStatus status) =>
        status with
        {
            Applied = reader.ReadInt64(),
            Digest = reader.ReadUInt64(),
            Sessions = reader.ReadInt64(),
            Watches = reader.ReadInt64(),
            PendingRequests = reader.ReadInt32(),
            PendingBytes = reader.ReadInt64(),
        };

    private static DateTimeOffset? ReadClock(ref FrameReader reader)
    {
        long clock = reader.ReadInt64();
        bool isClock = clock >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && clock <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        reader.Require(isClock || clock == NoClock);
        return isClock ? DateTimeOffset.FromUnixTimeMilliseconds(clock) : null;
    }

    private static byte ReadUpTo(int max, ref FrameReader reader)
    {
        byte value = reader.ReadByte();
        reader.Require(value <= max);
        return value;
    }

    private static void WriteOptional(FrameBuffer buffer, string? text)
    {
        buffer.WriteBoolean(text is not null);
        buffer.WriteString(text ?? "");
    }

    private static string? ReadOptional(ref FrameReader reader)
    {
        bool isThere = reader.ReadBoolean();
        string text = reader.ReadString();
        return isThere ? text : null;
    }

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

    private static NodeId[]? ReadUnresponsive(ref FrameReader reader)
    {
        bool isKnown = reader.ReadBoolean();
        int count = reader.ReadByte();
        reader.Require(count <= MemberSet.MembersMax && (isKnown || count == 0));
        NodeId[] nodes = new NodeId[reader.IsValid ? count : 0];
        for (int index = 0; index < nodes.Length; index++)
            nodes[index] = new NodeId(reader.ReadUInt32());
        return isKnown ? nodes : null;
    }
}
