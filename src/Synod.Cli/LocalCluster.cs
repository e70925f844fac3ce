using System.CommandLine;
using System.CommandLine.Parsing;
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
    private const int NodesCount = 3;

    private Option<string> Name { get; } = new("--cluster")
    {
        Description = "The name of the cluster, the same on every node.",
        DefaultValueFactory = static _ => "local",
    };

    private Option<string[]> At { get; } = new("--at")
    {
        Description = "Where the nodes 1, 2, 3… listen, as host:port, separated by commas. "
            + "Default: three nodes at 127.0.0.1:7401 to 7403.",
        CustomParser = ParseAddresses,
    };

    public string NameIn(ParseResult parsed) => parsed.GetValue(Name) ?? "";

    public string[] AddressesIn(ParseResult parsed) =>
        parsed.GetValue(At) is { Length: > 0 } given ? given : [.. Enumerable.Range(1, NodesCount)
            .Select(static node => string.Create(
                CultureInfo.InvariantCulture, $"127.0.0.1:{PortBase + node}"))];

    public void AddTo(Command command)
    {
        command.Options.Add(Name);
        command.Options.Add(At);
    }

    public SynodClient Connect(ParseResult parsed, TimeSpan timeout) => new(
        new SynodClientOptions
        {
            Cluster = NameIn(parsed),
            Nodes = AddressesIn(parsed),
            Retries = new ClientCoreOptions { Timeout = timeout },
        },
        new Counter());

    private static string[] ParseAddresses(ArgumentResult result)
    {
        string[] addresses = Allowed.List(result);
        foreach (string address in addresses)
        {
            if (!Endpoints.IsAddress(address))
                result.AddError($"--at has '{address}', which is no address: write host:port.");
        }

        return addresses;
    }
}
