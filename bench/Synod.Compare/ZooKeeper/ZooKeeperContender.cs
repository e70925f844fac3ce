using Synod.Cli.Bench;

namespace Synod.Compare.ZooKeeper;

/// <summary>ZooKeeper, three members.</summary>
internal sealed class ZooKeeperContender : IContender
{
    private readonly ZooKeeperCluster _cluster;
    private readonly string _leader;

    private ZooKeeperContender(ZooKeeperCluster cluster, string leader)
    {
        _cluster = cluster;
        _leader = leader;
    }

    public string Name => "zookeeper";

    public static async Task<IContender> StartAsync(
        string library, string directory, int members, CancellationToken cancellation)
    {
        ZooKeeperCluster cluster = new(library, directory, members);
        try
        {
            return new ZooKeeperContender(cluster, await cluster.FindLeaderAsync(cancellation));
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public async Task<BenchRow> RunAsync(
        TargetSize size, LoadShape shape, CancellationToken cancellation)
    {
        using ZooKeeperTarget target =
            await ZooKeeperTarget.ConnectAsync(_cluster, _leader, size, cancellation);
        return await Load.RunAsync(target, shape, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
