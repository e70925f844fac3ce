using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>The disk of one node fails, by the system's own word: strace makes its calls
/// fail.</summary>
public class DiskFailureTests
{
    private const int Node = 1;

    [Theory]
    [InlineData(true, "fdatasync,fsync", "EIO", "fdatasync")]
    [InlineData(false, "fdatasync,fsync", "EIO", "fdatasync")]
    [InlineData(true, "pwrite64", "ENOSPC", "pwrite")]
    [Feature("C02")]
    public async Task A_node_whose_disk_fails_says_why_and_ends_and_nothing_is_lost(
        bool leader, string calls, string error, string told)
    {
        string[] strace = Strace("/dev/null", calls, error);
        using TestCluster cluster = TestCluster.Create();
        cluster.StartUnder(strace, Node);
        await cluster.ServeAsync();
        await cluster.MakeAsync(Node, leader, start: node =>
            cluster.StartUnder(node == Node ? strace : [], node));
        await using Counting counting = new(cluster);
        SynodProcess failing = cluster[Node];

        int code = await failing.ExitAsync();
        await counting.SucceedAsync();
        await cluster.ServeAsync();
        await counting.SucceedAsync();

        Assert.Equal(1, code);
        Assert.Matches(
            $"^synod: node 1 had to end: .* is poisoned: {told} of .*\\.log failed with {error}",
            failing.Errors[^1]);
        await counting.CheckAsync();
        await cluster.AgreeAsync();
    }

    [Fact]
    [Feature("C02")]
    public async Task Each_acknowledgement_has_a_flush_that_succeeded()
    {
        using Alone alone = new();
        string trace = Path.Combine(alone.Folder, "trace");
        using SynodProcess node = SynodProcess.StartUnder(
            Strace(trace, "fdatasync,fsync", "EIO"), alone.Arguments);
        await node.LineAsync("Leading");
        Assert.Equal("1", await alone.AddAsync());
        int before = Flushes(trace);

        int acknowledged = 0;
        await using (SynodClient client = alone.Connect(TimeSpan.FromSeconds(3)))
        {
            CancellationToken stop = TestContext.Current.CancellationToken;
            while (await client.ExecuteAsync("k", new Add(1), stop) is Outcome<long>.Applied)
                acknowledged++;
        }

        Assert.Equal(1, await node.ExitAsync());
        Assert.Equal((Flushes(trace) - before, true), (acknowledged, acknowledged > 0));
    }

    // The system itself says so: the mode that is named unsafe makes no single flush of data, and
    // the default one at least one for each command.
    [Theory]
    [InlineData("unsafe-no-flush", false)]
    [InlineData("fsync", true)]
    [Feature("C09")]
    public async Task What_is_named_unsafe_flushes_nothing_and_the_default_does(
        string durability, bool flushes)
    {
        const int Commands = 5;
        using Alone alone = new();
        string trace = Path.Combine(alone.Folder, "trace");
        using SynodProcess node = SynodProcess.StartUnder(
            [Strace(), "-f", "-o", trace, "-e", "trace=fdatasync"],
            [.. alone.Arguments, "--durability", durability]);
        await node.LineAsync("Leading");
        for (int command = 1; command <= Commands; command++)
            Assert.Equal($"{command}", await alone.AddAsync());

        int flushed = Flushes(trace);

        Assert.True(flushes ? flushed >= Commands : flushed == 0, $"{flushed} flushes");
    }

    private static int Flushes(string trace) => File.ReadLines(trace).Count(
        static line => line.EndsWith("= 0", StringComparison.Ordinal));

    // Writes all such calls into a file, and lets them fail from the fiftieth on; of writes, those
    // not counted that clear the room behind the first.
    private static string[] Strace(string file, string calls, string error)
    {
        const int cleared = 64;
        int from = 50 + (calls == "pwrite64" ? cleared : 0);
        return
        [
            Strace(), "-f", "-o", file, "-e", $"trace={calls}",
            "-e", $"inject={calls}:error={error}:when={from}+",
        ];
    }

    private static string Strace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has strace.");
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        string? strace = folders
            .Select(static folder => Path.Combine(folder, "strace"))
            .FirstOrDefault(File.Exists);
        Assert.True(strace is not null, "Install strace (Debian: apt-get install strace).");
        return strace;
    }
}
