using Synod.Cli.Bench;

namespace Synod.Compare;

/// <summary>etcd, three members.</summary>
internal sealed class EtcdContender : IContender
{
    public const string Etcd = "etcd";

    private readonly EtcdCluster _cluster;
    private readonly string _leader;

    private EtcdContender(EtcdCluster cluster, string leader)
    {
        _cluster = cluster;
        _leader = leader;
    }

    public string Name => Etcd;

    public static async Task<IContender> StartAsync(
        string program, string directory, int members, CancellationToken cancellation)
    {
        EtcdCluster cluster = new(program, directory, members);
        try
        {
            return new EtcdContender(cluster, await cluster.FindLeaderAsync(cancellation));
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
        using EtcdTarget target = new(_cluster, _leader, size);
        return await Load.RunAsync(target, shape, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
