namespace Synod.Storage;

/// <content>A log that has nothing to do says once that all is durable: so what is damaged later is
/// known to be damage, and not taken for a torn tail (safety §7).</content>
public sealed partial class FileLog
{
    /// <inheritdoc/>
    public TimeSpan PollWithin
    {
        get
        {
            TimeSpan mark = IdleMarkDue;
            bool isRetrying = _segments.IsWaitingForRoom && Poison is null && !_isClosed;
            if (!isRetrying)
                return mark;

            TimeSpan waited = _options.Clock.GetElapsedTime(_spareTried);
            TimeSpan retry = waited < _options.SpareRetryInterval
                ? _options.SpareRetryInterval - waited
                : TimeSpan.Zero;
            return mark == Timeout.InfiniteTimeSpan || retry < mark ? retry : mark;
        }
    }

    // Infinite while there is something to do, and when the last frame is a mark already: then the
    // disk is left alone until somebody appends again.
    private TimeSpan IdleMarkDue
    {
        get
        {
            bool isBusy = Poison is not null || _isClosed || _flushes.Count > 0
                || !_builder.IsEmpty || _flushing != _tail.End;
            bool isWanted = !isBusy && !_tail.IsMarked
                && _options.IdleMarkAfter != Timeout.InfiniteTimeSpan
                && _segments.Current.End - _tail.End >= Sector.Bytes;
            if (!isWanted)
                return Timeout.InfiniteTimeSpan;

            TimeSpan idle = _options.Clock.GetElapsedTime(_activeSince);
            return idle < _options.IdleMarkAfter ? _options.IdleMarkAfter - idle : TimeSpan.Zero;
        }
    }

    private void BeginMark()
    {
        BeginHere(FrameHeader.Bytes);
        SealFrame();
        FlushCurrent();
    }
}
