using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Names an instance: whose it is, and which of its owner's. An owner uses its slots one
/// after the other, from 1, and none twice; slot 0 is no instance.</summary>
internal readonly record struct InstanceId : IComparable<InstanceId>
{
    /// <summary>The highest slot.</summary>
    public const long SlotMax = (1L << SlotBits) - 1;

    private const int SlotBits = 56;

    // One number, the owner above: it is looked up, compared and kept for each instance.
    private readonly ulong _bits;

    /// <summary>Names one.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="slot">Which of its owner's, up to <see cref="SlotMax"/>.</param>
    public InstanceId(Member owner, long slot) =>
        _bits = ((ulong)owner.Index << SlotBits) | (ulong)slot;

    public Member Owner => new((byte)(_bits >> SlotBits));

    public long Slot => (long)(_bits & SlotMax);

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
        reader.Require(owner < MemberSet.MembersMax && slot is > 0 and <= SlotMax);
        return reader.IsValid ? new InstanceId(new Member(owner), slot) : default;
    }

    /// <summary>By owner, then by slot: the order within a cycle.</summary>
    public int CompareTo(InstanceId other) => _bits.CompareTo(other._bits);

    /// <summary>As in <c>m1.7</c>.</summary>
    public override string ToString() => $"{Owner}.{Slot}";
}
