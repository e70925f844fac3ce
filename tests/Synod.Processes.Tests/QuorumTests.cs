using Microsoft.Extensions.DependencyInjection;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Processes.Tests;

/// <summary>What a node says of its quorum, and what waits for it.</summary>
public sealed class QuorumTests
{
    private static readonly NodeId[] Nodes =
        [.. Enumerable.Range(1, 5).Select(static number => new NodeId((uint)number))];

    private static readonly GetCall Waits = new() { NoQuorum = NoQuorumPolicy.Wait };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // P8, as far as members are fixed.
    [Fact]
    [Feature("B05")]
    public async Task Who_subscribes_is_told_what_is_now_and_then_what_is_reached_and_lost()
    {
        GroupQuorum quorum = new(Nodes[0], Nodes, new Lock());
        await using IAsyncEnumerator<QuorumStatus> watch =
            quorum.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(new QuorumStatus(1, 5), await NextAsync(watch));

        ValueTask<bool> next = watch.MoveNextAsync();
        quorum.Heard(Nodes[1], true);
        quorum.Heard(Nodes[1], true);
        quorum.Heard(new NodeId(9), true);
        Assert.False(next.IsCompleted);
        Assert.Equal("2/5, no quorum", quorum.Status.ToString());

        quorum.Heard(Nodes[2], true);
        Assert.True(await next);
        Assert.Equal(new QuorumStatus(3, 5), watch.Current);
        await using IAsyncEnumerator<QuorumStatus> later =
            quorum.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(new QuorumStatus(3, 5), await NextAsync(later));

        quorum.Heard(Nodes[1], false);
        Assert.Equal("2/5, no quorum", (await NextAsync(watch)).ToString());
        Assert.Equal("2/5, no quorum", (await NextAsync(later)).ToString());
    }

    [Fact]
    [Feature("B05")]
    public async Task It_ends_when_the_node_stops()
    {
        await using EmbeddedCluster cluster =
            EmbeddedCluster.Create(static () => new HighScore());
        await cluster.StartAsync(1);
        SynodNode node = cluster.Service<SynodNode>(1);
        await using IAsyncEnumerator<QuorumStatus> watch =
            node.WatchQuorumAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(new QuorumStatus(1, 3), await NextAsync(watch));
        ValueTask<bool> next = watch.MoveNextAsync();
        Task waits = node.WaitForQuorumAsync(null, Cancellation);

        await cluster.StopAsync(1);

        Assert.False(await next);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waits);
    }

    [Fact]
    [Feature("B05")]
    public async Task Who_has_left_is_told_nothing_more()
    {
        GroupQuorum quorum = new(Nodes[0], Nodes[..2], new Lock());
        using CancellationTokenSource leave = new();
        await using IAsyncEnumerator<QuorumStatus> watch =
            quorum.WatchAsync(leave.Token).GetAsyncEnumerator(Cancellation);
        Assert.False((await NextAsync(watch)).HasQuorum);

        ValueTask<bool> next = watch.MoveNextAsync();
        await leave.CancelAsync();
        quorum.Heard(Nodes[1], true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    [Feature("B04")]
    [Feature("B05")]
    [Feature("F04")]
    [Feature("F10")]
    public async Task A_store_starts_after_its_node_and_when_a_quorum_is_there()
    {
        await using EmbeddedCluster cluster = EmbeddedCluster.CreateStores();
        Task first = cluster.StartAsync(1);
        SynodNode node = cluster.Service<SynodNode>(1);
        await using IAsyncEnumerator<QuorumStatus> watch =
            node.WatchQuorumAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(new QuorumStatus(1, 3), await NextAsync(watch));
        Assert.NotNull(node.Endpoint);
        Assert.False(first.IsCompleted);

        await Soon.Within(
            Task.WhenAll(cluster.StartAsync(2), cluster.StartAsync(3), first),
            static () => "the hosts do not start");
        Assert.True((await NextAsync(watch)).HasQuorum);
        await node.WaitForQuorumAsync(null, Cancellation);
        IRegisters store = cluster.Service<IRegisters>(1);
        Assert.IsType<RegisterOutcome.Chosen>(
            await store.PutAsync("k", [1], new PutCall { Node = 2 }, Cancellation));

        // Whoever stops says so, and no clock is waited for.
        await cluster.StopAsync(2);
        Assert.IsType<RegisterOutcome.NotFound>(
            await store.GetAsync("k", Waits, Cancellation));
        await cluster.StopAsync(3);
        Assert.False((await NextAsync(watch)).HasQuorum);
    }

    [Fact]
    [Feature("F10")]
    public async Task A_store_without_its_node_or_on_another_machine_is_refused()
    {
        Assert.Throws<InvalidOperationException>(
            static () => new ServiceCollection().AddSynodRegisters());

        await using EmbeddedCluster cluster = EmbeddedCluster.Create(
            static () => new HighScore(), static services => services.AddSynodRegisters());
        NodeStartException fault =
            await Assert.ThrowsAsync<NodeStartException>(() => cluster.StartAsync(1));
        Assert.Equal(
            "The store needs the machine WriteOnce in g1 of this node.", fault.Message);
    }

    private static async Task<QuorumStatus> NextAsync(IAsyncEnumerator<QuorumStatus> watch)
    {
        Task<bool> next = watch.MoveNextAsync().AsTask();
        Assert.True(await Soon.Within(next, static () => "nothing is told"));
        return watch.Current;
    }
}
