using System.Text.Json;
using Synod.Cli.Bench;
using Synod.Compare;
using Synod.Compare.Memory;

namespace Synod.Processes.Tests;

/// <summary>The comparison, small. What it measures is not tested, only that it does.</summary>
public class CompareTests
{
    private const string ZooKeeper = "/usr/share/java/zookeeper.jar";

    private static readonly string? Etcd = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(static folder => Path.Combine(folder, "etcd"))
        .FirstOrDefault(File.Exists);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contenders_take_turns_and_their_medians_are_held_against_the_targets()
    {
        Comparison comparison = await RunAsync(NewPlan(etcd: null, "raft", "register"));

        Assert.Equal(
            ["raft", "register", "register", "raft"],
            comparison.Windows
                .Where(static one => one.Load == LoadKind.Puts)
                .Select(static one => one.Contender));
        Assert.All(comparison.Windows, static one => Assert.Equal(0, one.Row.Counts.Failed));
        Assert.Contains(comparison.Windows, static one => one.Row.Counts.Done > 0);
        IReadOnlyList<Target> targets = new Targets(comparison).All();
        Assert.Contains(targets, static target =>
            target.Name == "register: server CPU per put, of raft's" && target.Measured >= 0);
        Assert.Contains(targets, static target =>
            target.Name == "raft: puts/s, of etcd's" && target.Verdict == "not measured");
        JsonElement json = JsonDocument
            .Parse(new CompareJson(comparison, targets).Write()).RootElement;
        Assert.Equal(12, json.GetProperty("windows").GetArrayLength());
        Assert.Equal(targets.Count, json.GetProperty("targets").GetArrayLength());
    }

    [Fact]
    public async Task Etcd_writes_reads_and_is_measured_where_it_is_installed()
    {
        Assert.SkipWhen(Etcd is null, "There is no etcd in the PATH.");

        Comparison comparison = await RunAsync(NewPlan(Etcd));

        Assert.True(comparison.IsWhole, string.Join('\n', comparison.Windows));
        BenchRow puts = Assert.Single(comparison.RowsOf("etcd", LoadKind.Puts));
        Assert.True(puts.Servers is { Flushes: > 0, SentBytes: > 0, DiskBytes: > 0 }, $"{puts}");
    }

    [Fact]
    public async Task ZooKeeper_writes_reads_and_is_measured_where_it_is_installed()
    {
        Assert.SkipUnless(File.Exists(ZooKeeper), "There is no ZooKeeper of Debian's here.");

        Comparison comparison = await RunAsync(NewPlan(etcd: null) with { ZooKeeper = ZooKeeper });

        Assert.True(comparison.IsWhole, string.Join('\n', comparison.Windows));
        BenchRow puts = comparison.RowsOf("zookeeper", LoadKind.Puts).First();
        Assert.True(puts.Servers is { Flushes: > 0, DiskBytes: > 0 }, $"{puts}");
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [InlineData("epaxos")]
    public void Replicas_of_one_process_answer_in_memory(string protocol)
    {
        TimeSpan window = TimeSpan.FromSeconds(0.1);

        MemoryRow row = new MemoryRun(protocol, clients: 64, payloadBytes: 64).Run(window, window);

        Assert.True(row is { CommandsPerSecond: > 0, CpuUsPerCommand: > 0 }, $"{row}");
    }

    [Theory]
    [InlineData(15.1, "reached")]
    [InlineData(14.9, "missed")]
    [InlineData(double.NaN, "not measured")]
    public void A_target_is_reached_or_missed_or_was_not_measured(double measured, string verdict)
    {
        Assert.Equal(verdict, Target.AtLeast("more", measured, 15).Verdict);
        Assert.Equal(verdict, Target.AtMost("less", -measured, -15).Verdict);
    }

    private static ComparePlan NewPlan(string? etcd, params string[] protocols) => new()
    {
        Etcd = etcd,
        Protocols = protocols,
        Clients = 4,
        Connections = 2,
        PayloadBytes = 16,
        Rounds = etcd is null ? 2 : 1,
        Window = TimeSpan.FromSeconds(0.3),
        Settling = TimeSpan.FromSeconds(0.1),
        WarmUp = TimeSpan.FromSeconds(0.1),
    };

    private static Task<Comparison> RunAsync(ComparePlan plan) =>
        new CompareRun(plan, static _ => { }).RunAsync(Cancellation);
}
