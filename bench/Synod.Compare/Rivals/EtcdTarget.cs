using Google.Protobuf;
using Synod.Cli.Bench;
using Synod.Cli.Processes;
using Synod.Etcd;

namespace Synod.Compare.Rivals;

/// <summary>Connections to the leader of an etcd cluster, which spares it the forwarding.</summary>
internal sealed class EtcdTarget : ILoadTarget, IDisposable
{
    private readonly RivalCluster _cluster;
    private readonly EtcdClient[] _connections;
    private readonly EtcdRequest[] _puts;
    private readonly EtcdRequest[] _gets;

    private EtcdTarget(RivalCluster cluster, string leader, TargetSize size)
    {
        _cluster = cluster;
        _connections =
            [.. Enumerable.Range(0, size.Connections).Select(_ => new EtcdClient(leader))];
        ByteString value = ByteString.CopyFromUtf8(new string('x', size.PayloadBytes));
        ByteString[] keys = [.. Enumerable.Range(0, size.Clients).Select(
            static client => ByteString.CopyFromUtf8($"k{client}"))];
        _puts = [.. keys.Select(key => EtcdRequest.Put(key, value))];
        _gets = [.. keys.Select(EtcdRequest.Get)];
    }

    /// <summary>Connects when it is called first.</summary>
    public static Task<EtcdTarget> ConnectAsync(
        RivalCluster cluster, string leader, TargetSize size, CancellationToken cancellation) =>
        Task.FromResult(new EtcdTarget(cluster, leader, size));

    public int Connections => _connections.Length;

    public async ValueTask<CallEnd> CallAsync(int client, bool isRead)
    {
        EtcdClient connection = _connections[client % _connections.Length];
        try
        {
            if (isRead)
                await connection.GetAsync(_gets[client]);
            else
                await connection.PutAsync(_puts[client]);
            return CallEnd.Done;
        }
        catch (EtcdException)
        {
            return CallEnd.Failed;
        }
    }

    public Task<NodeUsage> UsageAsync(CancellationToken cancellation) =>
        _cluster.UsageAsync(cancellation);

    public void Dispose()
    {
        foreach (EtcdClient connection in _connections)
            connection.Dispose();
    }
}
