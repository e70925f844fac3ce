using Synod.Raft;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>More comes than can be served: what is beyond the bound is refused, certainly and by
/// name, and service goes on at once.</summary>
public sealed class FloodTests
{
    private const int PendingBytesMax = 256 << 10;
    private const int RequestBytes = 4 << 10;
    private const int Requests = 10 * PendingBytesMax / RequestBytes;

    [Fact]
    public void Ten_times_the_limit_is_held_within_the_limit_and_refused_beyond()
    {
        TestCluster cluster = new TestCluster(3).Start(
            static node => node.PendingBytesMax = PendingBytesMax);
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        RawClient client = new(cluster, leader);
        for (int request = 1; request <= Requests; request++)
            client.Add(request, RequestBytes);
        cluster.Network.DeliverAll();

        leader.Turn(cluster.Now, diskJobs: 0);
        cluster.Network.DeliverAll();
        ReplicaStatus flooded = cluster.Ask(leader);

        Assert.InRange(flooded.PendingBytes, 0, PendingBytesMax);
        cluster.StepUntil(() => client.Answers.Count == Requests);
        int done = client.Answers.Values.Count(
            static answer => answer.Kind == ResponseKind.Applied);
        int refused = client.Answers.Values.Count(
            static answer => answer.Kind == ResponseKind.Overloaded);
        Assert.Equal(Requests, done + refused);
        Assert.InRange(done, PendingBytesMax / RequestBytes * 3 / 4, Requests / 2);
        Assert.Equal(done, cluster.Ask(leader).Applied);
        Assert.Equal(0, cluster.Ask(leader).PendingBytes);
        Assert.Equal(
            ResponseKind.Applied,
            cluster.Call(cluster.Connect(), RequestKind.Command, "k", new Add(1)).Kind);
    }

    [Fact]
    public void Empty_commands_are_bounded_too()
    {
        RaftOptions raft = new() { UncommittedBytesMax = 4096 };
        TestCluster cluster = new TestCluster(3).Start(node => node.Raft = raft);
        cluster.StepUntil(() => cluster.Leader() is not null);
        TestNode? leader = cluster.Leader();
        Assert.NotNull(leader);
        RawClient client = new(cluster, leader);
        for (int request = 1; request <= 1000; request++)
            client.Add(request, size: 0);

        cluster.StepUntil(() => client.Answers.Count == 1000);

        Assert.InRange(
            client.Answers.Values.Count(static answer => answer.Kind == ResponseKind.Overloaded),
            900,
            999);
        Assert.InRange(cluster.Ask(leader).Applied, 1, 100);
    }

    [Fact]
    public void A_client_refuses_what_it_cannot_hold_itself()
    {
        TestCluster cluster = new TestCluster(1).Start();
        ClientCoreOptions options = new() { PendingBytesMax = 1000 };
        Idle port = new();
        ClientCore client = new(options, nodes: 1, seed: 1, port);
        for (int call = 0; call < 100; call++)
            client.Submit(cluster.Now, RequestKind.Command, "k"u8, new byte[100]);

        Assert.Equal(98, port.Ended.Count);
        Assert.All(
            port.Ended, static ended => Assert.Equal(ResponseKind.Overloaded, ended));
        client.Wake(cluster.Now + options.Timeout);
        client.Submit(cluster.Now, RequestKind.Command, "k"u8, new byte[100]);
        Assert.Equal(100, port.Ended.Count);
    }

    [Fact]
    public void A_command_that_a_follower_passes_on_is_answered_by_the_follower()
    {
        RaftOptions raft = new() { ForwardsProposals = true };
        TestCluster cluster = new TestCluster(3).Start(node => node.Raft = raft);
        cluster.StepUntil(() => cluster.Leader() is not null);
        cluster.StepFor(200);
        TestNode follower = cluster.Nodes.First(node => node != cluster.Leader());

        (ResponseKind kind, byte[] bytes) = cluster.Call(
            cluster.Connect(follower.Id), RequestKind.Command, "k", new Add(1));

        Assert.Equal(ResponseKind.Applied, kind);
        Assert.Equal(1, BitConverter.ToInt64(bytes));
        Assert.Equal(1, cluster.Ask(follower).Applied);
    }

    private sealed class Idle : IClientPort
    {
        public List<ResponseKind> Ended { get; } = [];

        public bool Send(int node, ReadOnlySpan<byte> frame) => true;

        public void Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
            Ended.Add(kind);

        public void Watched(in ClientNews news, ReadOnlySpan<byte> answer) =>
            Assert.Fail("Nothing is watched.");

        public void WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes) =>
            Assert.Fail("Nothing is watched.");
    }
}
