using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Synod.Kernel;

/// <summary>What a command reads and writes: up to four keys by their stable hash, or
/// everything. Two commands that touch a common key, one of them writing, do not commute. The
/// default is everything, which is always safe.</summary>
public readonly struct Footprint
{
    /// <summary>The most keys that are told apart; a command over more is universal.</summary>
    public const int KeysMax = 4;

    private readonly Keys _keys;
    private readonly byte _writes;

    private Footprint(Keys keys, int count, byte writes)
    {
        _keys = keys;
        Count = count;
        _writes = writes;
    }

    /// <summary>Touches everything.</summary>
    public static Footprint Universal => default;

    /// <summary>How many keys are named; zero for everything.</summary>
    public int Count { get; }

    /// <summary>Whether it touches everything.</summary>
    public bool IsUniversal => Count == 0;

    /// <summary>Reads one key.</summary>
    public static Footprint Reads(ReadOnlySpan<byte> key) => One(key, writes: 0);

    /// <summary>Writes one key.</summary>
    public static Footprint Writes(ReadOnlySpan<byte> key) => One(key, writes: 1);

    /// <summary>This one and another one together; everything, if that is too many keys.</summary>
    public Footprint And(in Footprint other)
    {
        Footprint both = IsUniversal || other.IsUniversal ? Universal : this;
        for (int position = 0; position < other.Count && !both.IsUniversal; position++)
            both = both.With(other._keys[position], other.IsWrite(position));
        return both;
    }

    /// <summary>The hash of a key.</summary>
    /// <param name="position">From 0 up to, not including, <see cref="Count"/>.</param>
    public ulong KeyAt(int position) => _keys[position];

    /// <summary>Whether a key is written.</summary>
    /// <param name="position">From 0 up to, not including, <see cref="Count"/>.</param>
    public bool IsWrite(int position) => (_writes & (1 << position)) != 0;

    /// <summary>Whether the order of the two cannot be left open.</summary>
    public bool ConflictsWith(in Footprint other)
    {
        if (IsUniversal || other.IsUniversal)
            return true;

        for (int mine = 0; mine < Count; mine++)
        {
            for (int theirs = 0; theirs < other.Count; theirs++)
            {
                bool writes = IsWrite(mine) || other.IsWrite(theirs);
                if (writes && _keys[mine] == other._keys[theirs])
                    return true;
            }
        }

        return false;
    }

    /// <summary>Appends the encoded bytes: it travels and is kept with its command.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte((byte)Count);
        buffer.WriteByte(_writes);
        for (int position = 0; position < Count; position++)
            buffer.WriteUInt64(_keys[position]);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote; look at <see cref="FrameReader.IsValid"/>
    /// afterwards.</summary>
    public static Footprint ReadFrom(ref FrameReader reader)
    {
        int count = reader.ReadByte();
        byte writes = reader.ReadByte();
        reader.Require(count <= KeysMax && writes < 1 << count);
        Keys keys = default;
        for (int position = 0; position < count && reader.IsValid; position++)
            keys[position] = reader.ReadUInt64();
        return reader.IsValid ? new Footprint(keys, count, writes) : default;
    }

    /// <summary>As in <c>w00000000000000ff r0000000000000100</c>: what it does, and the hash of the
    /// key.</summary>
    public override string ToString()
    {
        if (IsUniversal)
            return "everything";

        StringBuilder text = new();
        for (int position = 0; position < Count; position++)
        {
            text.Append(position > 0 ? " " : "").Append(IsWrite(position) ? 'w' : 'r');
            text.Append(CultureInfo.InvariantCulture, $"{KeyAt(position):x16}");
        }

        return text.ToString();
    }

    private Footprint With(ulong key, bool isWrite)
    {
        Keys keys = _keys;
        for (int position = 0; position < Count; position++)
        {
            if (keys[position] == key)
                return new Footprint(keys, Count, (byte)(_writes | Bit(position, isWrite)));
        }

        if (Count == KeysMax)
            return Universal;

        keys[Count] = key;
        return new Footprint(keys, Count + 1, (byte)(_writes | Bit(Count, isWrite)));
    }

    private static int Bit(int position, bool isWrite) => isWrite ? 1 << position : 0;

    private static Footprint One(ReadOnlySpan<byte> key, byte writes)
    {
        Keys keys = default;
        keys[0] = StableHash.Of(key);
        return new Footprint(keys, 1, writes);
    }

    [InlineArray(KeysMax)]
    private struct Keys
    {
        private ulong _first;
    }
}
