using System.Buffers.Binary;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Raft;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Storage;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>What has left memory is read beside the shard, which goes on meanwhile.</summary>
public class LoadTests
{
    private const int Commands = 150;

    private readonly TestCluster _cluster = new TestCluster(3).Start(static node =>
    {
        node.LogOptions = node.LogOptions with { WindowBytes = 0 };
        node.Raft = new RaftOptions { BytesPerMessageMax = 4 << 10 };
    });

    private readonly TestClient _client;

    public LoadTests()
    {
        _client = _cluster.Connect();
        Assert.Equal(1, Add());
    }

    private TestNode Leader =>
        _cluster.Leader() ?? throw new InvalidOperationException("Nobody leads.");

    [Fact]
    [Feature("D01")]
    public void A_follower_that_lags_is_sent_what_is_on_the_disk_and_nobody_waits_for_it()
    {
        TestNode follower = LagBehind();
        TestNode leader = Leader;
        leader.HoldsReads = true;
        int before = leader.Disk.ReadsAtOnce;
        follower.Start(_cluster.Now);
        _cluster.StepUntil(() => leader.Disk.Waiting > 0);

        // The disk has given nothing back yet: the others are served, and nobody takes the
        // leadership for lost.
        for (long value = Commands + 2; value < Commands + 20; value++)
            Assert.Equal(value, Add());
        Assert.True(_cluster.Ask(follower).Applied < Commands);

        leader.HoldsReads = false;
        AssertCatchesUp(follower);
        Assert.Equal(before, leader.Disk.ReadsAtOnce);
        Assert.Same(leader, Leader);
    }

    [Fact]
    [Feature("D01")]
    public void Batches_leave_in_order_though_some_wait_for_the_disk()
    {
        TestNode follower = LagBehind();
        TestNode leader = Leader;
        follower.Start(_cluster.Now);
        for (int command = 0; command < 40; command++)
        {
            leader.HoldsReads = command % 3 != 0;
            Add();
        }

        leader.HoldsReads = false;
        AssertCatchesUp(follower);

        // Each record was read once: nobody had to ask for any of it again.
        Assert.InRange(leader.Disk.Performed(DiskJobKind.Read), 1, 60);
    }

    [Fact]
    public void What_a_log_holds_at_the_start_is_applied_in_order_without_waiting()
    {
        LagBehind().Start(_cluster.Now);
        foreach (TestNode node in _cluster.Nodes)
            node.Kill();
        foreach (TestNode node in _cluster.Nodes)
            node.Start(_cluster.Now);
        int[] before = [.. _cluster.Nodes.Select(static node => node.Disk.ReadsAtOnce)];

        Assert.Equal(Commands + 2, Add());
        foreach (TestNode node in _cluster.Nodes)
            AssertCatchesUp(node);
        Assert.Equal(before, _cluster.Nodes.Select(static node => node.Disk.ReadsAtOnce));
        Assert.All(
            _cluster.Nodes,
            static node => Assert.NotEqual(0, node.Disk.Performed(DiskJobKind.Read)));
    }

    [Fact]
    public void A_restart_in_place_while_something_is_loaded_loses_nothing()
    {
        TestNode follower = LagBehind();
        TestNode leader = Leader;
        leader.HoldsReads = true;
        follower.Start(_cluster.Now);
        _cluster.StepUntil(() => leader.Disk.Waiting > 0);
        leader.Restart();
        follower.Restart();
        _cluster.StepFor(20);
        leader.HoldsReads = false;

        Assert.Equal(Commands + 2, Add());
        foreach (TestNode node in _cluster.Nodes)
            AssertCatchesUp(node);
    }

    [Fact]
    public void A_node_whose_disk_does_not_give_back_a_record_ends_and_comes_back()
    {
        TestNode follower = LagBehind();
        TestNode leader = Leader;
        leader.Disk.Fail(DiskJobKind.Read);
        follower.Start(_cluster.Now);
        LogException error = Assert.Throws<LogException>(() => _cluster.StepFor(2000));
        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);

        leader.Kill();
        leader.Start(_cluster.Now);
        Assert.Equal(Commands + 2, Add());
        foreach (TestNode node in _cluster.Nodes)
            AssertCatchesUp(node);
    }

    private TestNode LagBehind()
    {
        TestNode follower = _cluster.Nodes.First(node => node != Leader);
        follower.Kill();
        for (int command = 0; command < Commands; command++)
            Add();
        return follower;
    }

    private void AssertCatchesUp(TestNode node) => _cluster.StepUntil(
        () => _cluster.Ask(node).Applied == _cluster.Ask(Leader).Applied);

    private long Add()
    {
        (ResponseKind kind, byte[] bytes) =
            _cluster.Call(_client, RequestKind.Command, "k", new Add(1));
        Assert.Equal(ResponseKind.Applied, kind);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }
}
