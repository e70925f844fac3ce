using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Which replicas of a shard have something to do: a turn costs those and no others,
/// however many there are. What it hands out is in the order of the groups, so that a turn is a
/// function of its inputs. Owned by its shard; an exception amid a turn loses nothing, whoever was
/// not seen to is still in the lists.</summary>
internal sealed class ShardAgenda
{
    private static readonly Comparison<Replica> ByGroup =
        static (left, right) => left.Group.Number.CompareTo(right.Group.Number);

    private readonly List<Replica> _touched = [];
    private readonly List<Replica> _unflushed = [];
    private readonly List<Replica> _due = [];
    private readonly PriorityQueue<Replica, (long Ticks, ulong Group)> _alarms = new();

    /// <summary>Those that have taken an input in this turn.</summary>
    public List<Replica> Touched() => Sorted(_touched);

    /// <summary>Those whose records may not all be known to be durable.</summary>
    public List<Replica> Unflushed() => Sorted(_unflushed);

    /// <summary>Notes that the replica is about to take an input.</summary>
    public void Touch(Replica replica)
    {
        if (!replica.IsTouched)
            _touched.Add(replica);
        if (!replica.IsUnflushed)
            _unflushed.Add(replica);
        (replica.IsTouched, replica.IsUnflushed) = (true, true);
    }

    /// <summary>Those whose time has come.</summary>
    public List<Replica> Due(Instant now)
    {
        _due.Clear();
        while (_alarms.TryPeek(out Replica? replica, out (long Ticks, ulong Group) alarm)
            && alarm.Ticks <= now.Ticks)
        {
            _alarms.Dequeue();
            if (alarm.Ticks != replica.Alarm.Ticks)
                continue;

            replica.Alarm = Instant.Never;
            if (replica.WakeAt > now)
            {
                Arm(replica);
                continue;
            }

            // From here on the end of the turn sets its next alarm, however the turn ends.
            Touch(replica);
            _due.Add(replica);
        }

        return Sorted(_due);
    }

    /// <summary>All who were touched have done what there was to do.</summary>
    /// <returns>When the next one is due, at the latest.</returns>
    public Instant EndTurn()
    {
        foreach (Replica replica in _touched)
        {
            replica.IsTouched = false;
            Arm(replica);
        }

        _touched.Clear();
        ForgetFlushed();
        return _alarms.TryPeek(out _, out (long Ticks, ulong Group) next)
            ? new Instant(next.Ticks)
            : Instant.Never;
    }

    /// <summary>Those whose records are all known to be durable need not hear of the log.</summary>
    public void ForgetFlushed() => _unflushed.RemoveAll(static replica =>
    {
        bool isFlushed = !replica.IsTouched && !replica.HasUnflushed;
        replica.IsUnflushed = !isFlushed;
        return isFlushed;
    });

    /// <summary>False if nobody waits for a flush and somebody can do without.</summary>
    public bool TryAskForFlush()
    {
        bool canWait = false;
        foreach (Replica replica in _unflushed)
        {
            if (replica.IsFlushWanted)
            {
                canWait = false;
                break;
            }

            canWait |= replica.CanFlushWait;
        }

        if (canWait)
            return false;

        foreach (Replica replica in _unflushed)
            replica.FlushAsked();
        return true;
    }

    /// <summary>The replica has ended.</summary>
    public void Remove(Replica replica)
    {
        _touched.Remove(replica);
        _unflushed.Remove(replica);
        _due.Remove(replica);
        replica.Alarm = Instant.Never;
    }

    /// <summary>Gives back the memory that it does not need now.</summary>
    public void Trim()
    {
        _touched.TrimExcess();
        _unflushed.TrimExcess();
        _due.Clear();
        _due.TrimExcess();
        _alarms.TrimExcess();
    }

    // An alarm that is too early is left: the replica is looked at once and armed anew. So a timer
    // that every message moves further away costs nothing, and each has one alarm or few.
    private void Arm(Replica replica)
    {
        Instant due = replica.WakeAt;
        if (due >= replica.Alarm)
            return;

        replica.Alarm = due;
        _alarms.Enqueue(replica, (due.Ticks, replica.Group.Number));
    }

    private static List<Replica> Sorted(List<Replica> replicas)
    {
        if (replicas.Count > 1)
            replicas.Sort(ByGroup);
        return replicas;
    }
}
