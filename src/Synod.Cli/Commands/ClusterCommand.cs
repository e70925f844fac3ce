using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Synod.Hosting;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Cli.Commands;

/// <summary><c>synod cluster status</c>: what each node says of itself.</summary>
internal sealed class ClusterCommand
{
    private readonly LocalCluster _cluster = new();
    private readonly Option<bool> _json = new("--json")
    {
        Description = "One JSON object on the last line.",
    };

    public static Command Create()
    {
        ClusterCommand cluster = new();
        Command status = new("status", "Asks every node for its role, term, leader and log.")
        {
            cluster._json,
        };
        cluster._cluster.AddTo(status);
        status.SetAction(cluster.StatusAsync);
        return new Command("cluster", "Looks at a running cluster.") { status };
    }

    private async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] addresses = _cluster.AddressesIn(parsed);
        string name = _cluster.NameIn(parsed);
        NodeAnswer[] answers = await Task.WhenAll(
            addresses.Select(address => AskAsync(name, address, cancellation)));

        if (parsed.GetValue(_json))
            WriteJson(answers);
        else
            WriteTable(answers);
        return answers.Any(static answer => answer.Status is not null)
            ? 0
            : throw new CommandException(
                "no node answered. Start one with 'synod node 1', or say with --at and --cluster "
                + "where the cluster is and how it is called.");
    }

    internal static async Task<NodeAnswer> AskAsync(
        string cluster, string address, CancellationToken cancellation)
    {
        SynodClientOptions options = new()
        {
            Cluster = cluster,
            Nodes = [address],
            Retries = new ClientCoreOptions { Timeout = TimeSpan.FromSeconds(1) },
        };
        await using SynodClient client = new(options, new Counter());
        ReplicaStatus? status = await client.StatusAsync(cancellation);
        string trouble = client.LastTrouble.Length > 0
            ? client.LastTrouble
            : $"{address}: no answer within {options.Retries.Timeout.TotalSeconds} s";
        return new NodeAnswer(address, status, trouble);
    }

    private static void WriteTable(NodeAnswer[] answers)
    {
        Table table = new() { Border = TableBorder.None };
        foreach (string column in
            (string[])["node", "at", "role", "term", "leader", "last", "committed", "applied"])
        {
            table.AddColumn(new TableColumn(column) { NoWrap = true });
        }

        foreach (NodeAnswer answer in answers)
            table.AddRow(Cells(answer));
        AnsiConsole.Write(table);
        foreach (NodeAnswer answer in answers.Where(static answer => answer.Status is null))
            Console.WriteLine(answer.Trouble);
    }

    private static string[] Cells(NodeAnswer answer)
    {
        if (answer.Status is not ReplicaStatus status)
            return ["?", Markup.Escape(answer.Address), "silent", "", "", "", "", ""];

        CultureInfo culture = CultureInfo.InvariantCulture;
        return
        [
            status.Node.ToString(),
            Markup.Escape(answer.Address),
            status.Protocol.Length == 0 ? "not created" : status.Role.ToString(),
            status.Term.ToString(culture),
            status.Leader.Number == 0 ? "unknown" : status.Leader.ToString(),
            status.Last.ToString(culture),
            status.Committed.ToString(culture),
            status.Applied.ToString(culture),
        ];
    }

    private static void WriteJson(NodeAnswer[] answers)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("nodes");
            foreach (NodeAnswer answer in answers)
                WriteJson(json, answer);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Console.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void WriteJson(Utf8JsonWriter json, NodeAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("address", answer.Address);
        json.WriteBoolean("answers", answer.Status is not null);
        if (answer.Status is ReplicaStatus status)
        {
            json.WriteNumber("node", status.Node.Number);
            json.WriteString("role", status.Role.ToString());
            json.WriteNumber("term", status.Term);
            json.WriteNumber("leader", status.Leader.Number);
            json.WriteString("protocol", status.Protocol);
            json.WriteString("epoch", status.Epoch.ToString());
            json.WriteNumber("members", status.Members.Count);
            json.WriteNumber("last", status.Last);
            json.WriteNumber("committed", status.Committed);
            json.WriteNumber("applied", status.Applied);
            json.WriteString("digest", status.Digest.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteString("storagePressure", status.Pressure.ToString());
        }

        json.WriteEndObject();
    }
}
