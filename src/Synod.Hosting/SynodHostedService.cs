using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Synod.Hosting;

/// <summary>Runs a node for as long as its host runs, and ends the host when the node had to
/// end.</summary>
internal sealed class SynodHostedService(
    SynodNode node, IHostApplicationLifetime lifetime, ILogger<SynodNode> logger)
    : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        node.Start();
        try
        {
            await node.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await node.DisposeAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await node.Ended
            .WaitAsync(stoppingToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!node.Ended.IsFaulted)
            return;

        string reason = node.Ended.Exception.InnerException?.Message ?? "unknown";
        logger.Failed(new Kernel.NodeId((uint)node.Number), reason);
        lifetime.StopApplication();
    }
}
