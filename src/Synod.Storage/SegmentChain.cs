using System.Diagnostics.CodeAnalysis;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The segments of the log in their order: those behind, the one that is written to, and
/// the spare ones ahead. One spare is the reserve: it is begun only together with the attempt to
/// make another one, and when that fails new commands are refused (safety §7).</summary>
internal sealed class SegmentChain
{
    private const int RestParts = 4;

    private readonly FileLogOptions _options;
    private readonly List<Segment> _segments;
    private int _current;
    private bool _isLast;

    /// <summary>A chain of segments that are there; empty for a new log.</summary>
    public SegmentChain(FileLogOptions options, IEnumerable<Segment> segments)
    {
        _options = options;
        _segments = [.. segments];
    }

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<Segment> All => _segments;

    /// <summary>The position at which the oldest begins.</summary>
    public long Base => _segments.Count == 0 ? 0 : _segments[0].Base;

    /// <summary>The bytes of all of them.</summary>
    public long RoomBytes => _segments.Count == 0 ? 0 : _segments[^1].End - Base;

    /// <summary>The one that is written to.</summary>
    public Segment Current => _segments[_current];

    /// <summary>Whether there is one behind the current one.</summary>
    public bool HasSpare => _current + 1 < _segments.Count;

    /// <summary>How many are behind the current one.</summary>
    public int Spares => _segments.Count - _current - 1;

    /// <summary>Goes on to the next one; there must be a spare.</summary>
    public Segment Roll()
    {
        _current++;
        return Current;
    }

    /// <summary>Plans the segment that is missing ahead. Null if none is, or the capacity does not
    /// allow it.</summary>
    /// <param name="waiting">The bytes of the files that are released and not gone yet.</param>
    public Segment? PlanSpare(long waiting)
    {
        if (HasSpare)
            return null;

        long bytes = _options.SegmentBytes + waiting;
        foreach (Segment segment in _segments)
            bytes += segment.Length;
        if (bytes > _options.CapacityBytes)
        {
            _isLast = true;
            return null;
        }

        Segment spare = _segments.Count == 0
            ? new Segment(SegmentName.First, 0, _options.SegmentBytes)
            : new Segment(_segments[^1].Name.Next(), _segments[^1].End, _options.SegmentBytes);
        _segments.Add(spare);
        return spare;
    }

    /// <summary>Takes out the segments that lie before a position; the current one does
    /// not.</summary>
    public IReadOnlyList<Segment> Release(long through)
    {
        int count = 0;
        while (count < _current && _segments[count].End <= through)
            count++;
        List<Segment> released = _segments.GetRange(0, count);
        _segments.RemoveRange(0, count);
        _current -= count;
        return released;
    }

    /// <summary>Plans a spare segment in the file of one that is released.</summary>
    public Segment PlanRecycled(Segment released)
    {
        SegmentName name = released.Name.RecycledAs(_segments[^1].Name.Next().Sequence);
        Segment spare = new(name, _segments[^1].End, released.Length);
        _segments.Add(spare);
        return spare;
    }

    /// <summary>Makes again, in full length, the segments from an index on, which hold no frame;
    /// where one cannot be made, it and all behind it are left out.</summary>
    public void Renew(int from, Func<Segment, bool> tryCreate)
    {
        for (int index = from; index < _segments.Count; index++)
        {
            Segment old = _segments[index];
            Segment renewed = old with
            {
                Base = index == 0 ? 0 : _segments[index - 1].End,
                Length = Math.Max(old.Length, _options.SegmentBytes),
            };
            if (!tryCreate(renewed))
            {
                _segments.RemoveRange(index, _segments.Count - index);
                return;
            }

            _segments[index] = renewed;
        }
    }

    /// <summary>A planned segment is there. One that the log is in already is no spare: what was
    /// found out since about the next one stays true.</summary>
    public void Created(string file)
    {
        for (int index = _current + 1; index < _segments.Count; index++)
            _isLast &= _segments[index].File != file;
    }

    /// <summary>A planned segment does not fit on the disk. False if it is in use
    /// already.</summary>
    public bool Withdraw(string file)
    {
        _isLast = true;
        int index = _segments.FindIndex(segment => segment.File == file);
        if (index <= _current)
            return false;

        _segments.RemoveRange(index, _segments.Count - index);
        return true;
    }

    /// <summary>How full the log is when it ends at a position.</summary>
    public StoragePressure PressureAt(long end)
    {
        // A spare that is being tried again counts only once it is there: otherwise each attempt
        // on a full disk would let new commands in for a moment.
        if (!_isLast)
            return StoragePressure.None;
        return Current.End - end < Current.Length / RestParts
            ? StoragePressure.Full
            : StoragePressure.High;
    }

    /// <summary>Whether a spare is missing that did not fit before.</summary>
    public bool IsWaitingForRoom => _isLast && !HasSpare;

    /// <summary>The segment that holds a position.</summary>
    public bool TryFind(long position, [NotNullWhen(true)] out Segment? segment)
    {
        for (int index = _current; index >= 0; index--)
        {
            segment = _segments[index];
            if (position >= segment.Base && position < segment.End)
                return true;
        }

        segment = null;
        return false;
    }

    /// <summary>Makes the segment that holds the position the current one.</summary>
    public void Seek(long position)
    {
        while (HasSpare && position >= Current.End)
            Roll();
    }
}
