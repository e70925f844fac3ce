using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>When to look again at which instance. One that is decided is taken off at once and
/// leaves the queue when its time comes.</summary>
internal sealed class EPaxosAlarms
{
    private readonly Dictionary<InstanceId, long> _due = [];
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

    public bool Has(InstanceId id) => _due.ContainsKey(id);

    /// <summary>In the place of what was set before.</summary>
    public void Set(InstanceId id, Instant due)
    {
        _due[id] = due.Ticks;
        _queue.Enqueue(id, (due.Ticks, id));
    }

    /// <summary>Only if it is earlier than what was set before.</summary>
    public void Hasten(InstanceId id, Instant due)
    {
        if (!_due.TryGetValue(id, out long set) || due.Ticks < set)
            Set(id, due);
    }

    public void Cancel(InstanceId id) => _due.Remove(id);

    public bool TryTake(Instant now, out InstanceId id)
    {
        DropStale();
        if (!_queue.TryPeek(out id, out (long Due, InstanceId Id) first) || first.Due > now.Ticks)
            return false;

        _queue.Dequeue();
        _due.Remove(id);
        return true;
    }

    public void Digest(ref StateHash hash)
    {
        foreach (InstanceId id in _due.Keys.Order())
        {
            hash.Add(id.Owner.Index);
            hash.Add(id.Slot);
        }
    }

    private void DropStale()
    {
        while (_queue.TryPeek(out InstanceId id, out (long Due, InstanceId Id) first)
            && (!_due.TryGetValue(id, out long due) || due != first.Due))
        {
            _queue.Dequeue();
        }
    }
}
