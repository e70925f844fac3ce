using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>The store of a host, and the run of its node as a life of the store. Started after the
/// node and stopped before it.</summary>
internal sealed class RegistersService : BackgroundService
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMilliseconds(250);

    private readonly SynodNode _node;
    private readonly SynodRegistersOptions _options;
    private readonly ILogger _logger;
    private readonly SynodClient _client;
    private readonly NodeTenure _tenure;

    public RegistersService(
        SynodNode node,
        IOptions<SynodOptions> nodeOptions,
        IOptions<SynodRegistersOptions> options,
        ILogger<Registers> logger)
    {
        _node = node;
        _options = options.Value;
        _logger = logger;
        _client = Connect(nodeOptions.Value, _options);
        _tenure = new NodeTenure(new ClientRegisterPort(_client), node.Number, _options.NodeTime);
        Store = new Registers(_client);
    }

    public IRegisters Store { get; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // What has not started is not stopped either.
            await _client.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RegisterCall last = new() { TimeLimit = EndsWithin };
            Tell(await _tenure.EndAsync(last, cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Its time ends it.
        }

        await _client.DisposeAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan interval = _options.NodeTime / 3;
        using PeriodicTimer timer = new(interval, TimeProvider.System);
        do
        {
            RegisterCall call = new() { TimeLimit = interval };
            Tell(await _tenure.RenewAsync(call, stoppingToken).ConfigureAwait(false));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        GroupId group = new(_options.Group);
        if (_node.MachineOf(group) is not WriteOnce)
        {
            throw new NodeStartException(
                $"The store needs the machine {nameof(WriteOnce)} in {group} of this node.");
        }

        if (_options.WaitsForQuorum)
        {
            await _node.WaitForQuorumAsync(group, cancellationToken).ConfigureAwait(false);
            RegisterCall waits = new() { NoQuorum = NoQuorumPolicy.Wait };
            Tell(await _tenure.RenewAsync(waits, cancellationToken).ConfigureAwait(false));
        }
    }

    // Without a quorum it is tried again; nothing else can be wrong with it.
    private void Tell(RegisterOutcome outcome)
    {
        if (outcome is RegisterOutcome.Refused refused)
            _logger.TenureRefused(refused.Why);
    }

    private static SynodClient Connect(SynodOptions node, SynodRegistersOptions options)
    {
        int[] numbers = [.. node.Nodes.Keys];
        return new SynodClient(
            new SynodClientOptions
            {
                Cluster = node.Cluster,
                Nodes = [.. node.Nodes.Values],
                Tls = options.Tls ?? node.Tls,
                Retries = new ClientCoreOptions
                {
                    Group = new GroupId(options.Group),
                    Nearest = Array.IndexOf(numbers, node.Node),
                },
            },
            new WriteOnce());
    }
}
