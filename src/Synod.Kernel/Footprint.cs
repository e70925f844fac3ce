using System.Runtime.CompilerServices;

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

    private static Footprint One(ReadOnlySpan<byte> key, byte writes)
    {
        Keys keys = default;
        keys[0] = StableHash.Of(key);
        return new Footprint(keys, 1, writes);
    }

    private bool IsWrite(int position) => (_writes & (1 << position)) != 0;

    [InlineArray(KeysMax)]
    private struct Keys
    {
        private ulong _first;
    }
}
