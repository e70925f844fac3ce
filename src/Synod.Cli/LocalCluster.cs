using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
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

    private Option<string?> Certificate { get; } = new("--tls-certificate")
    {
        Description = "The PEM file with the certificate to show: TLS from here on.",
    };

    private Option<string?> Key { get; } = new("--tls-key")
    {
        Description = "The PEM file with its private key, if that is another file.",
    };

    private Option<string?> Authority { get; } = new("--tls-authority")
    {
        Description = "The PEM file with the authorities of the cluster.",
    };

    /// <summary>The certificates; null without TLS.</summary>
    /// <exception cref="CommandException">They cannot be used.</exception>
    public SynodTlsOptions? TlsIn(ParseResult parsed)
    {
        Option<string?>[] all = [Certificate, Key, Authority];
        if (all.All(option => parsed.GetValue(option) is null))
            return null;

        SynodTlsOptions tls = new()
        {
            CertificateFile = parsed.GetValue(Certificate),
            KeyFile = parsed.GetValue(Key),
            AuthorityFile = parsed.GetValue(Authority),
        };
        try
        {
            tls.Validate();
            return tls;
        }
        catch (ArgumentException fault)
        {
            throw new CommandException(fault.Message);
        }
    }

    private Option<long> Group { get; } = new("--group")
    {
        Description = "The number of the group to talk to.",
        CustomParser = Allowed.Between(1, long.MaxValue),
        DefaultValueFactory = static _ => 1,
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
        command.Options.Add(Certificate);
        command.Options.Add(Key);
        command.Options.Add(Authority);
    }

    /// <summary>Adds, for a command that talks to one group, which one.</summary>
    public void AddGroupTo(Command command) => command.Options.Add(Group);

    public GroupId GroupIn(ParseResult parsed) =>
        new((ulong)Math.Max(1, parsed.GetValue(Group)));

    // Counted as they were typed: an address that cannot be read is told of by itself.
    private int CountIn(CommandResult result) =>
        result.GetResult(At)?.Tokens.Sum(static token => token.Value.Split(',').Length)
            ?? NodesCount;

    /// <summary>Adds an error if an option names a node that is none of them. Looks at what was
    /// typed: what cannot be read is told of by itself.</summary>
    /// <returns>Whether it names a node.</returns>
    public bool CheckNode(CommandResult result, Option option)
    {
        string typed = string.Join(' ', result.GetResult(option)?.Tokens ?? []);
        if (!int.TryParse(typed, CultureInfo.InvariantCulture, out int node))
            return false;

        int nodes = CountIn(result);
        if (node > nodes)
            result.AddError($"{option.Name} is {node}; the nodes are 1 to {nodes}.");
        return true;
    }

    public SynodClient Connect(ParseResult parsed, TimeSpan timeout, int nearest = 1) =>
        Connect(parsed, new Counter(), timeout, nearest);

    public SynodClient Connect(
        ParseResult parsed, IMachineCodec machine, TimeSpan timeout, int nearest = 1) => new(
        new SynodClientOptions
        {
            Cluster = NameIn(parsed),
            Nodes = AddressesIn(parsed),
            Tls = TlsIn(parsed),
            Retries = new ClientCoreOptions
            {
                Group = GroupIn(parsed),
                Timeout = timeout,
                Nearest = nearest - 1,
            },
        },
        machine);

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
