using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Processes.Tests;

/// <summary>Hosts in this process, three unless told otherwise, each with a node.</summary>
internal sealed class EmbeddedCluster : IAsyncDisposable
{
    private const string Name = "embedded";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("synod-test-");
    private readonly string[] _addresses;
    private readonly IHost?[] _hosts;
    private readonly Func<IKeyedMachine> _machine;
    private readonly Action<SynodOptions> _configure;

    private EmbeddedCluster(
        Func<IKeyedMachine> machine, int nodes, Action<SynodOptions> configure)
    {
        _machine = machine;
        _configure = configure;
        _addresses = ProcessCluster.FreeAddresses(nodes);
        _hosts = new IHost?[nodes];
    }

    /// <summary>What a host has besides its node.</summary>
    public Action<IServiceCollection> AddServices { get; init; } = static _ => { };

    /// <summary>A cluster whose nodes are not started.</summary>
    public static EmbeddedCluster Create(
        Func<IKeyedMachine> machine, Action<IServiceCollection>? services = null) =>
        new(machine, 3, static _ => { }) { AddServices = services ?? (static _ => { }) };

    /// <summary>A cluster of hosts with a write-once store, which are not started.</summary>
    public static EmbeddedCluster CreateStores() =>
        new(static () => new WriteOnce(), 3, static options => options.Protocol = "register")
        {
            AddServices = static services => services.AddSynodRegisters(),
        };

    public static async Task<EmbeddedCluster> StartAsync(Func<IKeyedMachine> machine)
    {
        EmbeddedCluster cluster = await StartAsync(machine, 3, static _ => { });
        await cluster.LeaderAsync();
        return cluster;
    }

    /// <summary>A cluster whose nodes are started; whether its groups serve is to be waited
    /// for.</summary>
    public static async Task<EmbeddedCluster> StartAsync(
        Func<IKeyedMachine> machine, int nodes, Action<SynodOptions> configure)
    {
        EmbeddedCluster cluster = new(machine, nodes, configure);
        for (int node = 1; node <= nodes; node++)
            await cluster.StartAsync(node);
        return cluster;
    }

    public async Task StartAsync(int node)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHealthChecks().AddSynod();
        builder.Services.AddLogging().AddSynod(_machine(), options =>
        {
            options.Cluster = Name;
            options.Node = node;
            options.DataDirectory = Path.Combine(
                _directory.FullName, node.ToString(CultureInfo.InvariantCulture));
            for (int other = 1; other <= _addresses.Length; other++)
                options.Nodes[other] = _addresses[other - 1];
            _configure(options);
        });
        AddServices(builder.Services);
        IHost host = builder.Build();
        _hosts[node - 1] = host;
        await host.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A service of the host of a node that was told to start.</summary>
    public T Service<T>(int node)
        where T : notnull =>
        (_hosts[node - 1] ?? throw new InvalidOperationException($"n{node} is not started."))
            .Services.GetRequiredService<T>();

    public async Task StopAsync(int node)
    {
        if (_hosts[node - 1] is not IHost host)
            return;

        await host.StopAsync(CancellationToken.None);
        host.Dispose();
        _hosts[node - 1] = null;
    }

    /// <summary>The health of a node, by the last words of its checks.</summary>
    public async Task<(HealthStatus Live, HealthStatus Ready, HealthStatus Quorum)> HealthAsync(
        int node)
    {
        HealthCheckService service = _hosts[node - 1]?.Services
            .GetRequiredService<HealthCheckService>()
            ?? throw new InvalidOperationException($"n{node} is not started.");
        HealthReport report =
            await service.CheckHealthAsync(TestContext.Current.CancellationToken);
        return (
            report.Entries["synod-live"].Status,
            report.Entries["synod-ready"].Status,
            report.Entries["synod-quorum"].Status);
    }

    /// <summary>A client of some nodes, or of all.</summary>
    public SynodClient Connect(IMachineCodec machine, params int[] nodes) =>
        Connect(machine, TimeSpan.FromSeconds(20), nodes);

    public SynodClient Connect(IMachineCodec machine, TimeSpan timeout, params int[] nodes) => new(
        new SynodClientOptions
        {
            Cluster = Name,
            Nodes = nodes.Length == 0 ? _addresses : [.. nodes.Select(n => _addresses[n - 1])],
            Retries = new ClientCoreOptions { Timeout = timeout, QuorumWait = timeout },
        },
        machine);

    /// <summary>The leader, once all nodes agree on it.</summary>
    public async Task<int> LeaderAsync()
    {
        ReplicaStatus?[] agreed = await Soon.Until(
            async () =>
            {
                ReplicaStatus?[] all = await Task.WhenAll(
                    Enumerable.Range(1, _hosts.Length).Select(AskAsync));
                NodeId? leader = all[0]?.Leader;
                bool agree = leader != default(NodeId)
                    && all.All(status => status is not null && status.Leader == leader);
                return agree ? all : null;
            },
            static () => "the nodes do not agree on a leader");
        return (int)(agreed[0]?.Leader.Number ?? 0);
    }

    public async ValueTask DisposeAsync()
    {
        for (int node = 1; node <= _hosts.Length; node++)
            await StopAsync(node);
        _directory.Delete(recursive: true);
    }

    /// <summary>What a node says of its replica of a group.</summary>
    public async Task<ReplicaStatus?> AskAsync(int node, ulong group)
    {
        await using SynodClient client =
            Connect(new HighScore(), TimeSpan.FromSeconds(1), node);
        if (group == client.Group.Number)
            return await client.StatusAsync(TestContext.Current.CancellationToken);

        await using SynodClient other = client.ForGroup(new GroupId(group), new HighScore());
        return await other.StatusAsync(TestContext.Current.CancellationToken);
    }

    private Task<ReplicaStatus?> AskAsync(int node) => AskAsync(node, group: 1);
}
