using System.Diagnostics;

namespace Synod.Cli.Bench;

/// <summary>Every client calls again as soon as it is answered. The rate follows the target: what
/// a pause of the target would have delayed is not called at all.</summary>
internal sealed class ClosedLoop(ILoadTarget target, LoadShape shape) : ILoop
{
    public Task RunAsync(LoadCounts counts, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, shape.Clients).Select(
            client => CallAsync(client, counts, stop)));

    private async Task CallAsync(int client, LoadCounts counts, CancellationToken stop)
    {
        for (long call = 0; !stop.IsCancellationRequested; call++)
        {
            long begun = Stopwatch.GetTimestamp();
            CallEnd end = await target.CallAsync(client, shape.IsRead(call));
            long ended = Stopwatch.GetTimestamp();
            counts.Count(end, ended);
            if (end == CallEnd.Done && counts.Contains(ended))
                counts.Latencies.Add(ended - begun);
        }
    }
}
