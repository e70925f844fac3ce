namespace Synod.Adapters.Tests.Transport;

/// <summary>A clock whose longer timers never fire: whatever happens is not for a time-out's
/// sake.</summary>
internal sealed class ShortTimersOnly : TimeProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _paused =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something pauses, and no time will end the pause.</summary>
    public Task PausedAsync => _paused.Task.WithinReason();

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= Longest)
            return base.CreateTimer(callback, state, dueTime, period);

        if (dueTime < ShortestTimeout)
            _paused.TrySetResult();
        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
    }
}
