using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Virtual time: what is to happen, in the order of its time, and among equals in the
/// order in which it was asked for.</summary>
internal sealed class Schedule
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>The true time, which no node knows.</summary>
    public Instant Now { get; private set; }

    /// <summary>How much has happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Lets something happen at a time, or now if the time has passed.</summary>
    public void At(Instant time, Action action) =>
        _events.Enqueue(action, (Math.Max(time.Ticks, Now.Ticks), _order++));

    /// <summary>Lets something happen after a while.</summary>
    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Lets the next thing happen; false if nothing does before the time.</summary>
    public bool TryStep(Instant end)
    {
        if (!_events.TryPeek(out Action? action, out (long At, long Order) due)
            || due.At >= end.Ticks)
        {
            return false;
        }

        _events.Dequeue();
        Now = new Instant(due.At);
        Steps++;
        action();
        return true;
    }
}
