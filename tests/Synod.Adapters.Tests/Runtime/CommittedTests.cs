using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Clients who ask for it are told that their command is committed, before its
/// result.</summary>
public sealed class CommittedTests
{
    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("A10")]
    public void It_is_told_once_before_the_result_and_only_to_those_who_asked(string protocol)
    {
        TestCluster cluster =
            new TestCluster(3).Start(node => node.Protocol = protocol);
        TestClient client = cluster.Connect();

        long plain = client.Submit(RequestKind.Command, "k", new Add(1));
        cluster.StepUntil(() => client.TryTake(plain, out _, out _));
        long stepwise = client.Submit(RequestKind.StepwiseCommand, "k", new Add(1));
        ResponseKind kind = default;
        byte[] result = [];
        cluster.StepUntil(() => client.TryTake(stepwise, out kind, out result));

        Assert.Equal(ResponseKind.Applied, kind);
        Assert.Equal(2, BitConverter.ToInt64(result));
        Assert.Equal([stepwise], client.Committed);
    }

    // Without an order it is told on what the disks of a majority hold, with its own or without.
    [Theory]
    [ClassData(typeof(EachOrderedProtocol))]
    [Feature("A10")]
    public void It_is_not_told_before_it_is_durable_where_it_is_told(string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        cluster.StepUntil(cluster.Serves);
        TestNode server = cluster.Leader() ?? cluster.Nodes[0];
        TestClient client = cluster.Connect(server.Id);
        cluster.Call(client, RequestKind.Command, "k", new Add(1));
        cluster.StepFor(50);
        long committed = cluster.Ask(server).Committed;

        // The others have it, and say so: it is committed. The own record that this rests on, by
        // the rule of the protocol that of the command or of the decision, is not on the disk.
        TestNode[] others = [.. cluster.Nodes.Where(node => node != server)];
        bool isDecisionHeld = cluster.Leader() is null;
        Hold(isDecisionHeld ? others : [server]);
        long call = client.Submit(RequestKind.StepwiseCommand, "k", new Add(1));
        if (isDecisionHeld)
        {
            cluster.StepFor(20);
            Hold([server]);
            Release(others);
        }

        cluster.StepUntil(() => cluster.Ask(server).Committed > committed, 500);
        cluster.StepFor(50);
        Assert.Empty(client.Committed);
        Assert.False(client.TryTake(call, out _, out _));

        Release([server]);
        cluster.StepUntil(() => client.TryTake(call, out _, out _));
        Assert.Equal([call], client.Committed);
    }

    // Without an order it has run when it is committed.
    [Theory]
    [ClassData(typeof(EachOrderedProtocol))]
    [Feature("A10")]
    public void What_cannot_run_yet_is_told_as_committed(string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(node =>
        {
            node.Protocol = protocol;
            node.LogOptions = node.LogOptions with { WindowBytes = 16 << 10 };
        });
        CountingClient counting = new(cluster);
        while (counting.Results.Count < 600)
        {
            counting.Turn();
            cluster.Step();
        }

        TestNode server = cluster.Leader() ?? cluster.Nodes[0];
        TestClient client = cluster.Connect(server.Id);
        server.HoldsReads = true;
        Assert.True(server.RestartMachine());
        long call = client.Submit(RequestKind.StepwiseCommand, "k", new Add(1));
        cluster.StepUntil(() => client.Committed.Count == 1);
        Assert.False(client.TryTake(call, out _, out _));

        server.HoldsReads = false;
        ResponseKind kind = default;
        cluster.StepUntil(() => client.TryTake(call, out kind, out _));
        Assert.Equal(ResponseKind.Applied, kind);
    }

    private static void Hold(TestNode[] nodes)
    {
        foreach (TestNode node in nodes)
            node.HoldsWrites = true;
    }

    private static void Release(TestNode[] nodes)
    {
        foreach (TestNode node in nodes)
            node.HoldsWrites = false;
    }
}
