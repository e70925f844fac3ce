using System.Diagnostics;
using System.Globalization;
using Synod.Cli.Processes;
using Synod.Etcd;

namespace Synod.Compare.Rivals;

/// <summary>One member of an etcd cluster.</summary>
internal sealed class EtcdProcess : RivalProcess
{
    public const string Name = "etcd";

    private static readonly HttpClient Http = new();

    private readonly string _metrics;

    private EtcdProcess(
        string program, string directory, (string Client, string Peer)[] members, int place)
        : base(members[place].Client, Start(program, directory, members, place)) =>
        _metrics = $"http://{Address}/metrics";

    /// <summary>Starts a cluster.</summary>
    /// <param name="program">The path of <c>etcd</c>.</param>
    /// <param name="directory">For its data.</param>
    /// <param name="members">How many.</param>
    public static RivalCluster StartAll(string program, string directory, int members)
    {
        string[] addresses = ProcessCluster.FreeAddresses(2 * members);
        (string Client, string Peer)[] places =
            [.. addresses.Take(members).Zip(addresses.Skip(members))];
        return new RivalCluster(Name, [.. Enumerable.Range(0, members).Select(
            place => new EtcdProcess(program, directory, places, place))]);
    }

    public override async Task<bool> LeadsAsync(CancellationToken cancellation)
    {
        using EtcdClient client = new(Address);
        try
        {
            return await client.LeadsAsync(cancellation);
        }
        catch (EtcdException)
        {
            // It does not listen yet, or knows nobody who leads.
            return false;
        }
    }

    protected override async Task<(long Flushes, long SentBytes)> CountsAsync(
        CancellationToken cancellation)
    {
        string page = await Http.GetStringAsync(new Uri(_metrics), cancellation);
        return (
            Sum(page, "etcd_disk_wal_fsync_duration_seconds_count")
                + Sum(page, "etcd_disk_backend_commit_duration_seconds_count"),
            Sum(page, "etcd_network_peer_sent_bytes_total")
                + Sum(page, "etcd_network_client_grpc_sent_bytes_total"));
    }

    // Where clients and where peers reach each of them.
    private static ProcessStartInfo Start(
        string program, string directory, (string Client, string Peer)[] members, int place) =>
        new(program)
        {
            ArgumentList =
            {
                "--name", NameOf(place),
                "--data-dir", Path.Combine(directory, NameOf(place)),
                "--listen-client-urls", $"http://{members[place].Client}",
                "--advertise-client-urls", $"http://{members[place].Client}",
                "--listen-peer-urls", $"http://{members[place].Peer}",
                "--initial-advertise-peer-urls", $"http://{members[place].Peer}",
                "--initial-cluster", string.Join(',', members.Index().Select(
                    static member => $"{NameOf(member.Index)}=http://{member.Item.Peer}")),
                "--initial-cluster-state", "new",
                "--initial-cluster-token", Path.GetFileName(directory),
                "--logger", "zap",
                "--log-level", "error",
            },
        };

    private static string NameOf(int place) =>
        string.Create(CultureInfo.InvariantCulture, $"etcd-{place + 1}");

    // A line is a name, tags in braces if it has any, and a number.
    private static long Sum(string page, string name) => (long)page
        .Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal)
            && line.Length > name.Length
            && line[name.Length] is ' ' or '{')
        .Sum(static line => double.Parse(
            line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}
