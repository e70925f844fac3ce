using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Wakes somebody once, at the earliest of the times that were asked for.</summary>
internal sealed class Alarm(Schedule schedule, Action wake)
{
    private Instant _due = Instant.Never;
    private int _clearings;

    /// <summary>Asks to be woken at a time, or earlier.</summary>
    public void Set(Instant due)
    {
        if (due >= _due)
            return;

        _due = due;
        int clearings = _clearings;
        schedule.At(due, () =>
        {
            if (clearings != _clearings || _due != due)
                return;

            _due = Instant.Never;
            wake();
        });
    }

    /// <summary>Forgets what was asked for.</summary>
    public void Clear()
    {
        _due = Instant.Never;
        _clearings++;
    }
}
