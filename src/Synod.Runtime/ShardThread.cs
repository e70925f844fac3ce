using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The pump of a real node: a thread that takes a turn of its shard whenever there is news
/// or a timer is due.</summary>
public sealed class ShardThread : IDisposable
{
    private readonly AutoResetEvent _news = new(false);
    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TimeProvider _time;
    private readonly long _origin;
    private volatile bool _isStopping;
    private long _turnBegan;
    private long _retiredBy = Instant.Never.Ticks;
    private Thread? _thread;

    /// <summary>A pump that is not started.</summary>
    public ShardThread(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _origin = time.GetTimestamp();
    }

    /// <summary>Complete when the pump has ended; faulted with what ended it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How long the turn that is under way goes on; zero between turns. Safe for use
    /// from any thread.</summary>
    public TimeSpan TurnTime => Volatile.Read(ref _turnBegan) is long began and not 0
        ? _time.GetElapsedTime(began)
        : TimeSpan.Zero;

    private Instant Now => new(_time.GetElapsedTime(_origin).Ticks);

    /// <summary>Makes the pump take a turn. Safe for use from any thread.</summary>
    public void Signal() => _news.Set();

    /// <summary>Starts the shard, in the calling thread so that an unusable log is an exception
    /// here, and then the pump.</summary>
    /// <exception cref="LogException">The log cannot be used.</exception>
    public void Start(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        shard.Start(Now);
        _thread = new Thread(() => Run(shard)) { Name = "synod shard", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Lets the shard hand over what it leads and finish what is under way, and ends the
    /// pump.</summary>
    /// <param name="within">How long that may take; then the pump ends in any case.</param>
    public async Task RetireAsync(TimeSpan within)
    {
        if (_thread is null)
            return;

        Volatile.Write(ref _retiredBy, (Now + within).Ticks);
        _news.Set();
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends the pump after the turn it is in. Signals may still come: the log and the
    /// network outlive the pump, so the event is left to the collector.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _news.Set();
        _thread?.Join();
        _ended.TrySetResult();
    }

    // The one place where what stops a node is caught.
    private void Run(Shard shard)
    {
        try
        {
            Func<Instant> clock = () => Now;
            while (!_isStopping)
            {
                Instant retiredBy = new(Volatile.Read(ref _retiredBy));
                Volatile.Write(ref _turnBegan, _time.GetTimestamp());
                Instant next = Turn(shard, clock, retiredBy != Instant.Never);
                Volatile.Write(ref _turnBegan, 0);
                if (shard.IsRetired || Now >= retiredBy)
                    break;

                Wait(retiredBy < next ? retiredBy : next);
            }

            _ended.TrySetResult();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _ended.TrySetException(failure);
        }
    }

    // What crashes alone is restarted alone; the next turn is to be taken at once.
    private Instant Turn(Shard shard, Func<Instant> clock, bool isRetiring)
    {
        try
        {
            if (isRetiring)
                shard.Retire(Now);
            return shard.Turn(clock);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (!shard.Crashed(failure, Now))
                throw;

            return Now;
        }
    }

    private void Wait(Instant next)
    {
        if (next == Instant.Never)
        {
            _news.WaitOne();
            return;
        }

        TimeSpan left = next - Now;
        if (left > TimeSpan.Zero)
            _news.WaitOne(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
    }
}
