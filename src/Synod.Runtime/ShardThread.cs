using System.Collections.Concurrent;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The pump of a real node: a thread that takes a turn of its shard whenever there is news
/// or a timer is due.</summary>
public sealed class ShardThread : IDisposable
{
    private readonly ConcurrentQueue<Action<Shard>> _orders = [];
    private readonly INewsWait _news;
    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TimeProvider _time;
    private readonly long _origin;
    private volatile bool _isStopping;
    private volatile bool _isStarted;
    private long _turnBegan;
    private long _retiredBy = Instant.Never.Ticks;
    private Thread? _thread;

    /// <summary>A pump that is not started.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="news">Where it waits between two turns; null: for <see cref="Signal"/> alone.
    /// </param>
    public ShardThread(TimeProvider time, INewsWait? news = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _news = news ?? new EventWait();
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
    public void Signal() => _news.Wake();

    /// <summary>Starts the shard, in the calling thread so that an unusable log is an exception
    /// here, and the pump. Its thread waits for news all the while, though it takes no turn yet:
    /// who calls meanwhile is greeted.</summary>
    /// <exception cref="LogException">The log cannot be used.</exception>
    public void Start(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        _thread = new Thread(() => Run(shard)) { Name = "synod shard", IsBackground = true };
        _thread.Start();
        try
        {
            shard.Start(Now);
            _isStarted = true;
        }
        finally
        {
            _isStopping |= !_isStarted;
            _news.Wake();
        }
    }

    /// <summary>Has something done between two turns. Safe for use from any thread.</summary>
    public void Order(Action<Shard> order)
    {
        _orders.Enqueue(order);
        _news.Wake();
    }

    /// <summary>Lets the shard hand over what it leads and finish what is under way, and ends the
    /// pump.</summary>
    /// <param name="within">How long that may take; then the pump ends in any case.</param>
    public async Task RetireAsync(TimeSpan within)
    {
        if (_thread is null)
            return;

        Volatile.Write(ref _retiredBy, (Now + within).Ticks);
        _news.Wake();
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends the pump after the turn it is in. Signals may still come: the log and the
    /// network outlive the pump.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _news.Wake();
        _thread?.Join();
        _ended.TrySetResult();
    }

    // The one place where what stops a node is caught.
    private void Run(Shard shard)
    {
        try
        {
            Func<Instant> clock = () => Now;
            while (!_isStarted && !_isStopping)
                _news.Wait(Timeout.InfiniteTimeSpan);

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

    // What crashes alone is restarted alone; the next turn is to be taken at once. Orders come
    // before the turn: what they do is followed by one.
    private Instant Turn(Shard shard, Func<Instant> clock, bool isRetiring)
    {
        try
        {
            while (_orders.TryDequeue(out Action<Shard>? order))
                order(shard);
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
        TimeSpan left = next - Now;
        if (next == Instant.Never)
            left = Timeout.InfiniteTimeSpan;
        else if (left < TimeSpan.Zero)
            left = TimeSpan.Zero;
        _news.Wait(left);
    }
}
