namespace Synod.Kernel;

/// <summary>A list that may become very long: it never moves what it holds, as a list in one array
/// does when that is full. Where all members of a group have as many entries, all of them would
/// stand still at the same time. Not safe for use from several threads.</summary>
/// <typeparam name="T">The items, which refer to nothing.</typeparam>
public sealed class ChunkedList<T>
    where T : unmanaged
{
    /// <summary>How many items a chunk has; the first one grows up to that, so that a short list is
    /// small.</summary>
    public const int ChunkItems = 1 << ChunkBits;

    private const int ChunkBits = 10;
    private const int ItemsMin = 2;

    // Most lists are short: those of ten thousand groups in which nothing happens.
    private T[] _first = [];
    private List<T[]>? _others;
    private int _skipped;

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>An item that is there.</summary>
    /// <param name="index">Its place, from zero.</param>
    public T this[int index]
    {
        get => At(index);
        set => At(index) = value;
    }

    /// <summary>Appends an item.</summary>
    public void Add(in T item)
    {
        int place = _skipped + Count;
        int chunk = place >> ChunkBits;
        if (chunk == 0 && place == _first.Length)
            Array.Resize(ref _first, Math.Max(ItemsMin, 2 * place));
        if (chunk > (_others?.Count ?? 0))
            (_others ??= []).Add(new T[ChunkItems]);
        ChunkOf(place)[place & (ChunkItems - 1)] = item;
        Count++;
    }

    /// <summary>Forgets the items from a place on.</summary>
    /// <param name="count">How many are kept.</param>
    public void CutTo(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
        int others = Math.Max(0, ((_skipped + count + ChunkItems - 1) >> ChunkBits) - 1);
        _others?.RemoveRange(others, _others.Count - others);
    }

    /// <summary>Forgets the first items; the one behind them is at place zero then.</summary>
    public void RemoveFirst(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        _skipped += count;
        Count -= count;
        int chunks = _skipped >> ChunkBits;
        _skipped &= ChunkItems - 1;
        if (chunks == 0)
            return;

        bool isLeft = chunks <= (_others?.Count ?? 0);
        _first = isLeft && _others is not null ? _others[chunks - 1] : [];
        _others?.RemoveRange(0, Math.Min(chunks, _others.Count));
    }

    private ref T At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        int place = _skipped + index;
        return ref ChunkOf(place)[place & (ChunkItems - 1)];
    }

    private T[] ChunkOf(int place)
    {
        int chunk = place >> ChunkBits;
        return chunk == 0 || _others is null ? _first : _others[chunk - 1];
    }
}
