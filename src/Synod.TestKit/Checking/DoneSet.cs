using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>Which operations have taken effect, with a hash that is kept up to date. As time
/// goes on nearly all have that were called before and none that are called later, so that only the
/// words between need be remembered.</summary>
internal sealed class DoneSet(int required, int optional)
{
    private const int WordBits = 64;

    private readonly ulong[] _required = new ulong[WordsOf(required)];
    private readonly ulong[] _optional = new ulong[WordsOf(optional)];
    private int _low;
    private int _high;

    /// <summary>The hash of those that must happen.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The first of the words that are neither all done nor all to come.</summary>
    public int FirstWord => _low;

    /// <summary>The words of those that must happen, from the first that is not all done to the
    /// last in which one is.</summary>
    public ReadOnlySpan<ulong> Required
    {
        get
        {
            while (_low < _required.Length && _required[_low] == ulong.MaxValue)
                _low++;
            while (_high > _low && _required[_high - 1] == 0)
                _high--;
            return _required.AsSpan(_low, Math.Max(0, _high - _low));
        }
    }

    public ReadOnlySpan<ulong> Optional => _optional;

    public bool Contains(int operation) => operation < required
        ? IsSet(_required, operation)
        : IsSet(_optional, operation - required);

    public void Add(int operation)
    {
        Flip(operation);
        if (operation < required)
            _high = Math.Max(_high, (operation / WordBits) + 1);
    }

    public void Remove(int operation)
    {
        Flip(operation);
        if (operation < required)
            _low = Math.Min(_low, operation / WordBits);
    }

    private static int WordsOf(int bits) => (bits + WordBits - 1) / WordBits;

    private static bool IsSet(ulong[] words, int bit) =>
        (words[bit / WordBits] & (1UL << (bit % WordBits))) != 0;

    private void Flip(int operation)
    {
        bool isRequired = operation < required;
        ulong[] words = isRequired ? _required : _optional;
        int bit = isRequired ? operation : operation - required;
        words[bit / WordBits] ^= 1UL << (bit % WordBits);
        if (isRequired)
            Hash ^= StableHash.Combine(0, (ulong)operation);
    }
}
