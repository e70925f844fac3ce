using System.Buffers;

namespace Synod.Abstractions;

/// <summary>Records that are brought into memory together, beside the thread that owns the log. It
/// belongs to the log from <see cref="ILog.Load"/> until <see cref="ILog.TryTakeLoaded"/> gives it
/// back; then the bodies stay until <see cref="Clear"/>. May be used again.</summary>
public sealed class LogLoad
{
    private readonly List<Entry> _items = [];
    private readonly List<byte[]> _rented = [];

    /// <summary>How many records are asked for.</summary>
    public int Count => _items.Count;

    /// <summary>Whose load it is; for the owner alone.</summary>
    public object? Tag { get; set; }

    /// <summary>Why the disk does not give back one of them; null while all is well.</summary>
    public LogException? Failure { get; set; }

    /// <summary>How many bytes are asked for, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>The place of a record that is asked for.</summary>
    public LogPosition this[int index] => _items[index].Position;

    /// <summary>Asks for one more record. They are kept in the order of their places.</summary>
    /// <param name="position">Where it is.</param>
    /// <param name="bytes">How long its body is, about; 0 if nobody knows.</param>
    public void Add(LogPosition position, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        bool isLast = _items.Count == 0 || _items[^1].Position < position;
        int index = isLast ? _items.Count : IndexOf(position);
        int known = 0;
        if (!isLast && _items[index].Position == position)
        {
            known = _items[index].Bytes;
            _items[index] = _items[index] with { Bytes = Math.Max(known, bytes) };
        }
        else
        {
            _items.Insert(index, new Entry(position, bytes, default, default, false));
        }

        Bytes += Math.Max(0, bytes - known);
    }

    /// <summary>How long the body of a record is, about; for the log.</summary>
    public int BytesOf(int index) => _items[index].Bytes;

    /// <summary>A record has been read; for the log.</summary>
    public void Take(int index, in RecordHeader header, ReadOnlyMemory<byte> body) =>
        _items[index] = _items[index] with { Header = header, Body = body, IsThere = true };

    /// <summary>Memory for bodies, for the log; given back by <see cref="Clear"/>.</summary>
    public byte[] Rent(int bytes)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(bytes);
        _rented.Add(rented);
        return rented;
    }

    /// <summary>The body of a record; false if it was released before it could be read, or was not
    /// asked for.</summary>
    public bool TryGet(LogPosition position, out ReadOnlySpan<byte> body) =>
        TryGet(position, out _, out body);

    /// <summary>A record with its header; false if it was released before it could be read, or was
    /// not asked for.</summary>
    public bool TryGet(
        LogPosition position, out RecordHeader header, out ReadOnlySpan<byte> body)
    {
        int index = IndexOf(position);
        bool isThere = index < _items.Count && _items[index].Position == position
            && _items[index].IsThere;
        header = isThere ? _items[index].Header : default;
        body = isThere ? _items[index].Body.Span : default;
        return isThere;
    }

    /// <summary>Forgets all, to be used again.</summary>
    public void Clear()
    {
        foreach (byte[] rented in _rented)
            ArrayPool<byte>.Shared.Return(rented);
        _rented.Clear();
        _items.Clear();
        Bytes = 0;
        Tag = null;
        Failure = null;
    }

    // The first that is not before the position.
    private int IndexOf(LogPosition position)
    {
        (int low, int high) = (0, _items.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_items[middle].Position < position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private readonly record struct Entry(
        LogPosition Position,
        int Bytes,
        RecordHeader Header,
        ReadOnlyMemory<byte> Body,
        bool IsThere);
}
