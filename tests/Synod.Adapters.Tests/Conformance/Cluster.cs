using System.Diagnostics;
using System.Net;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Transport;

namespace Synod.Adapters.Tests.Conformance;

/// <summary>Three nodes of a kind, each with a thread of its own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory =
        System.IO.Directory.CreateTempSubdirectory("synod-conformance-");

    private readonly List<ClusterClient> _clients = [];

    private Cluster(ClusterKind kind, Func<IMachine> newMachine)
    {
        Kind = kind;
        NewMachine = newMachine;
        Members = [.. Enumerable.Range(1, 3).Select(static number => new NodeId((uint)number))];
        Nodes = [.. Members.Select(member => new ClusterNode(this, member))];
    }

    public static ClusterId Name { get; } = new(7);

    /// <summary>Nobody listens there.</summary>
    public static IPEndPoint Nowhere { get; } = new(IPAddress.Loopback, 1);

    public ClusterKind Kind { get; }

    /// <summary>Makes a machine: each node has one of its own, and each client.</summary>
    public Func<IMachine> NewMachine { get; }

    public IReadOnlyList<NodeId> Members { get; }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    public InProcessNetwork Network { get; } = new() { Cluster = Name };

    public string Directory => _directory.FullName;

    /// <summary>A cluster whose nodes are started, with a machine that counts unless another is
    /// wanted.</summary>
    public static Cluster Start(
        string protocol, string log, string transport, Func<IMachine>? newMachine = null)
    {
        Cluster cluster = new(
            new ClusterKind(protocol, log, transport), newMachine ?? (static () => new Counter()));
        foreach (ClusterNode node in cluster.Nodes)
            node.Start();
        return cluster;
    }

    public ClusterNode Find(NodeId id) => Nodes[(int)id.Number - 1];

    /// <summary>A client of all nodes, the first of which is the nearest, or of some.</summary>
    public ClusterClient Connect(params ClusterNode[] nodes)
    {
        ClusterClient client = new(
            nodes.Length == 0 ? Nodes : nodes,
            (ulong)_clients.Count + 1,
            (IMachineCodec)NewMachine());
        _clients.Add(client);
        return client;
    }

    /// <summary>What a node says of its replica.</summary>
    public async Task<ReplicaStatus> AskAsync(ClusterNode node)
    {
        ClusterClient client = Connect(node);
        ReplicaStatus status = await client.StatusAsync();
        await client.DisposeAsync();
        return status;
    }

    /// <summary>Waits until all nodes that run have applied the same.</summary>
    public Task<ReplicaStatus[]> AgreeAsync() => AskUntilAsync(static all =>
        all.DistinctBy(static one => (one.Applied, one.Digest)).Count() == 1);

    /// <summary>Waits until all nodes that run know who leads.</summary>
    public async Task<ClusterNode> LeaderAsync()
    {
        ReplicaStatus[] all = await AskUntilAsync(static all =>
            all[0].Leader != default && all.All(one => one.Leader == all[0].Leader));
        return Find(all[0].Leader);
    }

    /// <summary>Moves leadership, again if it is not done the first time: a machine that is busy
    /// may have elected another meanwhile.</summary>
    public static async Task<TransferAnswer> TransferAsync(ClusterClient client, ClusterNode target)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            TransferAnswer answer = await client.TransferAsync(target.Id);
            if (answer.Outcome == TransferOutcome.Done || IsLate(begun))
                return answer;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterClient client in _clients)
            await client.DisposeAsync();
        foreach (ClusterNode node in Nodes)
            await node.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static bool IsLate(long begun) => Stopwatch.GetElapsedTime(begun) > Patience;

    private async Task<ReplicaStatus[]> AskUntilAsync(Func<ReplicaStatus[], bool> isSo)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            ReplicaStatus[] all = await Task.WhenAll(
                Nodes.Where(static node => node.IsRunning).Select(AskAsync));
            if (isSo(all))
                return all;

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.False(IsLate(begun), $"Not in time: {string.Join("; ", all.Select(Describe))}.");
        }
    }

    private static string Describe(ReplicaStatus one) =>
        $"leader {one.Leader}, last {one.Last}, applied {one.Applied}, digest {one.Digest}";
}
