namespace Synod.TestKit;

/// <summary>The configurations that were tried: what has taken effect, and the state. One that
/// has used fewer of the operations that may happen can do all that one with more can, so that it
/// stands for both. Hashes only find candidates; what is found is compared.</summary>
internal sealed class Memo<TState>
    where TState : notnull, IEquatable<TState>
{
    private const int BucketsMin = 1024;
    private const int None = -1;

    private int[] _buckets = NewBuckets(BucketsMin);
    private Entry[] _entries = new Entry[BucketsMin];
    private ulong[] _words = new ulong[BucketsMin];
    private int _count;
    private int _wordsCount;

    /// <summary>Adds a configuration, unless another one stands for it.</summary>
    public bool TryAdd(DoneSet done, TState state)
    {
        ReadOnlySpan<ulong> required = done.Required;
        ulong hash = done.Hash ^ unchecked((uint)state.GetHashCode() * 0x9E3779B97F4A7C15);
        int next = _buckets[hash % (uint)_buckets.Length];
        for (; next != None; next = _entries[next].Next)
        {
            ref readonly Entry entry = ref _entries[next];
            bool stands = entry.Hash == hash
                && entry.FirstWord == done.FirstWord
                && required.SequenceEqual(_words.AsSpan(entry.Words, entry.WordsCount))
                && entry.State.Equals(state)
                && IsWithin(_words.AsSpan(entry.Words + entry.WordsCount), done.Optional);
            if (stands)
                return false;
        }

        Add(hash, done, state);
        return true;
    }

    private static bool IsWithin(ReadOnlySpan<ulong> fewer, ReadOnlySpan<ulong> more)
    {
        for (int word = 0; word < more.Length; word++)
        {
            if ((fewer[word] & ~more[word]) != 0)
                return false;
        }

        return true;
    }

    private static int[] NewBuckets(int count)
    {
        int[] buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }

    private void Add(ulong hash, DoneSet done, TState state)
    {
        if (_count == _entries.Length)
            Grow();

        ReadOnlySpan<ulong> required = done.Required;
        int bucket = (int)(hash % (uint)_buckets.Length);
        _entries[_count] = new Entry(
            hash, state, _buckets[bucket], done.FirstWord, _wordsCount, required.Length);
        _buckets[bucket] = _count++;
        Append(required);
        Append(done.Optional);
    }

    private void Append(ReadOnlySpan<ulong> words)
    {
        if (_wordsCount + words.Length > _words.Length)
            Array.Resize(ref _words, (_words.Length * 2) + words.Length);
        words.CopyTo(_words.AsSpan(_wordsCount));
        _wordsCount += words.Length;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = NewBuckets(_entries.Length);
        for (int entry = 0; entry < _count; entry++)
        {
            int bucket = (int)(_entries[entry].Hash % (uint)_buckets.Length);
            _entries[entry].Next = _buckets[bucket];
            _buckets[bucket] = entry;
        }
    }

    private struct Entry(
        ulong hash, TState state, int next, int firstWord, int words, int wordsCount)
    {
        public readonly ulong Hash = hash;
        public readonly TState State = state;
        public readonly int FirstWord = firstWord;
        public readonly int Words = words;
        public readonly int WordsCount = wordsCount;
        public int Next = next;
    }
}
