using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>When to look again at which instance. One that is decided is taken off at once and
/// leaves its bucket when the time of that comes. The time is kept with the instance: nearly every
/// one has an alarm and hardly any hears it.</summary>
internal sealed class EPaxosAlarms(EPaxosState state)
{
    // Times are rounded up to this, so that one bucket holds many.
    private const long Grain = TimeSpan.TicksPerMillisecond;

    // Of those of which nothing is known.
    private readonly Dictionary<InstanceId, long> _unknown = [];
    private readonly Dictionary<long, List<InstanceId>> _buckets = [];
    private readonly PriorityQueue<List<InstanceId>, long> _queue = new();
    private readonly Stack<List<InstanceId>> _spare = [];
    private long _sorted;

    /// <summary>The earliest; never if there is none.</summary>
    public Instant Next
    {
        get
        {
            DropStale();
            return _queue.TryPeek(out _, out long first) ? new Instant(first) : Instant.Never;
        }
    }

    public bool Has(InstanceId id) => DueOf(id) != 0;

    /// <summary>In the place of what was set before.</summary>
    public void Set(InstanceId id, Instant due)
    {
        long ticks = Math.Max(1, (due.Ticks + Grain - 1) / Grain) * Grain;
        Forget(id);
        if (state.Find(id) is EPaxosInstance instance)
            instance.Alarm = ticks;
        else
            _unknown[id] = ticks;
        BucketOf(ticks).Add(id);
        _sorted = ticks == _sorted ? 0 : _sorted;
    }

    /// <summary>Only if it is earlier than what was set before.</summary>
    public void Hasten(InstanceId id, Instant due)
    {
        long set = DueOf(id);
        if (set == 0 || due.Ticks < set)
            Set(id, due);
    }

    public void Cancel(InstanceId id) => Forget(id);

    /// <summary>Takes the next whose time has come: of a bucket by owner and slot.</summary>
    public bool TryTake(Instant now, out InstanceId id)
    {
        id = default;
        DropStale();
        if (!_queue.TryPeek(out List<InstanceId>? bucket, out long first) || first > now.Ticks)
            return false;

        if (_sorted != first)
            bucket.Sort(static (left, right) => right.CompareTo(left));
        _sorted = first;
        DropStale();
        id = bucket[^1];
        Forget(id);
        return true;
    }

    public void Digest(ref StateHash hash)
    {
        IEnumerable<InstanceId> known = state.All()
            .Where(static instance => instance.Alarm != 0)
            .Select(static instance => instance.Id);
        foreach (InstanceId id in known.Concat(_unknown.Keys).Order())
        {
            hash.Add(id.Owner.Index);
            hash.Add(id.Slot);
        }
    }

    private List<InstanceId> BucketOf(long ticks)
    {
        if (_buckets.TryGetValue(ticks, out List<InstanceId>? bucket))
            return bucket;

        if (!_spare.TryPop(out bucket))
            bucket = [];
        _buckets.Add(ticks, bucket);
        _queue.Enqueue(bucket, ticks);
        return bucket;
    }

    // The last of the first bucket is one whose time that is, or there is no bucket.
    private void DropStale()
    {
        while (_queue.TryPeek(out List<InstanceId>? bucket, out long first))
        {
            while (bucket.Count > 0 && DueOf(bucket[^1]) != first)
                bucket.RemoveAt(bucket.Count - 1);
            if (bucket.Count > 0)
                return;

            _queue.Dequeue();
            _buckets.Remove(first);
            _spare.Push(bucket);
        }
    }

    // Zero if none is set. It may have been set before anything was known.
    private long DueOf(InstanceId id)
    {
        long due = state.Find(id)?.Alarm ?? 0;
        return due == 0 && _unknown.Count > 0 ? _unknown.GetValueOrDefault(id) : due;
    }

    private void Forget(InstanceId id)
    {
        if (state.Find(id) is EPaxosInstance instance)
            instance.Alarm = 0;
        if (_unknown.Count > 0)
            _unknown.Remove(id);
    }
}
