using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>Commands that are sent without waiting, and awaited twice or not at all.</summary>
public class CastTests
{
    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("A09")]
    [Feature("A10")]
    public async Task A_command_that_is_cast_is_awaited_as_committed_and_as_executed(
        string protocol)
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(
            static () => new Counter(),
            3,
            options =>
            {
                options.Protocol = protocol;
                options.Durability = Durability.Memory;
                options.DataDirectory = "";
            });
        await using SynodClient client =
            cluster.Connect(new Counter(), TimeSpan.FromSeconds(30));

        CastCommand<long>[] casts =
            [.. Enumerable.Range(0, 20).Select(_ => client.CastAsync("k", new Add(1)))];
        for (int cast = 0; cast < casts.Length; cast++)
        {
            Assert.Equal(Commitment.Committed, await casts[cast].Committed);
            Assert.Equal(new Outcome<long>.Applied(cast + 1), await casts[cast]);
            Assert.Equal(new Outcome<long>.Applied(cast + 1), await casts[cast].Executed);
        }

        CastCommand<long> huge = client.CastAsync(new string('k', 20 << 20), new Add(1));
        Assert.Equal(Commitment.Never, await huge.Committed);
        Assert.IsType<Outcome<long>.TooLarge>(await huge);
    }

    // Nothing is dropped silently: whoever sent it and went on can still see that nobody took it.
    [Fact]
    [Feature("A09")]
    public async Task What_no_node_has_taken_is_never_committed_and_says_so()
    {
        SynodClientOptions nobody = new()
        {
            Nodes = ["127.0.0.1:1"],
            Retries = new ClientCoreOptions { Timeout = TimeSpan.FromMilliseconds(50) },
        };
        await using SynodClient client = new(nobody, new Counter());

        CastCommand<long> cast = client.CastAsync("k", new Add(1));

        Assert.IsType<Outcome<long>.Unavailable>(await cast);
        Assert.Equal(Commitment.Never, await cast.Committed);
    }

    [Fact]
    [Feature("A10")]
    public async Task What_was_promised_stays_so_when_the_result_is_lost()
    {
        WaitingCall promised = new(RequestKind.StepwiseCommand);
        WaitingCall open = new(RequestKind.StepwiseCommand);
        WaitingCall unheard = new(RequestKind.StepwiseCommand);

        promised.Commit();
        promised.End(new ClientAnswer(ResponseKind.Unknown, []));
        open.End(new ClientAnswer(ResponseKind.Unknown, []));
        unheard.End(new ClientAnswer(ResponseKind.Refused, []));

        Assert.Equal(Commitment.Committed, await promised.Committed);
        Assert.Equal(ResponseKind.Unknown, (await promised.Ended).Kind);
        Assert.Equal(Commitment.Unknown, await open.Committed);
        Assert.Equal(Commitment.Committed, await unheard.Committed);
    }

    [Fact]
    [Feature("A09")]
    public async Task Who_disposes_of_the_client_ends_the_waiting_for_both()
    {
        SynodClientOptions nobody = new() { Nodes = ["127.0.0.1:1"] };
        SynodClient client = new(nobody, new Counter());
        CastCommand<long> cast = client.CastAsync("k", new Add(1));

        await client.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cast.Committed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cast.Executed);
        Assert.Throws<ObjectDisposedException>(() => client.CastAsync("k", new Add(1)));
    }
}
