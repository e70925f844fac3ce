using System.Numerics;
using System.Text;

namespace Synod.Kernel;

/// <summary>A set of members of one epoch, at most <see cref="MembersMax"/>, as 16 bits. The
/// default is the empty set.</summary>
public readonly record struct MemberSet(ushort Bits)
{
    /// <summary>The most members an epoch can have.</summary>
    public const int MembersMax = 15;

    /// <summary>How many members are in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Whether nobody is in the set.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>Its member with the lowest position; it must have one.</summary>
    public Member First => new((byte)BitOperations.TrailingZeroCount(Bits));

    /// <summary>The set of all members of an epoch of <paramref name="count"/> members.</summary>
    public static MemberSet All(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MembersMax);
        return new MemberSet((ushort)((1 << count) - 1));
    }

    /// <summary>The set of one member.</summary>
    public static MemberSet Of(Member member) => new((ushort)(1 << member.Index));

    /// <summary>Whether the member is in the set.</summary>
    public bool Contains(Member member) => (Bits & (1 << member.Index)) != 0;

    /// <summary>This set and the member.</summary>
    public MemberSet With(Member member) => new((ushort)(Bits | (1 << member.Index)));

    /// <summary>This set without the member.</summary>
    public MemberSet Without(Member member) => new((ushort)(Bits & ~(1 << member.Index)));

    /// <summary>The members that are in both.</summary>
    public MemberSet And(MemberSet other) => new((ushort)(Bits & other.Bits));

    /// <summary>The members that are in this one and not in the other.</summary>
    public MemberSet Except(MemberSet other) => new((ushort)(Bits & ~other.Bits));

    /// <summary>The members that are in either.</summary>
    public MemberSet Or(MemberSet other) => new((ushort)(Bits | other.Bits));

    /// <summary>Enumerates the members in ascending order; allocates nothing.</summary>
    public Enumerator GetEnumerator() => new(Bits);

    /// <summary>As in <c>{m0,m2}</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new("{");
        foreach (Member member in this)
            text.Append(text.Length > 1 ? "," : "").Append(member);
        return text.Append('}').ToString();
    }

    /// <summary>Walks a set in ascending order.</summary>
    public struct Enumerator
    {
        private int _rest;

        internal Enumerator(ushort bits)
        {
            _rest = bits;
            Current = default;
        }

        /// <summary>The member the walk stands at.</summary>
        public Member Current { get; private set; }

        /// <summary>Goes to the next member, if there is one.</summary>
        public bool MoveNext()
        {
            if (_rest == 0)
                return false;

            Current = new Member((byte)BitOperations.TrailingZeroCount(_rest));
            _rest &= _rest - 1;
            return true;
        }
    }
}
