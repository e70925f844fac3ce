using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.QueueWithLength;

namespace Synod.Processes.Tests;

/// <summary>Nodes inside of this process, as a user's program has them.</summary>
public class EmbeddingTests
{
    private const string Key = "k";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Feature("A05")]
    public async Task The_results_of_commands_come_back()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new QueueWithLength());
        await using SynodClient client = cluster.Connect(new QueueWithLength());

        Assert.Equal(Is(0L), await client.ExecuteAsync(Key, new Enqueue("a"), Cancellation));
        Assert.Equal(Is(1L), await client.ExecuteAsync(Key, new Enqueue("b"), Cancellation));
        Assert.Equal(Is(2L), await client.QueryAsync(Key, new Length(), Cancellation));
        foreach (string? head in (string?[])["a", "b", null])
            Assert.Equal(Is(head), await client.ExecuteAsync(Key, new Dequeue(), Cancellation));
    }

    [Fact]
    [Feature("A02")]
    public async Task A_machine_is_all_that_a_user_defines()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new HighScore());
        await using SynodClient client = cluster.Connect(new HighScore());

        Assert.Equal(Is(false), await client.ExecuteAsync(Key, new Beat(0), Cancellation));
        Assert.Equal(Is(true), await client.ExecuteAsync(Key, new Beat(7), Cancellation));
        Assert.Equal(Is(false), await client.ExecuteAsync(Key, new Beat(5), Cancellation));
        Assert.Equal(Is(7L), await client.QueryAsync(Key, new Best(), Cancellation));
        Assert.Equal(
            new Outcome<bool>.Refused("a score is not negative"),
            await client.ExecuteAsync(Key, new Beat(-1), Cancellation));
    }

    [Fact]
    [Feature("A12")]
    public async Task A_follower_names_the_leader_who_then_does_it()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new HighScore());
        int score = 0;

        await Soon.Until(
            async () =>
            {
                int leader = await cluster.LeaderAsync();
                Outcome<bool> refused = await BeatAsync(cluster, 0, (leader % 3) + 1);
                if (refused is not Outcome<bool>.NotLeader { Leader: { } named })
                    return null;
                Outcome<bool> done = await BeatAsync(cluster, ++score, (int)named.Number);
                return done == Is(true) ? done : null;
            },
            static () => "no leader that a follower names, and stays it, does a command");
    }

    // Late answers and a leader that moves are no failures here.
    private static async Task<Outcome<bool>> BeatAsync(EmbeddedCluster cluster, int score, int node)
    {
        await using SynodClient client =
            cluster.Connect(new HighScore(), TimeSpan.FromSeconds(1), node);
        return await client.ExecuteAsync(Key, new Beat(score), Cancellation);
    }

    [Fact]
    [Feature("A06")]
    public async Task A_command_without_a_quorum_ends_in_time_and_happens_at_most_once()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new QueueWithLength());
        TimeSpan limit = TimeSpan.FromSeconds(1);
        int leader = await cluster.LeaderAsync();
        int[] others = [.. Enumerable.Range(1, 3).Where(node => node != leader)];
        await Task.WhenAll(others.Select(cluster.StopAsync));

        await using (SynodClient client = cluster.Connect(new QueueWithLength(), limit))
        {
            Outcome<long> outcome = await client
                .ExecuteAsync(Key, new Enqueue("late"), Cancellation)
                .WaitAsync(Soon.Limit, Cancellation);
            Assert.False(outcome is Outcome<long>.Applied, $"{outcome}");
        }

        foreach (int node in others)
            await cluster.StartAsync(node);
        await using SynodClient healed =
            cluster.Connect(new QueueWithLength(), TimeSpan.FromSeconds(20));
        Outcome<long> before = await healed.ExecuteAsync(Key, new Enqueue("x"), Cancellation);
        Outcome<long> after = await healed.QueryAsync(Key, new Length(), Cancellation);

        long length = Assert.IsType<Outcome<long>.Applied>(before).Result;
        Assert.InRange(length, 0, 1);
        Assert.Equal(Is(length + 1), after);
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_options_is_told_at_the_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSynod(new HighScore(), static options =>
        {
            options.Node = 4;
            options.Nodes[1] = "here";
            options.Protocol = "paxi";
        });
        using IHost host = builder.Build();

        OptionsValidationException fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(Cancellation));

        Assert.Equal(
            [
                "Cluster is empty: give the cluster a name, the same on every node.",
                "DataDirectory is empty: name a directory that only this node uses.",
                "Node is 4, which is none of Nodes (1): use one of these numbers.",
                "The address of node 1 is 'here': write host:port.",
                "Protocol is 'paxi': use raft or paxos or epaxos or register.",
            ],
            fault.Failures);
    }

    private static Outcome<T> Is<T>(T result) => new Outcome<T>.Applied(result);
}
