using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Hostile;

/// <summary>Three nodes in this process, with real sockets and disks; what goes to node 1 is
/// kept.</summary>
internal sealed class Victims : IAsyncDisposable
{
    public const string Name = "victims";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synod-test-");
    private readonly SynodNode?[] _nodes = new SynodNode?[3];

    public Victims() => Tap = new Tap(Addresses[0]);

    public string[] Addresses { get; } = FreeAddresses(3);

    public Tap Tap { get; }

    public SynodNode this[int node] => _nodes[node - 1]
        ?? throw new InvalidOperationException($"node {node} is stopped");

    public void Start(int node)
    {
        SynodOptions options = new()
        {
            Cluster = Name,
            Node = node,
            DataDirectory = Path.Combine(
                _folder.FullName, node.ToString(CultureInfo.InvariantCulture)),
            LogCapacityBytes = 64 << 20,
            LogSegmentBytes = 8 << 20,
        };
        for (int other = 1; other <= _nodes.Length; other++)
            options.Nodes[other] = Addresses[other - 1];
        if (node != 1)
            options.Nodes[1] = Tap.Address;
        _nodes[node - 1] =
            new SynodNode(options, new Counter(), NullLogger<SynodNode>.Instance);
        this[node].Start();
    }

    public async Task StopAsync(int node)
    {
        if (_nodes[node - 1] is SynodNode running)
            await running.DisposeAsync();
        _nodes[node - 1] = null;
    }

    public async Task<long> AddAsync(string key, long amount, params int[] nodes)
    {
        await using SynodClient client = Connect(TimeSpan.FromSeconds(30), nodes);
        Outcome<long> outcome = await client.ExecuteAsync(
            key, new Add(amount), TestContext.Current.CancellationToken);
        return Assert.IsType<Outcome<long>.Applied>(outcome).Result;
    }

    public async Task<ReplicaStatus> AskAsync(int node)
    {
        await using SynodClient client = Connect(TimeSpan.FromSeconds(30), node);
        ReplicaStatus? status =
            await client.StatusAsync(TestContext.Current.CancellationToken);
        return status ?? throw new TimeoutException($"node {node} does not answer");
    }

    public async ValueTask DisposeAsync()
    {
        Tap.Dispose();
        for (int node = 1; node <= _nodes.Length; node++)
            await StopAsync(node);
        _folder.Delete(recursive: true);
    }

    private static string[] FreeAddresses(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count)
            .Select(static _ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
            listener.Start();
        string[] addresses =
            [.. listeners.Select(static listener => listener.LocalEndpoint.ToString() ?? "")];
        foreach (TcpListener listener in listeners)
            listener.Dispose();
        return addresses;
    }

    private SynodClient Connect(TimeSpan timeout, params int[] nodes) => new(
        new SynodClientOptions
        {
            Cluster = Name,
            Nodes = nodes.Length == 0 ? Addresses : [.. nodes.Select(n => Addresses[n - 1])],
            Retries = new ClientCoreOptions { Timeout = timeout, QuorumWait = timeout },
        },
        new Counter());
}
