using Synod.Cli.Processes;

namespace Synod.Cli.Bench;

/// <summary>Loads a target once: warms up, then measures.</summary>
internal static class Load
{
    public static async Task<BenchRow> RunAsync(
        ILoadTarget target, LoadShape shape, CancellationToken cancellation)
    {
        LoadCounts counts = new();
        ILoop loop = shape.Rate > 0
            ? new OpenLoop(target, shape)
            : new ClosedLoop(target, shape);
        using CancellationTokenSource stop =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task calling = loop.RunAsync(counts, stop.Token);
        try
        {
            // Connecting is no part of it.
            await counts.Answered.WaitAsync(cancellation);
            await Task.Delay(shape.WarmUp, cancellation);
            NodeUsage serversBefore = await target.UsageAsync(cancellation);
            NodeUsage clientBefore = NodeUsage.OfThisProcess();
            counts.Begin();
            await Task.Delay(shape.Duration, cancellation);
            counts.End();
            NodeUsage client = NodeUsage.OfThisProcess() - clientBefore;
            NodeUsage servers = await target.UsageAsync(cancellation) - serversBefore;
            return new BenchRow
            {
                Shape = shape,
                Connections = target.Connections,
                Counts = counts,
                Servers = servers,
                Client = client,
            };
        }
        finally
        {
            await stop.CancelAsync();
            await calling;
        }
    }
}
