using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What the clients of a site have measured.</summary>
internal sealed class SiteTally(Schedule schedule)
{
    private readonly List<TimeSpan> _committed = [];
    private readonly List<TimeSpan> _executed = [];
    private readonly SortedDictionary<long, Instant> _open = [];
    private bool _isMeasuring;
    private long _failed;
    private long _lastCall;
    private Instant _lastDone;
    private TimeSpan _longestGap;

    /// <summary>Whether the site is gone.</summary>
    public bool IsLost { get; private set; }

    /// <summary>From now on it is measured.</summary>
    public void BeginMeasuring() => (_isMeasuring, _lastDone) = (true, schedule.Now);

    /// <summary>The site is gone.</summary>
    public void Lose()
    {
        IsLost = true;
        _open.Clear();
    }

    /// <summary>A call begins.</summary>
    /// <returns>Its number at the site.</returns>
    public long Begin(Instant now)
    {
        _open.Add(++_lastCall, now);
        return _lastCall;
    }

    /// <summary>A call has ended; a command may have been committed before.</summary>
    public void End(long call, Instant? committed, bool isDone)
    {
        if (!_open.Remove(call, out Instant begun) || !_isMeasuring)
            return;

        if (!isDone)
        {
            _failed++;
            return;
        }

        if (committed is Instant then)
            _committed.Add(then - begun);
        _executed.Add(schedule.Now - begun);
        CloseGap();
    }

    /// <summary>Measuring ends.</summary>
    public SiteReport Report(string site)
    {
        if (!IsLost)
            CloseGap();
        return new SiteReport
        {
            Site = site,
            Committed = new Latencies(_committed),
            Executed = new Latencies(_executed),
            Failed = _failed,
            Open = _open.Count,
            OldestOpen = _open.Count == 0
                ? TimeSpan.Zero
                : schedule.Now - _open.First().Value,
            LongestGap = _longestGap,
            IsLost = IsLost,
        };
    }

    private void CloseGap()
    {
        TimeSpan gap = schedule.Now - _lastDone;
        _longestGap = gap > _longestGap ? gap : _longestGap;
        _lastDone = schedule.Now;
    }
}
