using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Synod.Abstractions;
using Synod.Cli.Commands;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Cli.Processes;

/// <summary>Node processes on loopback, in a directory of their own.</summary>
internal sealed class ProcessCluster : IDisposable
{
    // Below the ports that the system gives to those who call: while a node is down, none of its
    // callers can be given its port.
    private const int PortMin = 10_000;
    private const int PortMax = 32_000;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly NodeProcess[] _nodes;

    public ProcessCluster(string directory, int nodes, params string[] nodeOptions)
    {
        Directory = directory;
        Addresses = FreeAddresses(nodes);
        _nodes = new NodeProcess[nodes];
        for (int node = 1; node <= nodes; node++)
            _nodes[node - 1] = new NodeProcess(node, directory, Addresses, nodeOptions);
    }

    public string Directory { get; }

    public string[] Addresses { get; }

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>Whether clients ask the same node for the same key
    /// (<see cref="ClientCoreOptions.KeysHaveHomes"/>).</summary>
    public bool KeysHaveHomes { get; init; }

    /// <summary>Starts all nodes and waits until each follows or leads.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (NodeProcess node in _nodes)
            node.Start();
        foreach (NodeProcess node in _nodes)
            await WaitUntilServesAsync(node, cancellation);
    }

    /// <summary>Waits until a node knows a leader, or serves without one.</summary>
    public async Task WaitUntilServesAsync(NodeProcess node, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StartTimeout);
        using PeriodicTimer timer = new(AskAgainAfter);
        try
        {
            while (!Serves(await AskAsync(node, timeout.Token)))
            {
                if (!node.IsRunning)
                {
                    throw new CommandException(
                        $"node {node.Number} has ended. Its last words: {node.LastWords}");
                }

                await timer.WaitForNextTickAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(
                $"node {node.Number} does not serve after {StartTimeout.TotalSeconds} s. Its last "
                + $"words: {node.LastWords}");
        }
    }

    /// <summary>What a node says of itself; null if it says nothing.</summary>
    public async Task<ReplicaStatus?> AskAsync(NodeProcess node, CancellationToken cancellation) =>
        (await ClusterCommand.AskAsync(Directory, node.Address, null, cancellation)).Status;

    /// <summary>What all nodes say of themselves.</summary>
    public Task<ReplicaStatus?[]> AskAllAsync(CancellationToken cancellation) =>
        Task.WhenAll(_nodes.Select(node => AskAsync(node, cancellation)));

    /// <summary>The leader of the newest term, or null.</summary>
    public async Task<NodeProcess?> FindLeaderAsync(CancellationToken cancellation) =>
        LeaderIn(await AskAllAsync(cancellation));

    /// <summary>Whose loss is felt most: the leader, or null while there is none; where the
    /// protocol has none, each node in turn.</summary>
    /// <param name="turn">How many were found before.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<NodeProcess?> FindVictimAsync(int turn, CancellationToken cancellation)
    {
        ReplicaStatus?[] statuses = await AskAllAsync(cancellation);
        bool isLeaderless = statuses.Any(static status => status?.Role == KernelRole.Serving);

        // Backwards: clients of a node that is gone go on to the next.
        return isLeaderless ? _nodes[^(1 + (turn % _nodes.Length))] : LeaderIn(statuses);
    }

    /// <summary>What all nodes together have used so far.</summary>
    public async Task<NodeUsage> UsageAsync(CancellationToken cancellation)
    {
        NodeUsage[] usages = await Task.WhenAll(
            _nodes.Select(node => node.UsageAsync(cancellation)));
        return usages.Aggregate(default(NodeUsage), static (sum, usage) => sum + usage);
    }

    /// <summary>A client of all nodes.</summary>
    /// <param name="machine">What the clients talk to.</param>
    /// <param name="nearest">The position of the node to prefer, if one is named.</param>
    public SynodClient Connect(IMachineCodec machine, int? nearest = null)
    {
        // Nodes are killed and come back: that is waited for.
        ClientCoreOptions retries = new();
        SynodClientOptions options = new()
        {
            Cluster = Directory,
            Nodes = Addresses,
            Retries = retries with
            {
                QuorumWait = retries.Timeout,
                KeysHaveHomes = KeysHaveHomes,
                Nearest = nearest,
            },
        };
        return new SynodClient(options, machine);
    }

    public void Dispose()
    {
        foreach (NodeProcess node in _nodes)
            node.Dispose();
    }

    /// <summary>Addresses on loopback that nobody listens at.</summary>
    public static string[] FreeAddresses(int count)
    {
        int[] ports = [.. Enumerable.Range(PortMin, PortMax - PortMin)];
        RandomNumberGenerator.Shuffle<int>(ports);
        return [.. ports.Where(IsFree).Take(count).Select(static port =>
            string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Loopback}:{port}"))];
    }

    private static bool Serves(ReplicaStatus? status) =>
        status is { Leader.Number: > 0 } or { Role: KernelRole.Serving };

    private NodeProcess? LeaderIn(ReplicaStatus?[] statuses)
    {
        ReplicaStatus? leader = statuses
            .Where(static status => status?.Role == KernelRole.Leading)
            .MaxBy(static status => status?.Term);
        return leader is null ? null : _nodes[leader.Node.Number - 1];
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
