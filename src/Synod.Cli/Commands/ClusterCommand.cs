using System.CommandLine;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Cli.Commands;

/// <summary><c>synod cluster status</c>: what each node says of itself.</summary>
internal sealed class ClusterCommand
{
    private readonly LocalCluster _cluster = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        ClusterCommand cluster = new();
        Command status = new(
            "status", "Asks every node for its role, log, members, sessions and storage.")
        {
            cluster._json,
        };
        cluster._cluster.AddTo(status);
        cluster._cluster.AddGroupTo(status);
        status.SetAction(cluster.StatusAsync);
        return new Command("cluster", "Looks at a running cluster, and moves its leader.")
        {
            status,
            TransferCommand.Create(),
        };
    }

    private async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] addresses = _cluster.AddressesIn(parsed);
        string name = _cluster.NameIn(parsed);
        SynodTlsOptions? tls = _cluster.TlsIn(parsed);
        NodeAnswer[] answers = await Task.WhenAll(
            addresses.Select(address =>
                AskAsync((name, _cluster.GroupIn(parsed)), address, tls, cancellation)));

        if (parsed.GetValue(_json))
            Console.WriteLine(StatusReport.ToJson(answers));
        else
            StatusReport.WriteTables(answers);
        return answers.Any(static answer => answer.Status is not null)
            ? 0
            : throw new CommandException(
                "no node answered. Start one with 'synod node 1', or say with --at and --cluster "
                + "where the cluster is and how it is called.");
    }

    internal static Task<NodeAnswer> AskAsync(
        string cluster,
        string address,
        SynodTlsOptions? tls,
        CancellationToken cancellation) =>
        AskAsync((cluster, new GroupId(1)), address, tls, cancellation);

    internal static async Task<NodeAnswer> AskAsync(
        (string Cluster, GroupId Group) whom,
        string address,
        SynodTlsOptions? tls,
        CancellationToken cancellation)
    {
        SynodClientOptions options = new()
        {
            Cluster = whom.Cluster,
            Nodes = [address],
            Tls = tls,
            Retries = new ClientCoreOptions
            {
                Group = whom.Group,
                Timeout = TimeSpan.FromSeconds(1),
            },
        };
        await using SynodClient client = new(options, new Counter());
        ReplicaStatus? status = await client.StatusAsync(cancellation);
        string trouble = client.LastTrouble.Length > 0
            ? client.LastTrouble
            : $"{address}: no answer within {options.Retries.Timeout.TotalSeconds} s";
        return new NodeAnswer(address, status, trouble);
    }
}
