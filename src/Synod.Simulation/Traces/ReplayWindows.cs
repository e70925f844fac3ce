using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The times around what goes wrong in a run, of which everything is worth keeping.
/// Immutable.</summary>
internal sealed class ReplayWindows
{
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(400);

    // In the order of their begins, and none touches the next.
    private readonly List<(long Begin, long End)> _windows = [];

    public ReplayWindows(IReadOnlyList<TraceEvent> events)
    {
        foreach (TraceEvent happened in events)
        {
            if (IsWorthy(happened.Kind))
                Add(happened.At);
        }
    }

    /// <summary>Whether an instant is in one of them.</summary>
    public bool Have(Instant at)
    {
        int low = 0;
        int high = _windows.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_windows[middle].End < at.Ticks)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _windows.Count && _windows[low].Begin <= at.Ticks;
    }

    private static bool IsWorthy(TraceKind kind) => kind
        is TraceKind.Fault or TraceKind.Healed or TraceKind.Violated or TraceKind.Role
        or TraceKind.Started or TraceKind.Stopped or TraceKind.Paused or TraceKind.Resumed;

    private void Add(Instant at)
    {
        long begin = at.Ticks - Before.Ticks;
        long end = at.Ticks + After.Ticks;
        if (_windows.Count > 0 && begin <= _windows[^1].End)
            _windows[^1] = (_windows[^1].Begin, end);
        else
            _windows.Add((begin, end));
    }
}
