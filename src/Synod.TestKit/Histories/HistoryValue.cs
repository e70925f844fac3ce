using System.Globalization;
using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>A value in a history: null (the default), true or false, a whole number of 64 bits, a
/// string, a list or a map of values. Immutable, equal by content, safe for use from several
/// threads. A null, a boolean and a number take no memory beside the value itself.</summary>
public readonly struct HistoryValue : IEquatable<HistoryValue>
{
    private const ulong ListSeed = 3;
    private const ulong MapSeed = 5;

    // Null for null, Booleans, Numbers, or a string, an array of values or a sorted map.
    private readonly object? _content;

    // The boolean or the number; the hash of everything else.
    private readonly long _bits;

    private HistoryValue(object? content, long bits)
    {
        _content = content;
        _bits = bits;
    }

    /// <summary>The null value, which is also the default.</summary>
    public static HistoryValue Null => default;

    /// <summary>The empty list.</summary>
    public static HistoryValue EmptyList { get; } = List([]);

    /// <summary>What it holds.</summary>
    public HistoryKind Kind => _content switch
    {
        null => HistoryKind.Null,
        HistoryKind kind => kind,
        string => HistoryKind.Text,
        HistoryValue[] => HistoryKind.List,
        _ => HistoryKind.Map,
    };

    /// <summary>Whether it is null.</summary>
    public bool IsNull => _content is null;

    private static object Booleans { get; } = HistoryKind.Boolean;

    private static object Numbers { get; } = HistoryKind.Number;

    /// <summary>The value of a number.</summary>
    public static implicit operator HistoryValue(long number) => FromInt64(number);

    /// <summary>The value of true or false.</summary>
    public static implicit operator HistoryValue(bool boolean) => FromBoolean(boolean);

    /// <summary>The value of a string; of no string, null.</summary>
    public static implicit operator HistoryValue(string? text) => FromString(text);

    /// <summary>Whether two values have the same content.</summary>
    public static bool operator ==(HistoryValue left, HistoryValue right) => left.Equals(right);

    /// <summary>Whether two values have different contents.</summary>
    public static bool operator !=(HistoryValue left, HistoryValue right) => !left.Equals(right);

    /// <summary>The value of a number.</summary>
    public static HistoryValue FromInt64(long number) => new(Numbers, number);

    /// <summary>The value of true or false.</summary>
    public static HistoryValue FromBoolean(bool boolean) => new(Booleans, boolean ? 1 : 0);

    /// <summary>The value of a string; of no string, null.</summary>
    public static HistoryValue FromString(string? text) => text is null
        ? default
        : new HistoryValue(text, text.GetHashCode(StringComparison.Ordinal));

    /// <summary>A list of values in this order.</summary>
    public static HistoryValue List(params ReadOnlySpan<HistoryValue> items)
    {
        ulong hash = ListSeed;
        foreach (HistoryValue item in items)
            hash = ListHash(hash, item);
        return new HistoryValue(items.ToArray(), unchecked((long)hash));
    }

    /// <summary>A map of values by name; a later value of a name replaces an earlier one.</summary>
    public static HistoryValue Map(IEnumerable<KeyValuePair<string, HistoryValue>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        SortedDictionary<string, HistoryValue> map = new(StringComparer.Ordinal);
        foreach ((string name, HistoryValue value) in entries)
            map[name] = value;

        ulong hash = MapSeed;
        foreach ((string name, HistoryValue value) in map)
            hash = ListHash(ListHash(hash, name), value);
        return new HistoryValue(map, unchecked((long)hash));
    }

    /// <summary>The number it is.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public long AsInt64() => TryGetInt64(out long number) ? number : throw IsNo("number");

    /// <summary>The string it is.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public string AsString() => _content as string ?? throw IsNo("string");

    /// <summary>Whether it is true or false.</summary>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    public bool AsBoolean() =>
        TryGetBoolean(out bool boolean) ? boolean : throw IsNo("boolean");

    /// <summary>The values of the list it is.</summary>
    /// <exception cref="InvalidOperationException">It is no list.</exception>
    public IReadOnlyList<HistoryValue> AsList() =>
        _content as HistoryValue[] ?? throw IsNo("list");

    /// <summary>The entries of the map it is, in the order of their names.</summary>
    /// <exception cref="InvalidOperationException">It is no map.</exception>
    public IReadOnlyDictionary<string, HistoryValue> AsMap() =>
        _content as SortedDictionary<string, HistoryValue> ?? throw IsNo("map");

    /// <summary>Gets the number, if it is one.</summary>
    public bool TryGetInt64(out long number)
    {
        number = _bits;
        return _content is HistoryKind.Number;
    }

    /// <summary>Gets true or false, if it is one of them.</summary>
    public bool TryGetBoolean(out bool boolean)
    {
        boolean = _bits != 0;
        return _content is HistoryKind.Boolean;
    }

    /// <summary>Whether the contents are the same.</summary>
    public bool Equals(HistoryValue other)
    {
        if (_bits != other._bits)
            return false;
        if (ReferenceEquals(_content, other._content))
            return true;

        return (_content, other._content) switch
        {
            (string mine, string theirs) => mine == theirs,
            (HistoryValue[] mine, HistoryValue[] theirs) => mine.AsSpan().SequenceEqual(theirs),
            (SortedDictionary<string, HistoryValue> mine,
                SortedDictionary<string, HistoryValue> theirs) => mine.SequenceEqual(theirs),
            _ => false,
        };
    }

    /// <summary>Whether the other is a value of the same content.</summary>
    public override bool Equals(object? obj) => obj is HistoryValue other && Equals(other);

    /// <summary>A hash of the content.</summary>
    public override int GetHashCode() => unchecked((int)Hash);

    /// <summary>The value as compact JSON; the same value has always the same text.</summary>
    public override string ToString() => HistoryJson.TextOf(this);

    internal static ulong EmptyListHash => ListSeed;

    internal ulong Hash => StableHash.Combine((ulong)Kind, unchecked((ulong)_bits));

    /// <summary>The hash of a list with one more item, so that a growing list is never hashed
    /// anew.</summary>
    internal static ulong ListHash(ulong hash, HistoryValue item) =>
        StableHash.Combine(hash, item.Hash);

    internal bool IsListOf(ulong hash) =>
        _content is HistoryValue[] && _bits == unchecked((long)hash);

    private InvalidOperationException IsNo(string wanted) => new(string.Create(
        CultureInfo.InvariantCulture, $"{this} is no {wanted}."));
}
