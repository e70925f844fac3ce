using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Register;

namespace Synod.Cli.Bench;

/// <summary>A cluster of node processes with registers, and connections to it.</summary>
internal sealed class SynodTarget : ILoadTarget, IAsyncDisposable
{
    private readonly ProcessCluster _cluster;
    private readonly SynodClient[] _connections;
    private readonly SynodClient[] _groups;
    private readonly string[] _keys;
    private readonly Put _put;
    private readonly ReadValue _read = new();

    /// <param name="cluster">Serves already.</param>
    /// <param name="size">What is to be made.</param>
    public SynodTarget(ProcessCluster cluster, TargetSize size)
    {
        Samples.Register.Register machine = new();
        _cluster = cluster;
        _connections = [.. Enumerable
            .Range(0, size.Connections)
            .Select(_ => cluster.Connect(machine))];

        // One group has a client on each connection, each of several has one in all.
        _groups = size.Groups == 1
            ? _connections
            : [.. Enumerable.Range(0, size.Groups).Select(place =>
                place == 0
                    ? _connections[0]
                    : _connections[place % _connections.Length]
                        .ForGroup(new GroupId((ulong)place + 1), machine))];
        _keys = [.. Enumerable.Range(0, size.Keys).Select(static key => $"k{key}")];
        _put = new Put(new string('x', size.PayloadBytes));
    }

    public int Connections => _connections.Length;

    public async ValueTask<CallEnd> CallAsync(int client, bool isRead)
    {
        SynodClient group = _groups[client % _groups.Length];
        string key = _keys[client % _keys.Length];
        Outcome<string?> outcome = isRead
            ? await group.QueryAsync(key, _read)
            : await group.ExecuteAsync(key, _put);
        return outcome switch
        {
            Outcome<string?>.Applied => CallEnd.Done,
            Outcome<string?>.Overloaded => CallEnd.Overloaded,
            _ => CallEnd.Failed,
        };
    }

    public Task<NodeUsage> UsageAsync(CancellationToken cancellation) =>
        _cluster.UsageAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (SynodClient client in _groups.Union(_connections))
            await client.DisposeAsync();
    }
}
