using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Names an instance: whose it is, and which of its owner's. An owner uses its slots one
/// after the other, from 1, and none twice; slot 0 is no instance.</summary>
internal readonly record struct InstanceId(Member Owner, long Slot) : IComparable<InstanceId>
{
    public bool IsNone => Slot == 0;

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteByte(Owner.Index);
        buffer.WriteInt64(Slot);
    }

    public static InstanceId ReadFrom(ref FrameReader reader)
    {
        byte owner = reader.ReadByte();
        long slot = reader.ReadCount();
        reader.Require(owner < MemberSet.MembersMax && slot > 0);
        return new InstanceId(new Member(owner), slot);
    }

    /// <summary>By owner, then by slot: the order within a cycle.</summary>
    public int CompareTo(InstanceId other)
    {
        int byOwner = Owner.Index.CompareTo(other.Owner.Index);
        return byOwner != 0 ? byOwner : Slot.CompareTo(other.Slot);
    }

    /// <summary>As in <c>m1.7</c>.</summary>
    public override string ToString() => $"{Owner}.{Slot}";
}
