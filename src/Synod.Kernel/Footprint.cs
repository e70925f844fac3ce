using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Synod.Kernel;

/// <summary>What commands read and write: keys by their stable hash, or everything. Two that touch
/// a common key, one of them writing, do not commute. The default is everything, which is always
/// safe.</summary>
public readonly struct Footprint : IEquatable<Footprint>
{
    /// <summary>The most keys of one command that are told apart; one over more is
    /// universal.</summary>
    public const int KeysMax = 4;

    /// <summary>The most keys of several commands together.</summary>
    public const int TogetherMax = 128;

    private readonly Few _few;
    private readonly ulong[]? _many;
    private readonly byte _count;
    private readonly byte _written;

    private Footprint(ulong key, int written)
    {
        _few[0] = key;
        (_count, _written) = (1, (byte)written);
    }

    private Footprint(ReadOnlySpan<ulong> keys, int written)
    {
        if (keys.Length <= KeysMax)
            keys.CopyTo(_few);
        else
            _many = keys.ToArray();
        (_count, _written) = ((byte)keys.Length, (byte)written);
    }

    /// <summary>Touches everything.</summary>
    public static Footprint Universal => default;

    /// <summary>How many keys are named; zero for everything.</summary>
    public int Count => _count;

    /// <summary>Whether it touches everything.</summary>
    public bool IsUniversal => Count == 0;

    // Those that are written come first; each of the two parts ascends.
    [UnscopedRef]
    private ReadOnlySpan<ulong> Keys => _many ?? _few[.._count];

    /// <summary>Whether both name the same keys in the same way.</summary>
    public static bool operator ==(Footprint left, Footprint right) => left.Equals(right);

    /// <summary>Whether they differ in a key.</summary>
    public static bool operator !=(Footprint left, Footprint right) => !left.Equals(right);

    /// <summary>Reads one key.</summary>
    public static Footprint Reads(ReadOnlySpan<byte> key) => new(StableHash.Of(key), written: 0);

    /// <summary>Writes one key.</summary>
    public static Footprint Writes(ReadOnlySpan<byte> key) => new(StableHash.Of(key), written: 1);

    /// <summary>This one and another one together; everything, if that is too many keys for one
    /// command.</summary>
    public Footprint And(in Footprint other)
    {
        Footprint both = Together([this, other]);
        return both.Count > KeysMax ? Universal : both;
    }

    /// <summary>What several commands touch: everything, if one of them does.</summary>
    /// <param name="all">With at most <see cref="TogetherMax"/> keys, those named twice counted
    /// twice.</param>
    public static Footprint Together(ReadOnlySpan<Footprint> all)
    {
        (int writes, int reads) = (0, 0);
        foreach (ref readonly Footprint one in all)
        {
            if (one.IsUniversal)
                return Universal;

            writes += one._written;
            reads += one._count - one._written;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(writes + reads, TogetherMax);
        Span<ulong> keys = stackalloc ulong[writes + reads];
        Span<ulong> written = keys[..writes];
        Span<ulong> read = keys[writes..];
        (writes, reads) = (0, 0);
        foreach (ref readonly Footprint one in all)
        {
            one.Keys[..one._written].CopyTo(written[writes..]);
            one.Keys[one._written..].CopyTo(read[reads..]);
            writes += one._written;
            reads += one._count - one._written;
        }

        written = Distinct(written, default);
        read = Distinct(read, written);
        read.CopyTo(keys[written.Length..]);
        return new Footprint(keys[..(written.Length + read.Length)], written.Length);
    }

    /// <summary>The hash of a key.</summary>
    /// <param name="position">From 0 up to, not including, <see cref="Count"/>.</param>
    public ulong KeyAt(int position) => Keys[position];

    /// <summary>Whether a key is written.</summary>
    /// <param name="position">From 0 up to, not including, <see cref="Count"/>.</param>
    public bool IsWrite(int position) => position < _written;

    /// <summary>Whether the order of the two cannot be left open.</summary>
    public bool ConflictsWith(in Footprint other)
    {
        if (IsUniversal || other.IsUniversal)
            return true;
        if (_count > other._count)
            return other.ConflictsWith(this);

        for (int position = 0; position < Count; position++)
        {
            if (other.Has(KeyAt(position), IsWrite(position)))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(Footprint other) =>
        _count == other._count
        && _written == other._written
        && Keys.SequenceEqual(other.Keys);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) =>
        obj is Footprint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((int)_few[0] ^ (int)(_few[0] >> 32) ^ _count);

    /// <summary>Appends the encoded bytes: it travels and is kept with its commands.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteByte(_count);
        buffer.WriteByte(_written);
        foreach (ulong key in Keys)
            buffer.WriteUInt64(key);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote; look at <see cref="FrameReader.IsValid"/>
    /// afterwards.</summary>
    public static Footprint ReadFrom(ref FrameReader reader)
    {
        int count = reader.ReadByte();
        int written = reader.ReadByte();
        reader.Require(count <= TogetherMax && written <= count);
        if (count == 0 || !reader.IsValid)
            return default;
        if (count == 1)
            return new Footprint(reader.ReadUInt64(), written);

        Span<ulong> keys = stackalloc ulong[count];
        for (int position = 0; position < count && reader.IsValid; position++)
            keys[position] = reader.ReadUInt64();
        reader.Require(Ascends(keys[..written]) && Ascends(keys[written..]));
        return reader.IsValid ? new Footprint(keys, written) : default;
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

    private bool Has(ulong key, bool alsoRead)
    {
        ReadOnlySpan<ulong> keys = Keys;
        if (_count == 1)
            return key == keys[0] && (alsoRead || _written == 1);

        return keys[.._written].BinarySearch(key) >= 0
            || (alsoRead && keys[_written..].BinarySearch(key) >= 0);
    }

    // In place: each once, in order, and none that is in the others.
    private static Span<ulong> Distinct(Span<ulong> keys, ReadOnlySpan<ulong> others)
    {
        keys.Sort();
        int kept = 0;
        foreach (ulong key in keys)
        {
            bool isNew = kept == 0 || keys[kept - 1] != key;
            if (isNew && others.BinarySearch(key) < 0)
                keys[kept++] = key;
        }

        return keys[..kept];
    }

    private static bool Ascends(ReadOnlySpan<ulong> keys)
    {
        for (int position = 1; position < keys.Length; position++)
        {
            if (keys[position - 1] >= keys[position])
                return false;
        }

        return true;
    }

    [InlineArray(KeysMax)]
    private struct Few
    {
        private ulong _first;
    }
}
