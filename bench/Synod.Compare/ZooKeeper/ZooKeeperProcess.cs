using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Synod.Cli.Processes;
using Synod.Compare.Rivals;

namespace Synod.Compare.ZooKeeper;

/// <summary>One member of a ZooKeeper ensemble.</summary>
internal sealed class ZooKeeperProcess : RivalProcess
{
    private const int PortsEach = 3;

    private ZooKeeperProcess(string library, string directory, Ports[] members, int place)
        : base(
            $"127.0.0.1:{Number(members[place].Client)}",
            Start(library, directory, members, place))
    {
    }

    /// <summary>Starts an ensemble.</summary>
    /// <param name="library">The path of <c>zookeeper.jar</c>, which names what else it
    /// needs.</param>
    /// <param name="directory">For its data.</param>
    /// <param name="members">How many.</param>
    public static RivalCluster StartAll(string library, string directory, int members)
    {
        Ports[] ports =
        [
            .. ProcessCluster.FreeAddresses(PortsEach * members)
                .Select(static address => IPEndPoint.Parse(address).Port)
                .Chunk(PortsEach)
                .Select(static own => new Ports(own[0], own[1], own[2])),
        ];
        return new RivalCluster("zookeeper", [.. Enumerable.Range(0, members).Select(
            place => new ZooKeeperProcess(library, directory, ports, place))]);
    }

    public override async Task<bool> LeadsAsync(CancellationToken cancellation)
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

    // It does not say what it sends.
    protected override async Task<(long Flushes, long SentBytes)> CountsAsync(
        CancellationToken cancellation)
    {
        const string flushes = "zk_cnt_fsynctime";
        string? line = (await AskAsync("mntr", cancellation))
            .Split('\n')
            .FirstOrDefault(static line => line.StartsWith(flushes, StringComparison.Ordinal));
        return line is null
            ? default
            : (long.Parse(line.AsSpan(flushes.Length), CultureInfo.InvariantCulture), 0);
    }

    private static ProcessStartInfo Start(
        string library, string directory, Ports[] members, int place)
    {
        string own = Directory.CreateDirectory(Path.Combine(
            directory, string.Create(CultureInfo.InvariantCulture, $"zookeeper-{place + 1}")))
            .FullName;
        File.WriteAllText(Path.Combine(own, "myid"), Number(place + 1));
        string settings = Path.Combine(own, "zoo.cfg");
        File.WriteAllText(settings, Settings(own, members, place));
        return new ProcessStartInfo("java")
        {
            WorkingDirectory = own,
            ArgumentList =
            {
                "-cp", library, "org.apache.zookeeper.server.quorum.QuorumPeerMain", settings,
            },
        };
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

    private static string Settings(string directory, Ports[] members, int place) =>
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

    /// <summary>For clients, for members and for elections.</summary>
    private readonly record struct Ports(int Client, int Peer, int Vote);
}
