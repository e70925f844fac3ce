using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.QueueWithLength;

namespace Synod.Processes.Tests;

/// <summary>Several groups in one cluster, over the same nodes, logs and connections.</summary>
public class GroupsTests
{
    private const string Key = "k";
    private static readonly GroupId Queues = new(7);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Feature("A22")]
    public async Task The_death_of_one_group_leaves_another_one_alone()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new HighScore(), 5, TwoGroups);
        await using SynodClient scores = cluster.Connect(new HighScore());
        await using SynodClient queues = scores.ForGroup(Queues, new QueueWithLength());
        await using SynodClient doomed =
            cluster.Connect(new HighScore(), TimeSpan.FromSeconds(2));
        Assert.Equal(Is(true), await scores.ExecuteAsync(Key, new Beat(7), Cancellation));
        Assert.Equal(Is(0L), await queues.ExecuteAsync(Key, new Enqueue("a"), Cancellation));
        ReplicaStatus? before = await cluster.AskAsync(4, Queues.Number);

        await cluster.StopAsync(1);
        await cluster.StopAsync(2);

        Assert.Equal(Is(1L), await queues.ExecuteAsync(Key, new Enqueue("b"), Cancellation));
        Assert.IsNotType<Outcome<bool>.Applied>(
            await doomed.ExecuteAsync(Key, new Beat(9), Cancellation));
        ReplicaStatus? after = await cluster.AskAsync(4, Queues.Number);
        Assert.Equal((before?.Term, before?.Leader), (after?.Term, after?.Leader));
        await cluster.StartAsync(1);
        await cluster.StartAsync(2);
        Outcome<long> best = await scores.QueryAsync(Key, new Best(), Cancellation);
        Assert.True(best == Is(7L) || best == Is(9L), $"{best}");
        Assert.Equal(Is(2L), await queues.QueryAsync(Key, new Length(), Cancellation));
    }

    [Fact]
    [Feature("A22")]
    public async Task A_node_says_of_which_groups_it_is_no_member()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new HighScore(), 5, TwoGroups);
        await using SynodClient stubborn =
            cluster.Connect(new HighScore(), TimeSpan.FromSeconds(1), 5);

        Outcome<bool> refusal = new Outcome<bool>.Unavailable("n5 does not serve g1.");
        await Soon.Until(
            async () =>
                await stubborn.ExecuteAsync(Key, new Beat(1), Cancellation) == refusal
                    ? refusal
                    : null,
            static () => "n5 does not say that it is no member");
    }

    [Fact]
    public async Task Connections_have_one_client_of_a_group()
    {
        await using EmbeddedCluster cluster =
            await EmbeddedCluster.StartAsync(static () => new HighScore());
        await using SynodClient one = cluster.Connect(new HighScore());
        SynodClient other = one.ForGroup(Queues, new QueueWithLength());

        Assert.Throws<ArgumentException>(() => one.ForGroup(Queues, new QueueWithLength()));
        await other.DisposeAsync();
        await using SynodClient again = one.ForGroup(Queues, new QueueWithLength());

        Assert.Equal(Is(true), await one.ExecuteAsync(Key, new Beat(1), Cancellation));
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_groups_is_told_at_the_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSynod(new HighScore(), static options =>
        {
            options.Cluster = "c";
            options.DataDirectory = "d";
            options.Node = 1;
            options.Nodes[1] = "127.0.0.1:7401";
            options.Groups.Add(new SynodGroupOptions { Id = 0 });
            options.Groups.Add(new SynodGroupOptions { Id = 3, Protocol = "paxi" });
            options.Groups.Add(new SynodGroupOptions { Id = 3, Members = { 1, 2, 2 } });
        });
        using IHost host = builder.Build();

        OptionsValidationException fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(Cancellation));

        Assert.Equal(
            [
                "Groups has the number 0: numbers begin with 1.",
                "Groups has g3 twice: numbers are for ever and differ.",
                "g3: Protocol is 'paxi': use raft or paxos or epaxos or register.",
                "g3: Members (1, 2, 2) names a node twice.",
                "g3: Members names node 2, which is none of Nodes (1).",
            ],
            fault.Failures);
    }

    private static void TwoGroups(SynodOptions options)
    {
        options.Groups.Add(new SynodGroupOptions { Id = 1, Members = { 1, 2, 3 } });
        options.Groups.Add(new SynodGroupOptions
        {
            Id = Queues.Number,
            Members = { 3, 4, 5 },
            Machine = new QueueWithLength(),
        });
    }

    private static Outcome<T> Is<T>(T result) => new Outcome<T>.Applied(result);
}
