using System.Diagnostics;
using System.Globalization;
using Synod.Cli.Processes;

namespace Synod.Compare;

/// <summary>One member of an etcd cluster, as Debian ships it: every write is flushed.</summary>
internal sealed class EtcdProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _metrics;
    private volatile string _lastWords = "nothing";

    /// <param name="program">The path of <c>etcd</c>.</param>
    /// <param name="directory">For its data.</param>
    /// <param name="members">Of all: where clients and where peers reach it.</param>
    /// <param name="place">Which of them it is.</param>
    public EtcdProcess(
        string program, string directory, (string Client, string Peer)[] members, int place)
    {
        Address = members[place].Client;
        _metrics = $"http://{Address}/metrics";
        string peers = string.Join(',', members.Index().Select(
            static member => $"{NameOf(member.Index)}=http://{member.Item.Peer}"));
        ProcessStartInfo start = new(program)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "--name", NameOf(place),
                "--data-dir", Path.Combine(directory, NameOf(place)),
                "--listen-client-urls", $"http://{Address}",
                "--advertise-client-urls", $"http://{Address}",
                "--listen-peer-urls", $"http://{members[place].Peer}",
                "--initial-advertise-peer-urls", $"http://{members[place].Peer}",
                "--initial-cluster", peers,
                "--initial-cluster-state", "new",
                "--initial-cluster-token", Path.GetFileName(directory),
                "--logger", "zap",
                "--log-level", "error",
            },
        };
        _process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program} could not be started.");
        _process.ErrorDataReceived += (_, line) => _lastWords = line.Data ?? _lastWords;
        _process.OutputDataReceived += (_, line) => _lastWords = line.Data ?? _lastWords;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Address { get; }

    public bool IsRunning => !_process.HasExited;

    public string LastWords => _lastWords;

    /// <summary>What it has used, by the counts of the system and of itself.</summary>
    public async Task<NodeUsage> UsageAsync(HttpClient http, CancellationToken cancellation)
    {
        _process.Refresh();
        TimeSpan cpu = _process.TotalProcessorTime;
        string page = await http.GetStringAsync(new Uri(_metrics), cancellation);
        return new NodeUsage
        {
            Cpu = cpu,
            WorkingSetBytes = _process.WorkingSet64,
            DiskBytes = ProcessFacts.DiskBytes(_process.Id),
            Flushes = Sum(page, "etcd_disk_wal_fsync_duration_seconds_count")
                + Sum(page, "etcd_disk_backend_commit_duration_seconds_count"),
            SentBytes = Sum(page, "etcd_network_peer_sent_bytes_total")
                + Sum(page, "etcd_network_client_grpc_sent_bytes_total"),
        };
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

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
