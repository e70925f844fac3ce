namespace Synod.Kernel;

/// <summary>Which forwards of one member a leader has taken in its term, so that a frame that comes
/// twice is taken once. It remembers the newest life of the member and its newest tags; whatever is
/// older is taken for known.</summary>
public sealed class ForwardWindow
{
    /// <summary>How many tags it tells apart.</summary>
    public const int TagsMax = 4096;

    private const int BitsPerWord = 64;

    private readonly ulong[] _taken = new ulong[TagsMax / BitsPerWord];
    private (ulong Boot, uint Life) _life;
    private long _newest;

    /// <summary>Notes a tag; false if it is known, or so old that it may be.</summary>
    public bool TryTake(in (ulong Boot, uint Life) life, long tag)
    {
        int order = life.CompareTo(_life);
        if (order < 0 || tag <= 0)
            return false;
        if (order > 0)
            Begin(life);
        if (tag <= _newest - TagsMax)
            return false;

        Forget(tag);
        ref ulong word = ref _taken[tag % TagsMax / BitsPerWord];
        ulong bit = 1UL << (int)(tag % BitsPerWord);
        bool isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    /// <summary>Adds all of it.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(unchecked((long)_life.Boot));
        hash.Add(_life.Life);
        hash.Add(_newest);
        foreach (ulong word in _taken)
            hash.Add(unchecked((long)word));
    }

    private void Begin(in (ulong Boot, uint Life) life)
    {
        _life = life;
        _newest = 0;
        Array.Clear(_taken);
    }

    // The places of the tags between the newest and this one held older ones.
    private void Forget(long tag)
    {
        for (long back = Math.Min(tag - _newest, TagsMax) - 1; back >= 0; back--)
        {
            long skipped = tag - back;
            _taken[skipped % TagsMax / BitsPerWord] &= ~(1UL << (int)(skipped % BitsPerWord));
        }

        _newest = Math.Max(_newest, tag);
    }
}
