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
        string[] addresses = ProcessCluster.FreeAddresses(3);
        SynodNode[] nodes = [.. Enumerable.Range(1, 3).Select(
            number => Node(number, addresses, protocol))];
        foreach (SynodNode node in nodes)
            node.Start();
        await using SynodClient client = Connect(addresses);
        Assert.Equal(Is(1), await client.ExecuteAsync("k", new Add(1), Cancellation));
        int leader = (int)((await client.StatusAsync(Cancellation))?.Leader.Number ?? 0);
        int hanging = leads ? leader : (leader % 3) + 1;

        FileBlockDevice device = Assert.IsType<FileBlockDevice>(nodes[hanging - 1].Device);
        device.Performs = Hang;
        Task<Outcome<long>> second = client.ExecuteAsync("k", new Add(1), Cancellation);
        Assert.True(_hangs.Wait(TimeSpan.FromSeconds(30), Cancellation));

        Assert.Equal(Is(2), await second);
        Assert.Equal(Is(3), await client.ExecuteAsync("k", new Add(1), Cancellation));
        Assert.False(_goesOn.IsSet);
        _goesOn.Set();
        foreach (SynodNode node in nodes)
            await node.DisposeAsync();
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

    private static Outcome<long> Is(long value) => new Outcome<long>.Applied(value);

    private static SynodClient Connect(string[] addresses) => new(
        new SynodClientOptions
        {
            Cluster = "hanging",
            Nodes = addresses,
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

    private SynodNode Node(int number, string[] addresses, string protocol)
    {
        SynodOptions options = new()
        {
            Cluster = "hanging",
            Node = number,
            Protocol = protocol,
            DataDirectory = Path.Combine(_folder.FullName, $"{number}"),
        };
        for (int other = 1; other <= addresses.Length; other++)
            options.Nodes[other] = addresses[other - 1];
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
