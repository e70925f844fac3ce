using System.Globalization;
using Synod.Cli.Commands;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Storage;

namespace Synod.Processes.Tests;

/// <summary>A cluster of node processes on loopback, in a directory of its own. Nodes are named by
/// their number, from 1.</summary>
internal sealed class TestCluster : IDisposable
{
    public const string Name = "test";

    private readonly DirectoryInfo _directory;
    private readonly SynodProcess?[] _processes;
    private readonly string[] _options;

    private TestCluster(int nodes, string[] options, DirectoryInfo? directory = null)
    {
        _directory = directory ?? Directory.CreateTempSubdirectory("synod-test-");
        Addresses = ProcessCluster.FreeAddresses(nodes);
        _processes = new SynodProcess?[nodes];
        _options = options;
    }

    public string[] Addresses { get; }

    public IEnumerable<int> Nodes => Enumerable.Range(1, _processes.Length);

    /// <summary>The process of a node.</summary>
    public SynodProcess this[int node] =>
        _processes[node - 1] ?? throw new InvalidOperationException($"n{node} is not started.");

    /// <summary>A cluster whose nodes are not started.</summary>
    public static TestCluster Create(int nodes = 3, params string[] options) => new(nodes, options);

    /// <summary>A cluster whose nodes have their data in a directory that is there and are not
    /// started.</summary>
    public static TestCluster CreateIn(DirectoryInfo directory, params string[] options) =>
        new(3, options, directory.CreateSubdirectory("cluster"));

    /// <summary>A cluster that serves.</summary>
    public static async Task<TestCluster> StartAsync(int nodes = 3, params string[] options)
    {
        TestCluster cluster = new(nodes, options);
        await cluster.ServeAsync();
        return cluster;
    }

    /// <summary>Starts the nodes that do not run and waits until each of them knows a
    /// leader, or serves without one.</summary>
    public async Task ServeAsync()
    {
        foreach (int node in Nodes.Where(node => !IsRunning(node)))
            Start(node);
        foreach (int node in Nodes)
            await ServesAsync(node);
    }

    public bool IsRunning(int node) => _processes[node - 1] is { IsRunning: true };

    public SynodProcess Start(int node) => StartUnder([], node);

    public SynodProcess StartUnder(string[] prefix, int node)
    {
        _processes[node - 1]?.Dispose();
        return _processes[node - 1] = SynodProcess.StartUnder(prefix, Arguments(node));
    }

    /// <summary>The command line of a node.</summary>
    public string[] Arguments(int node) =>
    [
        "node", node.ToString(CultureInfo.InvariantCulture),
        "--cluster", Name,
        "--at", string.Join(',', Addresses),
        "--data", Data(node),
        .. _options,
    ];

    /// <summary>The data directory of a node.</summary>
    public string Data(int node) => Path.Combine(
        _directory.FullName, string.Create(CultureInfo.InvariantCulture, $"node-{node}"));

    public DataDirectoryIdentity Identity(int node) => DataDirectory.Read(Data(node));

    /// <summary>What the node says of itself; null if it says nothing.</summary>
    public async Task<ReplicaStatus?> AskAsync(int node)
    {
        NodeAnswer answer = await ClusterCommand.AskAsync(
            Name, Addresses[node - 1], null, TestContext.Current.CancellationToken);
        return answer.Status;
    }

    /// <summary>The status of a node, once it is as wanted.</summary>
    public Task<ReplicaStatus> StatusAsync(int node, Func<ReplicaStatus, bool> isWanted) =>
        Soon.Until(
            async () => await AskAsync(node) is { } status && isWanted(status) ? status : null,
            () => $"n{node} is not as wanted. It said:\n{this[node].Said}");

    public Task<ReplicaStatus> ServesAsync(int node) =>
        StatusAsync(node, static status =>
            status.Leader != default || status.Role == KernelRole.Serving);

    /// <summary>The leader, once one of the running nodes says that it leads.</summary>
    public async Task<int> LeaderAsync()
    {
        ReplicaStatus leader = await Soon.Until(
            async () => (await Task.WhenAll(Nodes.Where(IsRunning).Select(AskAsync)))
                .Where(static status => status?.Role == KernelRole.Leading)
                .MaxBy(static status => status?.Term),
            () => "nobody leads");
        return (int)leader.Node.Number;
    }

    /// <summary>Makes a node the leader, or a follower, by killing leaders.</summary>
    public async Task MakeAsync(int node, bool leader, Action<int> start)
    {
        for (int current = await LeaderAsync(); (current == node) != leader;)
        {
            this[current].Kill();
            int next = await LeaderAsync();
            start(current);
            await ServesAsync(current);
            current = next;
        }
    }

    /// <summary>Waits until all nodes have applied the same.</summary>
    public Task AgreeAsync() => Soon.Until(
        async () =>
        {
            ReplicaStatus?[] all = await Task.WhenAll(Nodes.Select(AskAsync));
            return all.All(status => status is not null
                && (status.Applied, status.Digest) == (all[0]?.Applied, all[0]?.Digest))
                ? all
                : null;
        },
        () => $"the replicas differ:\n{string.Join('\n', _processes.Select(p => p?.Said))}");

    /// <summary>A client of some nodes, or of all; it gives up after five seconds.</summary>
    public SynodClient Connect(params int[] nodes) => Connect(TimeSpan.FromSeconds(20), nodes);

    public SynodClient Connect(TimeSpan timeout, params int[] nodes) => new(
        new SynodClientOptions
        {
            Cluster = Name,
            Nodes = nodes.Length == 0
                ? Addresses
                : [.. nodes.Select(node => Addresses[node - 1])],
            Retries = new ClientCoreOptions { Timeout = timeout, QuorumWait = timeout },
        },
        new Counter());

    /// <summary>Runs a command of a client against some nodes, or all.</summary>
    public Task<SynodResult> RunAsync(string command, params int[] nodes)
    {
        string[] at = nodes.Length == 0
            ? Addresses
            : [.. nodes.Select(node => Addresses[node - 1])];
        return SynodProcess.RunAsync(
            [.. command.Split(' '), "--cluster", Name, "--at", string.Join(',', at)]);
    }

    public void Dispose()
    {
        foreach (SynodProcess? process in _processes)
            process?.Dispose();
        _directory.Delete(recursive: true);
    }
}
