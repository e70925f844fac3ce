using System.Diagnostics;

namespace Synod.Cli.Bench;

/// <summary>What became of the calls of one measurement. Any thread may count.</summary>
internal sealed class LoadCounts
{
    private readonly TaskCompletionSource _answered =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long _begun = long.MaxValue;
    private long _ended = long.MaxValue;
    private long _done;
    private long _overloaded;
    private long _failed;

    /// <summary>Complete when a call has ended, however it did.</summary>
    public Task Answered => _answered.Task;

    public LatencyHistogram Latencies { get; } = new();

    /// <summary>How many succeeded while it was measured.</summary>
    public long Done => Interlocked.Read(ref _done);

    public long Overloaded => Interlocked.Read(ref _overloaded);

    public long Failed => Interlocked.Read(ref _failed);

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(
        Interlocked.Read(ref _begun), Interlocked.Read(ref _ended));

    public void Begin() => Interlocked.Exchange(ref _begun, Stopwatch.GetTimestamp());

    public void End() => Interlocked.Exchange(ref _ended, Stopwatch.GetTimestamp());

    /// <summary>Whether the moment is within what is measured.</summary>
    public bool Contains(long moment) =>
        moment >= Interlocked.Read(ref _begun) && moment < Interlocked.Read(ref _ended);

    /// <summary>Counts a call that has ended at this moment.</summary>
    public void Count(CallEnd end, long moment)
    {
        _answered.TrySetResult();
        if (!Contains(moment))
            return;

        if (end == CallEnd.Done)
            Interlocked.Increment(ref _done);
        else if (end == CallEnd.Overloaded)
            Interlocked.Increment(ref _overloaded);
        else
            Interlocked.Increment(ref _failed);
    }
}
