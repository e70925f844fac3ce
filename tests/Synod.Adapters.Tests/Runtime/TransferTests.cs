using System.Text;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Leadership that is moved from outside, on whole nodes.</summary>
public sealed class TransferTests
{
    [Fact]
    [Feature("B16")]
    public void A_client_that_calls_meanwhile_is_served_by_the_new_leader()
    {
        (TestCluster cluster, TestNode leader) = Serving();
        TestClient client = cluster.Connect();
        Assert.Equal(ResponseKind.Applied, Add(cluster, client));
        TestClient admin = cluster.Connect();

        long moved = admin.Submit(RequestKind.Transfer, "", new TransferRequest(null, false));
        cluster.Step();
        Instant begun = cluster.Now;
        Assert.Equal(ResponseKind.Applied, Add(cluster, client));

        Assert.True(cluster.Now - begun < TimeSpan.FromMilliseconds(50));
        cluster.StepUntil(() => admin.TryTake(moved, out _, out _));
        Assert.NotSame(leader, cluster.Leader());
        cluster.StepUntil(() => cluster.Ask(leader).Applied == 2);
    }

    [Fact]
    [Feature("B16")]
    public void A_dead_target_is_unresponsive_at_once_and_the_leader_serves_on()
    {
        (TestCluster cluster, TestNode leader) = Serving();
        TestNode dead = cluster.Nodes.Last(node => node != leader);
        dead.Kill();
        cluster.StepFor(100);
        Instant begun = cluster.Now;

        (ResponseKind _, TransferAnswer answer) = Transfer(cluster, dead.Id);

        Assert.Equal(new TransferAnswer(TransferOutcome.Unresponsive, leader.Id), answer);
        Assert.True(cluster.Now - begun < TimeSpan.FromMilliseconds(20));
        Assert.Equal(ResponseKind.Applied, Add(cluster, cluster.Connect()));
        Assert.Same(leader, cluster.Leader());
    }

    [Fact]
    [Feature("B16")]
    public void A_later_call_wins_and_a_cancel_leaves_the_leader()
    {
        (TestCluster cluster, TestNode leader) = Serving();
        TestClient admin = cluster.Connect(leader.Id);
        NodeId[] others = [.. cluster.Nodes.Where(n => n != leader).Select(static n => n.Id)];

        long first = admin.Submit(RequestKind.Transfer, "", new TransferRequest(others[0], false));
        long second = admin.Submit(RequestKind.Transfer, "", new TransferRequest(others[1], false));
        long cancel = admin.Submit(RequestKind.Transfer, "", new TransferRequest(null, true));

        Assert.Equal(TransferOutcome.Overridden, Take(cluster, admin, first).Outcome);
        Assert.Equal(TransferOutcome.Cancelled, Take(cluster, admin, second).Outcome);
        Assert.Equal(
            new TransferAnswer(TransferOutcome.Cancelled, leader.Id),
            Take(cluster, admin, cancel));
        Assert.Equal(ResponseKind.Applied, Add(cluster, admin));
        cluster.StepFor(2000);
        Assert.Same(leader, cluster.Leader());
    }

    [Fact]
    public void A_stranger_is_no_target()
    {
        (TestCluster cluster, TestNode _) = Serving();

        (ResponseKind kind, byte[] bytes) = cluster.Call(
            cluster.Connect(),
            RequestKind.Transfer,
            "",
            new TransferRequest(new NodeId(9), IsCancel: false));

        Assert.Equal(ResponseKind.Refused, kind);
        Assert.Equal("n9 is no member of g1.", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void A_transfer_whose_answer_is_lost_is_unknown_and_not_asked_again()
    {
        (TestCluster cluster, TestNode leader) = Serving();
        TestClient admin = cluster.Connect();
        long call = admin.Submit(RequestKind.Transfer, "", new TransferRequest(null, false));
        cluster.Step();
        leader.Kill();

        ResponseKind ended = default;
        cluster.StepUntil(() => admin.TryTake(call, out ended, out _));

        Assert.Equal(ResponseKind.Unknown, ended);
    }

    private static (TestCluster Cluster, TestNode Leader) Serving()
    {
        TestCluster cluster = new TestCluster(3).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        cluster.StepFor(200);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        return (cluster, leader);
    }

    private static (ResponseKind Kind, TransferAnswer Answer) Transfer(
        TestCluster cluster, NodeId target)
    {
        (ResponseKind kind, byte[] bytes) = cluster.Call(
            cluster.Connect(), RequestKind.Transfer, "", new TransferRequest(target, false));
        return (kind, Read(bytes));
    }

    private static TransferAnswer Take(TestCluster cluster, TestClient client, long call)
    {
        byte[] bytes = [];
        cluster.StepUntil(() => client.TryTake(call, out _, out bytes));
        return Read(bytes);
    }

    private static TransferAnswer Read(byte[] bytes)
    {
        FrameReader reader = new(bytes);
        TransferAnswer answer = TransferAnswer.ReadFrom(ref reader);
        Assert.True(reader.IsComplete);
        return answer;
    }

    private static ResponseKind Add(TestCluster cluster, TestClient client) =>
        cluster.Call(client, RequestKind.Command, "k", new Add(1)).Kind;
}
