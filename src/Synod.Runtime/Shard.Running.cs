using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Machines run while the disk flushes, and after votes and heartbeats have left. They do
/// so by turns, each for a share of the time: one that is behind holds up no other.</content>
public sealed partial class Shard
{
    private static readonly TimeSpan ShareMax = WorkMax / 8;

    private readonly Queue<Replica> _behind = [];

    // Every one does something in any case.
    private void RunMachines(Instant now, List<Replica> touched)
    {
        Instant end = _clock() + WorkMax;

        // The turn before may have been ended by an exception.
        _behind.Clear();
        foreach (Replica replica in touched)
        {
            TryShare(end);
            Step(now, replica, static (replica, _) => replica.Drain());
            if (replica.HasMore)
                _behind.Enqueue(replica);
        }

        while (_behind.TryPeek(out Replica? next) && TryShare(end))
        {
            _behind.Dequeue();
            Step(now, next, static (replica, _) => replica.DrainOn());
            if (next.HasMore)
                _behind.Enqueue(next);
        }

        while (_behind.TryDequeue(out Replica? late))
            Step(now, late, static (replica, _) => replica.EndDrain());
    }

    private bool TryShare(Instant end)
    {
        Instant now = _clock();
        _workUntil = now + ShareMax < end ? now + ShareMax : end;
        return now < end;
    }
}
