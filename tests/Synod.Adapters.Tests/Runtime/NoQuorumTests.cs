using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>More members are down than are tolerated: that is known, and told at once.</summary>
public sealed class NoQuorumTests
{
    private static readonly RequestKind[] Kinds =
    [
        RequestKind.Command, RequestKind.StepwiseCommand, RequestKind.Query, RequestKind.NearQuery,
    ];

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("A11")]
    public void It_is_told_well_within_a_second_and_nothing_happens_later(string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        TestClient client = cluster.Connect();
        Assert.Equal(1, Add(cluster, client));
        cluster.StepUntil(cluster.Serves);
        TestNode last = cluster.Leader() ?? cluster.Nodes[2];
        TestNode[] others = [.. cluster.Nodes.Where(node => node != last)];
        foreach (TestNode other in others)
            other.Kill();
        cluster.StepFor(2);

        Instant begun = cluster.Now;
        ResponseKind command = Call(cluster, client, RequestKind.Command);
        Assert.Equal(ResponseKind.NoQuorum, command);
        Assert.InRange(cluster.Now - begun, default, TimeSpan.FromMilliseconds(900));

        // A leader that was alone for as long as it may lead has no other answer for reads either.
        cluster.StepFor(2_000);
        foreach (RequestKind kind in Kinds)
        {
            begun = cluster.Now;
            Assert.Equal(ResponseKind.NoQuorum, Call(cluster, client, kind));
            Assert.InRange(cluster.Now - begun, default, TimeSpan.FromMilliseconds(900));
        }

        others[0].Start(cluster.Now);
        cluster.StepUntil(() => Call(cluster, client, RequestKind.Query) == ResponseKind.Applied);
        Assert.Equal(2, Add(cluster, client));
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("B04")]
    public void Who_wants_to_wait_is_served_when_a_majority_is_up(string protocol)
    {
        TestCluster cluster = new TestCluster(3).Start(protocol);
        Assert.Equal(1, Add(cluster, cluster.Connect()));
        foreach (TestNode node in cluster.Nodes)
            node.Kill();
        cluster.Nodes[1].Start(cluster.Now);
        TimeSpan limit = TimeSpan.FromSeconds(60);
        TestClient patient =
            cluster.Connect(new ClientCoreOptions { Timeout = limit, QuorumWait = limit });

        long call = patient.Submit(RequestKind.Command, "k", new Add(1));
        cluster.StepFor(3_000);
        Assert.False(patient.TryTake(call, out _, out _));

        cluster.Nodes[0].Start(cluster.Now);
        ResponseKind kind = default;
        byte[] result = [];
        cluster.StepUntil(() => patient.TryTake(call, out kind, out result));
        Assert.Equal(ResponseKind.Applied, kind);
        Assert.Equal(2, BitConverter.ToInt64(result));
    }

    private static ResponseKind Call(TestCluster cluster, TestClient client, RequestKind kind)
    {
        bool isQuery = kind is RequestKind.Query or RequestKind.NearQuery;
        return cluster.Call(client, kind, "k", isQuery ? new GetValue() : new Add(1)).Kind;
    }

    private static long Add(TestCluster cluster, TestClient client)
    {
        (ResponseKind kind, byte[] bytes) =
            cluster.Call(client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
        return BitConverter.ToInt64(bytes);
    }
}
