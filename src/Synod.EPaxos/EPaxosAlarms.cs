using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>When to look again at which instance. One that is decided is taken off at once and
/// leaves the queue when its time comes. The time is kept with the instance: nearly every one has
/// an alarm and hardly any hears it.</summary>
internal sealed class EPaxosAlarms(EPaxosState state)
{
    // Of those of which nothing is known.
    private readonly Dictionary<InstanceId, long> _unknown = [];
    private readonly PriorityQueue<InstanceId, (long Due, InstanceId Id)> _queue = new();

    /// <summary>The earliest; never if there is none.</summary>
    public Instant Next
    {
        get
        {
            DropStale();
            return _queue.TryPeek(out _, out (long Due, InstanceId Id) first)
                ? new Instant(first.Due)
                : Instant.Never;
        }
    }

    public bool Has(InstanceId id) => DueOf(id) != 0;

    /// <summary>In the place of what was set before.</summary>
    public void Set(InstanceId id, Instant due)
    {
        long ticks = Math.Max(1, due.Ticks);
        Forget(id);
        if (state.Find(id) is EPaxosInstance instance)
            instance.Alarm = ticks;
        else
            _unknown[id] = ticks;
        _queue.Enqueue(id, (ticks, id));
    }

    /// <summary>Only if it is earlier than what was set before.</summary>
    public void Hasten(InstanceId id, Instant due)
    {
        long set = DueOf(id);
        if (set == 0 || due.Ticks < set)
            Set(id, due);
    }

    public void Cancel(InstanceId id) => Forget(id);

    public bool TryTake(Instant now, out InstanceId id)
    {
        DropStale();
        if (!_queue.TryPeek(out id, out (long Due, InstanceId Id) first) || first.Due > now.Ticks)
            return false;

        _queue.Dequeue();
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

    private void DropStale()
    {
        while (_queue.TryPeek(out InstanceId id, out (long Due, InstanceId Id) first)
            && DueOf(id) != first.Due)
        {
            _queue.Dequeue();
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
