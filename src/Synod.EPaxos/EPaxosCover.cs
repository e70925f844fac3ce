using System.Text;
using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Dependencies as a cover vector: of each owner a slot, which stands for that slot and
/// all before it. Immutable; the default covers nothing.</summary>
internal readonly struct EPaxosCover : IEquatable<EPaxosCover>
{
    private readonly long[]? _slots;

    private EPaxosCover(long[] slots) => _slots = slots;

    /// <summary>Up to which slot of an owner all are covered.</summary>
    public long this[int owner] =>
        _slots is not null && owner < _slots.Length ? _slots[owner] : 0;

    /// <summary>Of how many owners it says something: the first ones.</summary>
    public int Length => _slots?.Length ?? 0;

    /// <summary>Whether it covers nothing.</summary>
    public bool IsEmpty => this == default;

    /// <summary>How many instances it covers.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (int owner = 0; owner < (_slots?.Length ?? 0); owner++)
                count += this[owner];
            return count;
        }
    }

    /// <summary>A cover of these slots; the span is copied.</summary>
    public static EPaxosCover Of(ReadOnlySpan<long> slots)
    {
        int length = slots.Length;
        while (length > 0 && slots[length - 1] == 0)
            length--;
        return length == 0 ? default : new EPaxosCover(slots[..length].ToArray());
    }

    /// <summary>The other one if it is equal: one copy is enough of what is kept for long.
    /// </summary>
    public EPaxosCover SharedWith(in EPaxosCover other) => this == other ? other : this;

    /// <summary>Whether the instance is covered.</summary>
    public bool Covers(InstanceId id) => id.Slot <= this[id.Owner.Index];

    /// <summary>Whether all that the other one covers is covered.</summary>
    public bool Includes(in EPaxosCover other)
    {
        for (int owner = 0; owner < (other._slots?.Length ?? 0); owner++)
        {
            if (other[owner] > this[owner])
                return false;
        }

        return true;
    }

    /// <summary>What either covers.</summary>
    public EPaxosCover Union(in EPaxosCover other)
    {
        if (Includes(other))
            return this;
        if (other.Includes(this))
            return other;

        long[] both = new long[Math.Max(_slots?.Length ?? 0, other._slots?.Length ?? 0)];
        for (int owner = 0; owner < both.Length; owner++)
            both[owner] = Math.Max(this[owner], other[owner]);
        return new EPaxosCover(both);
    }

    /// <summary>What it covers, and all up to these slots. Copied only if that is more.</summary>
    public EPaxosCover Union(ReadOnlySpan<long> slots)
    {
        bool isCovered = true;
        for (int owner = 0; owner < slots.Length; owner++)
            isCovered &= slots[owner] <= this[owner];
        if (isCovered)
            return this;
        if (_slots is null)
            return Of(slots);

        long[] both = new long[Math.Max(_slots.Length, slots.Length)];
        slots.CopyTo(both);
        for (int owner = 0; owner < _slots.Length; owner++)
            both[owner] = Math.Max(both[owner], _slots[owner]);
        return Of(both);
    }

    public void WriteTo(FrameBuffer buffer)
    {
        int length = _slots?.Length ?? 0;
        buffer.WriteByte((byte)length);
        for (int owner = 0; owner < length; owner++)
            buffer.WriteInt64(this[owner]);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote: each cover has one encoding.</summary>
    public static EPaxosCover ReadFrom(ref FrameReader reader)
    {
        int length = reader.ReadByte();
        reader.Require(length <= MemberSet.MembersMax);
        if (!reader.IsValid || length == 0)
            return default;

        long[] slots = new long[length];
        for (int owner = 0; owner < length; owner++)
            slots[owner] = reader.ReadCount();
        reader.Require(slots[^1] > 0);
        return new EPaxosCover(slots);
    }

    public void AddTo(ref StateHash hash)
    {
        for (int owner = 0; owner < (_slots?.Length ?? 0); owner++)
            hash.Add(this[owner]);
        hash.Add(-1);
    }

    public bool Equals(EPaxosCover other) =>
        _slots == other._slots
        || _slots.AsSpan().SequenceEqual(other._slots);

    public override bool Equals(object? obj) => obj is EPaxosCover other && Equals(other);

    public override int GetHashCode()
    {
        StateHash hash = default;
        AddTo(ref hash);
        return unchecked((int)hash.Value);
    }

    public static bool operator ==(in EPaxosCover left, in EPaxosCover right) => left.Equals(right);

    public static bool operator !=(in EPaxosCover left, in EPaxosCover right) =>
        !left.Equals(right);

    /// <summary>As in <c>[3,0,7]</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new("[");
        for (int owner = 0; owner < (_slots?.Length ?? 0); owner++)
            text.Append(owner > 0 ? "," : "").Append(this[owner]);
        return text.Append(']').ToString();
    }
}
