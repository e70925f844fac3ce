using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Synod.Cli.Processes;

namespace Synod.Compare.ZooKeeper;

/// <summary>One member of a ZooKeeper ensemble, as Debian ships it: every write is
/// flushed.</summary>
internal sealed class ZooKeeperProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="library">The path of <c>zookeeper.jar</c>, which names what else it
    /// needs.</param>
    /// <param name="directory">For its data.</param>
    /// <param name="members">Of all: the ports for clients, for members and for
    /// elections.</param>
    /// <param name="place">Which of them it is.</param>
    public ZooKeeperProcess(
        string library, string directory, (int Client, int Peer, int Vote)[] members, int place)
    {
        string own = Directory.CreateDirectory(Path.Combine(
            directory, string.Create(CultureInfo.InvariantCulture, $"zookeeper-{place + 1}")))
            .FullName;
        File.WriteAllText(Path.Combine(own, "myid"), Number(place + 1));
        string settings = Path.Combine(own, "zoo.cfg");
        File.WriteAllText(settings, Settings(own, members, place));
        Address = $"127.0.0.1:{Number(members[place].Client)}";
        ProcessStartInfo start = new("java")
        {
            WorkingDirectory = own,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-cp", library, "org.apache.zookeeper.server.quorum.QuorumPeerMain", settings,
            },
        };
        _process = Process.Start(start)
            ?? throw new InvalidOperationException("java could not be started.");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Address { get; }

    public bool IsRunning => !_process.HasExited;

    /// <summary>Whether it leads; false if it does not answer.</summary>
    public async Task<bool> LeadsAsync(CancellationToken cancellation)
    {
        try
        {
            string answer = await AskAsync("srvr", cancellation);
            return answer.Contains("Mode: leader", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            // It does not listen yet.
            return false;
        }
    }

    /// <summary>What it has used, by the counts of the system and of itself; it does not say what
    /// it sends.</summary>
    public async Task<NodeUsage> UsageAsync(CancellationToken cancellation)
    {
        _process.Refresh();
        TimeSpan cpu = _process.TotalProcessorTime;
        const string flushes = "zk_cnt_fsynctime";
        string? line = (await AskAsync("mntr", cancellation))
            .Split('\n')
            .FirstOrDefault(static line => line.StartsWith(flushes, StringComparison.Ordinal));
        return new NodeUsage
        {
            Cpu = cpu,
            WorkingSetBytes = _process.WorkingSet64,
            DiskBytes = ProcessFacts.DiskBytes(_process.Id),
            Flushes = line is null
                ? 0
                : long.Parse(line.AsSpan(flushes.Length), CultureInfo.InvariantCulture),
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

    // A word in plain, and what it says until it closes.
    private async Task<string> AskAsync(string word, CancellationToken cancellation)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(Address), cancellation);
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(word), cancellation);
        using StreamReader reader = new(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(cancellation);
    }

    private static string Settings(
        string directory, (int Client, int Peer, int Vote)[] members, int place) =>
        string.Join('\n', members.Index()
            .Select(static one =>
                $"server.{Number(one.Index + 1)}=127.0.0.1:{Number(one.Item.Peer)}:"
                + Number(one.Item.Vote))
            .Append($"dataDir={directory}")
            .Append($"clientPort={Number(members[place].Client)}")
            .Append("clientPortAddress=127.0.0.1")
            .Append("tickTime=2000")
            .Append("initLimit=10")
            .Append("syncLimit=5")
            .Append("maxClientCnxns=0")
            .Append("admin.enableServer=false")
            .Append("4lw.commands.whitelist=srvr,mntr")
            .Append(""));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
