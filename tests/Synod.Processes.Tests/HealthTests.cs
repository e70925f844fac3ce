using Microsoft.Extensions.Diagnostics.HealthChecks;
using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

public sealed class HealthTests
{
    private const HealthStatus Good = HealthStatus.Healthy;
    private const HealthStatus Bad = HealthStatus.Unhealthy;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readiness_and_quorum_come_with_the_others_and_go_with_them()
    {
        await using EmbeddedCluster cluster =
            EmbeddedCluster.Create(static () => new HighScore());
        await cluster.StartAsync(1);
        Assert.Equal((Good, Bad, Bad), await cluster.HealthAsync(1));

        await cluster.StartAsync(2);
        await cluster.StartAsync(3);
        int leader = await cluster.LeaderAsync();
        int[] followers = [.. Enumerable.Range(1, 3).Where(node => node != leader)];
        await BecomesAsync(cluster, leader, (Good, Good, Good));
        await BecomesAsync(cluster, followers[0], (Good, Good, Good));
        await BecomesAsync(cluster, followers[1], (Good, Good, Good));

        await cluster.StopAsync(leader);
        await cluster.StopAsync(followers[0]);
        await BecomesAsync(cluster, followers[1], (Good, Good, Bad));
    }

    [Fact]
    public async Task Low_storage_degrades_readiness_and_never_liveness()
    {
        await using LonelyNode lonely = new(8, static options =>
        {
            options.LogSegmentBytes = 8 << 20;
            options.LogCapacityBytes = 16 << 20;
        });
        await using SynodClient client = lonely.Connect();
        string large = new('k', 512 << 10);

        while (await client.ExecuteAsync(large, new Add(1), Cancellation) is Outcome<long>.Applied)
        {
        }

        Assert.Equal(HealthStatus.Degraded, lonely.Node.Ready().Status);
        Assert.Equal(Good, lonely.Node.Live().Status);
        Assert.Equal(Good, lonely.Node.Quorum().Status);
    }

    [Fact]
    public async Task A_node_whose_log_is_poisoned_ends_and_is_not_live()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-test-");
        PoisonableLog? log = null;
        await using (LonelyNode lonely = new(9, options =>
        {
            options.Durability = Durability.Fsync;
            options.DataDirectory = Path.Combine(directory.FullName, "9");
            options.Log = opening => log = new PoisonableLog(opening.Wake);
        }))
        {
            await using SynodClient client = lonely.Connect();
            Assert.IsType<Outcome<long>.Applied>(
                await client.ExecuteAsync("k", new Add(1), Cancellation));
            Assert.Equal(Good, lonely.Node.Live().Status);

            log?.Fail("The disk is gone.");
            await Soon.Within(
                Task.WhenAny(lonely.Node.Ended), static () => "the node has not ended");

            Assert.Equal((Bad, "The disk is gone."), Told(lonely.Node.Live()));
            Assert.Equal((Bad, "The disk is gone."), Told(lonely.Node.Ready()));
            Assert.Equal((Bad, "The disk is gone."), Told(lonely.Node.Quorum()));
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    [Feature("B22")]
    public async Task A_replica_that_crashes_begins_anew_and_its_node_lives()
    {
        Nameless machine = new();
        await using LonelyNode lonely = new(
            9,
            static options => options.Nodes[10] = ProcessCluster.FreeAddresses(1)[0],
            machine);
        await using SynodClient client = lonely.Connect();

        // The group is not created, so the name of its machine is looked up for the status.
        machine.Crashes = 1;
        await Soon.Until(
            async () =>
                await client.StatusAsync(Cancellation) is { Life.Number: 2 } ? client : null,
            () => $"no second life: {lonely.Node.Ended.Exception}");

        Assert.True(machine.Crashes < 0);
        Assert.Equal(Good, lonely.Node.Live().Status);
        Assert.False(lonely.Node.Ended.IsCompleted);
    }

    [Fact]
    [Feature("B22")]
    public async Task A_replica_that_crashes_again_and_again_is_stopped_and_its_node_lives()
    {
        Nameless machine = new();
        await using LonelyNode lonely = new(
            9,
            static options => options.Nodes[10] = ProcessCluster.FreeAddresses(1)[0],
            machine);
        await using SynodClient client = lonely.Connect();

        machine.Crashes = int.MaxValue;
        await Soon.Until(
            async () =>
            {
                const string Stopped =
                    "g1 is stopped: InvalidOperationException: There is no name.";
                _ = await client.StatusAsync(Cancellation);
                return Told(lonely.Node.Ready()).Item2 == Stopped ? client : null;
            },
            () => $"it is not stopped: {Told(lonely.Node.Ready())}");

        Assert.Equal(Good, lonely.Node.Live().Status);
        Assert.False(lonely.Node.Ended.IsCompleted);
    }

    private static (HealthStatus, string?) Told(HealthCheckResult result) =>
        (result.Status, result.Description);

    private static async Task BecomesAsync(
        EmbeddedCluster cluster,
        int node,
        (HealthStatus Live, HealthStatus Ready, HealthStatus Quorum) wanted) => await Soon.Until(
            async () => await cluster.HealthAsync(node) == wanted ? cluster : null,
            () => $"n{node} did not become {wanted}");

    private sealed class Nameless : IKeyedMachine
    {
        private readonly Counter _counter = new();

        private int _crashes;

        public int Crashes
        {
            get => Volatile.Read(ref _crashes);
            set => Volatile.Write(ref _crashes, value);
        }

        public string Name => Interlocked.Decrement(ref _crashes) >= 0
            ? throw new InvalidOperationException("There is no name.")
            : _counter.Name;

        public int Version => 1;

        public void Apply(in MachineInput input, MachineOutput output) =>
            _counter.Apply(input, output);

        public void Query(in MachineInput input, MachineOutput output) =>
            _counter.Query(input, output);
    }
}
