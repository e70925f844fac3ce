using Microsoft.Extensions.Logging.Abstractions;
using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>A node in this process and in memory, alone in its group or waiting for
/// others.</summary>
internal sealed class LonelyNode : IAsyncDisposable
{
    private const string Name = "lonely";

    private readonly SynodOptions _options;

    public LonelyNode(
        int number, Action<SynodOptions>? configure = null, IKeyedMachine? machine = null)
    {
        _options = new SynodOptions
        {
            Cluster = Name,
            Node = number,
            Durability = Durability.Memory,
        };
        _options.Nodes[number] = ProcessCluster.FreeAddresses(1)[0];
        configure?.Invoke(_options);
        Node = new SynodNode(
            _options, machine ?? new Counter(), NullLogger<SynodNode>.Instance);
        Node.Start();
    }

    public SynodNode Node { get; }

    public SynodClient Connect() => new(
        new SynodClientOptions { Cluster = Name, Nodes = [_options.Nodes[_options.Node]] },
        new Counter());

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
