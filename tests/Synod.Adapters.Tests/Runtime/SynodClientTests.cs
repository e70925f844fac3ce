using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>What surrounds the core of a client; there is no node.</summary>
public sealed class SynodClientTests
{
    // It was tried for an hour, and all behind it on its key waited for that.
    [Fact]
    public async Task A_call_with_a_limit_of_its_own_ends_when_nobody_waits_for_it()
    {
        await using SynodClient client = new(Nobody(pendingBytes: 1), new WriteOnce());
        Registers store = new(client);
        using CancellationTokenSource leaving = new();
        PutCall patient = new() { TimeLimit = TimeSpan.FromHours(1) };
        Task<RegisterOutcome> left = store.PutAsync("k", [1], patient, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        // Otherwise it is refused, since the first one is still there.
        PutCall quick = new() { TimeLimit = TimeSpan.FromMilliseconds(10) };
        RegisterOutcome next = await store.PutAsync(
            "k", [1], quick, TestContext.Current.CancellationToken);
        Assert.IsType<RegisterOutcome.NoQuorum>(next);
    }

    [Fact]
    public async Task One_that_is_disposed_of_twice_takes_nothing_from_the_one_after_it()
    {
        await using SynodClient owner = new(Nobody(), new Counter());
        GroupId group = new(2);
        SynodClient first = owner.ForGroup(group, new Counter());
        await first.DisposeAsync();
        await using SynodClient second = owner.ForGroup(group, new Counter());

        await first.DisposeAsync();

        Assert.Throws<ArgumentException>(() => owner.ForGroup(group, new Counter()));
    }

    private static SynodClientOptions Nobody(long pendingBytes = 1 << 20) => new()
    {
        Nodes = ["127.0.0.1:1"],
        Retries = new ClientCoreOptions { PendingBytesMax = pendingBytes },
    };
}
