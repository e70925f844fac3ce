using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A record that nobody waits for costs no flush of its own: in EPaxos that of what
/// another member has decided.</summary>
public sealed class FlushingTests
{
    private readonly TestCluster _cluster = new TestCluster(3).Start("epaxos");
    private readonly TestClient _client;

    public FlushingTests()
    {
        _cluster.StepUntil(_cluster.Serves);
        _client = _cluster.Connect(_cluster.Nodes[0].Id);
        _cluster.Call(_client, RequestKind.Command, "k", new Add(1));
        _cluster.StepFor(10);
    }

    private TestNode Other => _cluster.Nodes[1];

    [Fact]
    public void What_another_has_decided_becomes_durable_with_the_next_proposal()
    {
        const int Commands = 20;
        (long owner, long other) = (_cluster.Nodes[0].Flushes, Other.Flushes);
        for (int command = 0; command < Commands; command++)
            _cluster.Call(_client, RequestKind.Command, "k", new Add(1));

        Assert.Equal(2 * Commands, _cluster.Nodes[0].Flushes - owner);
        Assert.InRange(Other.Flushes - other, Commands, Commands + 1);
    }

    [Fact]
    public void It_becomes_durable_soon_in_any_case_and_runs_then()
    {
        _cluster.Call(_client, RequestKind.Command, "k", new Add(1));
        long before = Other.Flushes;
        _cluster.StepFor(5);

        Assert.Equal(before + 1, Other.Flushes);
        Assert.Equal(Applied(_cluster.Nodes[0]), Applied(Other));
    }

    [Fact]
    public void Whoever_reads_what_is_behind_it_waits_for_the_disk_and_for_nothing_else()
    {
        TestClient reader = _cluster.Connect(Other.Id);
        _cluster.Call(reader, RequestKind.Query, "k", new GetValue());
        _cluster.StepFor(10);
        long before = Other.Flushes;
        long command = _client.Submit(RequestKind.Command, "k", new Add(1));
        _cluster.StepInNoTime();
        Assert.True(_client.TryTake(command, out _, out _));
        Assert.Equal(before + 1, Other.Flushes);

        // That was the vote. The decision is there, too, and nobody has waited for it so far.
        Other.HoldsWrites = true;
        long read = reader.Submit(RequestKind.Query, "k", new GetValue());
        _cluster.StepInNoTime();
        Assert.False(reader.TryTake(read, out _, out _));

        Other.HoldsWrites = false;
        _cluster.StepInNoTime();
        Assert.True(reader.TryTake(read, out _, out byte[] answer));
        Assert.Equal(2, BitConverter.ToInt64(answer));
        Assert.Equal(before + 2, Other.Flushes);
    }

    private long Applied(TestNode node) => _cluster.Ask(node).Applied;
}
