namespace Synod.Adapters.Tests.Transport;

/// <summary>A clock whose short timers fire when the test says so.</summary>
internal sealed class PausesByHand : TimeProvider
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<Action> _pauses = [];
    private TaskCompletionSource _paused = NewSignal();

    /// <summary>Somebody pauses, and goes on only after <see cref="End"/>.</summary>
    public Task PausedAsync
    {
        get
        {
            lock (_gate)
                return _paused.Task;
        }
    }

    /// <summary>Ends the pauses that there are.</summary>
    public void End()
    {
        Action[] ended;
        lock (_gate)
        {
            ended = [.. _pauses];
            _pauses.Clear();
            _paused = NewSignal();
        }

        foreach (Action end in ended)
            end();
    }

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= ShortestTimeout || dueTime < TimeSpan.Zero)
            return base.CreateTimer(callback, state, dueTime, period);

        lock (_gate)
        {
            _pauses.Add(() => callback(state));
            _paused.TrySetResult();
        }

        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
