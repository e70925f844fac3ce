using System.CommandLine;
using System.Globalization;
using Synod.Hosting;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Cli;

/// <summary>The options by which commands find a cluster; without any it is the local one of three
/// nodes.</summary>
internal sealed class LocalCluster
{
    private const int PortBase = 7400;

    public Option<string> Name { get; } = new("--cluster")
    {
        Description = "The name of the cluster, the same on every node.",
        DefaultValueFactory = static _ => "local",
    };

    public Option<string[]> At { get; } = new("--at")
    {
        Description = "Where the nodes 1, 2, 3… listen, as host:port, separated by commas. "
            + "Default: three nodes at 127.0.0.1:7401 to 7403.",
        CustomParser = static argument => [.. argument.Tokens.SelectMany(static token =>
            token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        DefaultValueFactory = static _ => Addresses(nodes: 3),
    };

    public static string[] Addresses(int nodes) => [.. Enumerable.Range(1, nodes).Select(
        static node => string.Create(
            CultureInfo.InvariantCulture, $"127.0.0.1:{PortBase + node}"))];

    public void AddTo(Command command)
    {
        command.Options.Add(Name);
        command.Options.Add(At);
    }

    public SynodClient Connect(ParseResult parsed, TimeSpan timeout) => new(
        new SynodClientOptions
        {
            Cluster = parsed.GetValue(Name) ?? "",
            Nodes = parsed.GetValue(At) ?? [],
            Retries = new ClientCoreOptions { Timeout = timeout },
        },
        new Counter());
}
