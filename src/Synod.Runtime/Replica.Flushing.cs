using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>When the log has to flush for this replica. A record that nobody waits for costs no
/// flush of its own: what is behind it waits, like behind any record that is not durable.</summary>
internal sealed partial class Replica
{
    // Far below any time that a client or a member waits; whoever is busy flushes sooner.
    private static readonly TimeSpan FlushWithin = TimeSpan.FromMilliseconds(2);

    private Instant _flushDue = Instant.Never;
    private bool _canFlushWait;

    /// <summary>Whether it has appended what somebody waits for.</summary>
    public bool IsFlushWanted { get; private set; }

    /// <summary>Whether it has appended what may wait.</summary>
    public bool CanFlushWait => _canFlushWait && !IsFlushWanted;

    /// <summary>All that it has appended so far is in the next flush.</summary>
    public void FlushAsked()
    {
        IsFlushWanted = _canFlushWait = false;
        _flushDue = Instant.Never;
    }

    private void WantFlush(RecordNumber gate) => IsFlushWanted |= gate > _records.Durable;

    private void ScheduleFlush(Instant now)
    {
        if (_canFlushWait && _flushDue == Instant.Never)
            _flushDue = now + FlushWithin;
    }
}
