using System.Diagnostics;

namespace Synod.Cli.Bench;

/// <summary>Calls begin at a fixed rate, whatever became of earlier ones. A latency counts from the
/// moment at which the call was meant to begin: a pause of the target, or of this program, shows in
/// every call that fell into it.</summary>
internal sealed class OpenLoop(ILoadTarget target, LoadShape shape) : ILoop
{
    private const int PauseMicroseconds = 50;

    private long _underWay = 1;
    private readonly TaskCompletionSource _allEnded =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task RunAsync(LoadCounts counts, CancellationToken stop)
    {
        Thread pace = new(() => Pace(counts, stop)) { Name = "bench pace", IsBackground = true };
        pace.Start();
        return _allEnded.Task;
    }

    private void Pace(LoadCounts counts, CancellationToken stop)
    {
        double ticksPerCall = Stopwatch.Frequency / shape.Rate;
        long begun = Stopwatch.GetTimestamp();
        for (long call = 0; !stop.IsCancellationRequested;)
        {
            for (double due = (Stopwatch.GetTimestamp() - begun) / ticksPerCall; call < due; call++)
                _ = CallAsync(call, begun + (long)(call * ticksPerCall), counts);
            Pause.For(PauseMicroseconds);
        }

        Ended();
    }

    private async Task CallAsync(long call, long meant, LoadCounts counts)
    {
        Interlocked.Increment(ref _underWay);
        CallEnd end = CallEnd.Failed;
        try
        {
            end = await target.CallAsync((int)(call % shape.Clients), shape.IsRead(call));
        }
        finally
        {
            long ended = Stopwatch.GetTimestamp();
            counts.Count(end, ended);
            if (end == CallEnd.Done && counts.Contains(meant))
                counts.Latencies.Add(ended - meant);
            Ended();
        }
    }

    private void Ended()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
            _allEnded.TrySetResult();
    }
}
