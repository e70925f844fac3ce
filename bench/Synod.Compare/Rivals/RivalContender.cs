using Synod.Cli.Bench;

namespace Synod.Compare.Rivals;

/// <summary>Another system, with what connects to its leader.</summary>
internal sealed class RivalContender<TTarget> : IContender
    where TTarget : ILoadTarget, IDisposable
{
    private readonly RivalCluster _cluster;
    private readonly string _leader;
    private readonly Connect _connect;

    private RivalContender(RivalCluster cluster, string leader, Connect connect)
    {
        _cluster = cluster;
        _leader = leader;
        _connect = connect;
    }

    /// <summary>Connects to the leader of a cluster.</summary>
    public delegate Task<TTarget> Connect(
        RivalCluster cluster, string leader, TargetSize size, CancellationToken cancellation);

    public string Name => _cluster.Name;

    /// <summary>Waits until the cluster has a leader; it is the contender's from here on.</summary>
    public static async Task<IContender> StartAsync(
        RivalCluster cluster, Connect connect, CancellationToken cancellation)
    {
        try
        {
            string leader = await cluster.FindLeaderAsync(cancellation);
            return new RivalContender<TTarget>(cluster, leader, connect);
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
        using TTarget target = await _connect(_cluster, _leader, size, cancellation);
        return await Load.RunAsync(target, shape, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
