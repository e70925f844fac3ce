using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>Reads by leases and at followers, on real nodes.</summary>
public class ReadTests
{
    private const string Key = "k";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The same without a lease: nothing else lets a leader answer that reaches nobody.
    [Theory]
    [InlineData("5", true)]
    [InlineData("0", false)]
    [Feature("A15")]
    [Feature("A16")]
    public async Task A_leader_without_its_followers_reads_as_long_as_its_lease(
        string promise, bool hasLease)
    {
        using TestCluster cluster = await TestCluster.StartAsync(3, "--lease", promise);
        int leader = await cluster.LeaderAsync();
        await using SynodClient client = cluster.Connect(Short, leader);
        await AddAsync(cluster);
        await Soon.Until(
            async () => await ReadAsync(client) as Outcome<long>.Applied,
            static () => "the leader answers no read");

        foreach (int follower in cluster.Nodes.Where(node => node != leader))
            cluster[follower].Kill();

        Assert.Equal(hasLease, await ReadAsync(client) is Outcome<long>.Applied { Result: 1 });
        await Soon.Until(
            async () => await ReadAsync(client) is Outcome<long>.Applied ? null : "refused",
            static () => "the leader answers reads although its followers are dead");
    }

    // What was asked for while it stood still reaches it when it goes on: others lead by then, and
    // its lease is over by its own clock, which went on as well.
    [Fact]
    [Feature("A16")]
    public async Task A_leader_that_was_stopped_answers_no_read_by_a_lease_that_has_ended()
    {
        using TestCluster cluster = await TestCluster.StartAsync(3, "--lease", "0.4");
        int leader = await cluster.LeaderAsync();
        await using SynodClient old = cluster.Connect(TimeSpan.FromSeconds(5), leader);
        await AddAsync(cluster);
        Assert.Equal(new Outcome<long>.Applied(1), await ReadAsync(old));

        cluster[leader].Signal("STOP");
        await using SynodClient others =
            cluster.Connect([.. cluster.Nodes.Where(node => node != leader)]);
        await Soon.Until(
            async () => await others.ExecuteAsync(Key, new Add(1), Cancellation)
                as Outcome<long>.Applied,
            static () => "nobody leads after the leader was stopped");
        Task<Outcome<long>> asked = ReadAsync(old);
        cluster[leader].Signal("CONT");

        Assert.NotEqual(new Outcome<long>.Applied(1), await asked);
    }

    [Fact]
    [Feature("A17")]
    public async Task Every_node_answers_with_what_was_acknowledged_elsewhere()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        await using SynodClient writer = cluster.Connect();
        SynodClient[] readers = [.. cluster.Nodes.Select(node => cluster.Connect(node))];
        for (int value = 1; value <= 30; value++)
        {
            Assert.Equal(
                new Outcome<long>.Applied(value),
                await writer.ExecuteAsync(Key, new Add(1), Cancellation));
            Assert.Equal(
                new Outcome<long>.Applied(value),
                await readers[value % 3].QueryNearAsync(Key, new GetValue(), Cancellation));
        }

        foreach (SynodClient reader in readers)
            await reader.DisposeAsync();
    }

    [Fact]
    [Feature("A17")]
    public async Task The_command_line_reads_at_the_node_that_it_names_and_says_when_it_cannot()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        int leader = await cluster.LeaderAsync();
        int follower = (leader % 3) + 1;
        await AddAsync(cluster);

        SynodResult near = await cluster.RunAsync($"counter get {Key} --from {follower}");
        Assert.Equal(("", "1", 0), (near.Errors, near.Output, near.Code));

        foreach (int other in cluster.Nodes.Where(node => node != follower))
            cluster[other].Kill();
        SynodResult alone =
            await cluster.RunAsync($"counter get {Key} --from {follower} --timeout 1");
        SynodResult local = await cluster.RunAsync($"counter get {Key} --local");

        Assert.Equal(("", 1), (alone.Output, alone.Code));
        Assert.Equal(("", "1", 0), (local.Errors, local.Output, local.Code));
    }

    private static async Task AddAsync(TestCluster cluster)
    {
        await using SynodClient client = cluster.Connect();
        Assert.Equal(
            new Outcome<long>.Applied(1),
            await client.ExecuteAsync(Key, new Add(1), Cancellation));
    }

    private static Task<Outcome<long>> ReadAsync(SynodClient client) =>
        client.QueryAsync(Key, new GetValue(), Cancellation);
}
