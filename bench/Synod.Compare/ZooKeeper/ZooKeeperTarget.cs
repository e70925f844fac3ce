using Synod.Cli;
using Synod.Cli.Bench;
using Synod.Cli.Processes;
using Synod.Compare.Rivals;

namespace Synod.Compare.ZooKeeper;

/// <summary>Sessions with the leader of a ZooKeeper ensemble, which spares it the forwarding. A
/// read that is to be as new as any is a sync and a read behind it.</summary>
internal sealed class ZooKeeperTarget : ILoadTarget, IDisposable
{
    private const int NodeExists = -110;
    private const int TriesMax = 10;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly RivalCluster _cluster;
    private readonly ZooKeeperClient[] _connections;
    private readonly byte[][] _sets;
    private readonly byte[][] _gets;
    private readonly byte[][] _syncs;

    private ZooKeeperTarget(
        RivalCluster cluster, ZooKeeperClient[] connections, string[] paths, byte[] value)
    {
        _cluster = cluster;
        _connections = connections;
        _sets = [.. paths.Select(path => ZooKeeperFrames.Set(path, value))];
        _gets = [.. paths.Select(ZooKeeperFrames.Get)];
        _syncs = [.. paths.Select(ZooKeeperFrames.Sync)];
    }

    public int Connections => _connections.Length;

    /// <summary>Begins the sessions, and makes the nodes that are not there. An ensemble that has
    /// just started may close its sessions once more.</summary>
    public static async Task<ZooKeeperTarget> ConnectAsync(
        RivalCluster cluster,
        string leader,
        TargetSize size,
        CancellationToken cancellation)
    {
        string[] paths = [.. Enumerable.Range(0, size.Clients).Select(
            static client => $"/k{client}")];
        byte[] value = new byte[size.PayloadBytes];
        for (int tries = 1; ; tries++)
        {
            ZooKeeperClient[] connections = await Task.WhenAll(
                Enumerable.Range(0, size.Connections)
                    .Select(_ => ZooKeeperClient.ConnectAsync(leader, cancellation)));
            if (await MakeAsync(connections[0], paths, value) is not string fault)
                return new ZooKeeperTarget(cluster, connections, paths, value);

            foreach (ZooKeeperClient connection in connections)
                connection.Dispose();
            if (tries == TriesMax)
                throw new CommandException(fault);
            await Task.Delay(TryAgainAfter, cancellation);
        }
    }

    public async ValueTask<CallEnd> CallAsync(int client, bool isRead)
    {
        ZooKeeperClient connection = _connections[client % _connections.Length];
        int error = isRead
            ? await connection.CallAsync(_gets[client], before: _syncs[client])
            : await connection.CallAsync(_sets[client]);
        return error == 0 ? CallEnd.Done : CallEnd.Failed;
    }

    public Task<NodeUsage> UsageAsync(CancellationToken cancellation) =>
        _cluster.UsageAsync(cancellation);

    public void Dispose()
    {
        foreach (ZooKeeperClient connection in _connections)
            connection.Dispose();
    }

    private static async Task<string?> MakeAsync(
        ZooKeeperClient connection, string[] paths, byte[] value)
    {
        foreach (string path in paths)
        {
            int error = await connection.CallAsync(ZooKeeperFrames.Create(path, value));
            if (error is not (0 or NodeExists))
                return $"ZooKeeper could not make {path}: error {error}.";
        }

        return null;
    }
}
