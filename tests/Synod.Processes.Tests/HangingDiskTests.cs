using Microsoft.Extensions.Logging.Abstractions;
using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Storage;

namespace Synod.Processes.Tests;

/// <summary>A disk that hangs, where the thread of the shard helps it.</summary>
public sealed class HangingDiskTests : IDisposable
{
    private const int FlushesSeen = 30;

    private readonly string[] _addresses = ProcessCluster.FreeAddresses(3);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synod-test-");
    private readonly ManualResetEventSlim _goesOn = new();
    private readonly ManualResetEventSlim _hangs = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("raft", true)]
    [InlineData("paxos", true)]
    [InlineData("raft", false)]
    [Feature("C02")]
    public async Task Commands_go_on_while_the_disk_of_a_node_hangs(string protocol, bool leads)
    {
        SynodNode[] nodes = Start(protocol);
        await using SynodClient client = Connect();
        Assert.Equal(1, await AddAsync(client));
        int leader = (await StatusAsync(client)).Leader;
        int hanging = leads ? leader : (leader % 3) + 1;

        DeviceOf(nodes[hanging - 1]).Performs = Hang;
        Task<long> second = AddAsync(client);
        Assert.True(_hangs.Wait(TimeSpan.FromSeconds(30), Cancellation));

        Assert.Equal(2, await second);
        Assert.Equal(3, await AddAsync(client));
        Assert.False(_goesOn.IsSet);
        _goesOn.Set();
        foreach (SynodNode node in nodes)
            await node.DisposeAsync();
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    public async Task The_shard_of_a_leader_never_waits_for_its_disk_and_that_of_a_follower_may(
        string protocol)
    {
        SynodNode[] nodes = Start(protocol);
        await using SynodClient client = Connect();
        await AddAsync(client);
        (int Leader, long Term) reign = await StatusAsync(client);
        int[] helped = new int[4];
        foreach (SynodNode node in nodes)
            DeviceOf(node).Performs = job => Count(job, ref helped[node.Number]);

        // Whether the thread of the shard helps is decided by how long flushes took by the clock of
        // the machine, and who leads by its scheduler: where other work leaves it no time, there
        // is nothing to look at here. HelpedDeviceTests decide the same by a clock of their own.
        // Only while the disk is quick: after a slow flush a shard leaves the next to others.
        for (int times = 0; helped.Max() < FlushesSeen && times < 20_000; times++)
            await AddAsync(client);
        int byLeader = helped[reign.Leader];
        bool isSame = reign == await StatusAsync(client);

        foreach (SynodNode node in nodes)
            await node.DisposeAsync();
        Assert.SkipUnless(isSame && helped.Max() >= FlushesSeen, "The machine was too busy.");
        Assert.Equal(0, byLeader);
    }

    [Fact]
    public async Task How_long_the_shard_has_helped_a_disk_that_hangs_can_be_seen()
    {
        using FileBlockDevice device = FileBlockDevice.Open(_folder.FullName);
        device.IsHelped = true;
        device.Perform(new DiskJob { Kind = DiskJobKind.Create, File = "f", Length = 1 << 16 });
        device.Start(static () => { });
        HelpingWait wait = new(new NoNews(), static () => true) { Device = device };
        device.Performs = Hang;
        device.Submit(new DiskJob { Kind = DiskJobKind.Flush, File = "f" });

        Assert.Equal(TimeSpan.Zero, wait.HelpTime);
        Task helping = Task.Run(() => wait.Wait(TimeSpan.Zero), Cancellation);
        Assert.True(_hangs.Wait(TimeSpan.FromSeconds(30), Cancellation));
        TimeSpan before = wait.HelpTime;
        Assert.True(SpinWait.SpinUntil(() => wait.HelpTime > before, TimeSpan.FromSeconds(30)));
        _goesOn.Set();
        await helping;

        Assert.Equal(TimeSpan.Zero, wait.HelpTime);
    }

    public void Dispose()
    {
        _goesOn.Set();
        _folder.Delete(recursive: true);
        _goesOn.Dispose();
        _hangs.Dispose();
    }

    private static void Count(DiskJob job, ref int helped)
    {
        if (job.Kind == DiskJobKind.Flush && Thread.CurrentThread.Name == "synod shard")
            Interlocked.Increment(ref helped);
    }

    private static FileBlockDevice DeviceOf(SynodNode node) =>
        Assert.IsType<FileBlockDevice>(node.Device);

    private static async Task<long> AddAsync(SynodClient client) =>
        Assert.IsType<Outcome<long>.Applied>(
            await client.ExecuteAsync("k", new Add(1), Cancellation)).Result;

    private static async Task<(int Leader, long Term)> StatusAsync(SynodClient client)
    {
        ReplicaStatus? status = await client.StatusAsync(Cancellation);
        return ((int)(status?.Leader.Number ?? 0), status?.Term ?? 0);
    }

    private SynodNode[] Start(string protocol)
    {
        SynodNode[] nodes = [.. Enumerable.Range(1, 3).Select(number => Node(number, protocol))];
        foreach (SynodNode node in nodes)
            node.Start();
        return nodes;
    }

    private SynodClient Connect() => new(
        new SynodClientOptions
        {
            Cluster = "hanging",
            Nodes = _addresses,
            Retries = new ClientCoreOptions { Timeout = TimeSpan.FromSeconds(8) },
        },
        new Counter());

    private void Hang(DiskJob job)
    {
        if (job.Kind != DiskJobKind.Flush)
            return;

        _hangs.Set();
        _goesOn.Wait();
    }

    private SynodNode Node(int number, string protocol)
    {
        SynodOptions options = new()
        {
            Cluster = "hanging",
            Node = number,
            Protocol = protocol,
            DataDirectory = Path.Combine(_folder.FullName, $"{number}"),
        };
        for (int other = 1; other <= _addresses.Length; other++)
            options.Nodes[other] = _addresses[other - 1];
        return new SynodNode(options, new Counter(), NullLogger<SynodNode>.Instance);
    }

    private sealed class NoNews : INewsWait
    {
        public void Wait(TimeSpan timeout)
        {
        }

        public void Wake()
        {
        }
    }
}
