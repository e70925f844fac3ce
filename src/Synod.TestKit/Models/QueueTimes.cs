namespace Synod.TestKit;

/// <summary>How many of some operations come before another one at least and at most, and what such
/// a number tells about its time. Owned by one round.</summary>
internal sealed class QueueTimes
{
    private readonly Narrowing _narrowing;
    private readonly HashSet<int> _members;
    private readonly long[] _calls;
    private readonly long[] _returns;

    public QueueTimes(Narrowing narrowing, IEnumerable<int> members)
    {
        _narrowing = narrowing;
        _members = [.. members];
        _calls = [.. _members.Select(place => narrowing.Call[place]).Order()];
        _returns = [.. _members
            .Where(place => narrowing.IsCertain[place])
            .Select(place => narrowing.Return[place])
            .Order()];
    }

    public (long Least, long Most) Before(int operation)
    {
        int least = CountUpTo(_returns, _narrowing.Call[operation] - 1);
        int most = CountUpTo(_calls, _narrowing.Return[operation]);
        return (least, _members.Contains(operation) ? most - 1 : most);
    }

    /// <summary>So many come before the operation, which is certain.</summary>
    public void Narrow(int operation, long least, long most)
    {
        int own = _members.Contains(operation) ? 1 : 0;
        if (most < least || most < 0 || least + own > _calls.Length)
        {
            _narrowing.Refute();
            return;
        }

        // An operation that is one of the first itself leaves its place to the next.
        if (least > 0 && _narrowing.Call[operation] < _calls[least - 1])
            _narrowing.NotBefore(operation, _calls[least - 1 + own]);
        if (most < _returns.Length)
            _narrowing.NotAfter(operation, _returns[most]);
    }

    private static int CountUpTo(long[] sorted, long time)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (sorted[middle] <= time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
