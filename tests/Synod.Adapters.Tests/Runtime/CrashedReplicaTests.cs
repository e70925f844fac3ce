using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>What a real node does when a part of it throws.</summary>
public sealed class CrashedReplicaTests
{
    private const int Settled = 40_000;

    private readonly HookedCounter _faulty;
    private int _crashes;
    private Exception _failure = new InvalidOperationException("There is no name.");

    public CrashedReplicaTests() => _faulty = new HookedCounter { Naming = FailIfTold };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Feature("B22")]
    public void A_replica_that_crashes_once_begins_anew_at_once(bool isLeader)
    {
        TestCluster cluster = Start(isLeader, out TestNode victim);
        CountingClient client = new(cluster);
        _crashes = 1;

        victim.Restart();
        Count(cluster, client, 5);
        cluster.StepUntil(() => victim.Notices.Crashes.Count == 1);
        cluster.StepFor(1_000);

        Assert.Equal([0.0], victim.Notices.Crashes);
        Assert.Equal(new Life(3), cluster.Ask(victim).Life);
        Count(cluster, client, 5);
        Assert.Equal(10, CountingClient.Check(cluster, [client]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Feature("B22")]
    public void One_that_always_crashes_is_stopped_and_the_others_serve(bool isLeader)
    {
        TestCluster cluster = Start(isLeader, out TestNode victim);
        CountingClient client = new(cluster);
        CountingClient other = new(cluster, group: 2);
        Count(cluster, client, 2);
        _crashes = int.MaxValue;

        victim.Restart();
        Count(cluster, client, 5);
        Count(cluster, other, 5);
        cluster.StepUntil(() => victim.Notices.Crashes.Count == 9, Settled);
        cluster.StepFor(10_000);

        Assert.Equal(
            [0.0, 100, 200, 400, 800, 1600, 3200, 5000], victim.Notices.Crashes.SkipLast(1));
        Assert.True(victim.Notices.Crashes[^1] > Settled);
        RawClient raw = new(cluster, victim);
        raw.AskStatus(1);
        cluster.StepUntil(() => raw.Answers.Count > 0);
        Assert.Equal(ResponseKind.Unavailable, raw.Answers[1].Kind);
        Assert.Equal(
            "g1 is stopped on " + victim.Id + ": it has crashed 9 times in a row, the last time "
            + "with InvalidOperationException: There is no name. Other members may serve it. "
            + "Restart the process when the cause is mended.",
            Encoding.UTF8.GetString(raw.Answers[1].Bytes));
        Count(cluster, client, 5);
        Count(cluster, other, 5);
        Assert.Equal(12, CountingClient.Check(cluster, [client]));

        _crashes = 0;
        victim.Kill();
        victim.Start(cluster.Now);
        cluster.StepFor(1_000);
        Assert.Equal(12, cluster.Ask(victim).Applied);
    }

    [Fact]
    [Feature("B22")]
    public void A_calm_minute_makes_up_for_earlier_crashes()
    {
        TestCluster cluster = Start(isLeader: false, out TestNode victim);
        for (int crash = 0; crash < 10; crash++)
        {
            _crashes = 1;
            victim.Restart();
            cluster.StepFor(61_000);
        }

        Assert.Equal(Enumerable.Repeat(0.0, 10), victim.Notices.Crashes);
    }

    [Fact]
    [Feature("B22")]
    public void A_poisoned_log_is_never_restarted_in_place()
    {
        TestCluster cluster = Start(isLeader: false, out TestNode victim);
        CountingClient client = new(cluster);
        victim.Disk.Fail(Synod.Storage.DiskJobKind.Flush);

        client.Turn();
        Assert.Throws<LogException>(() => cluster.StepFor(1_000));

        Assert.Empty(victim.Notices.Crashes);
        Assert.Throws<LogException>(() => victim.Turn(cluster.Now));
    }

    // The next opening is to find out what is wrong: a new life of it would meet it again.
    [Fact]
    [Feature("B22")]
    public void An_error_of_the_log_ends_the_node_also_if_one_replica_meets_it()
    {
        TestCluster cluster = Start(isLeader: false, out TestNode victim);
        _failure = new LogException("The disk does not give back a record.");
        _crashes = 1;

        victim.Restart();
        Assert.Throws<LogException>(() => cluster.StepFor(1_000));

        Assert.Empty(victim.Notices.Crashes);
    }

    [Fact]
    [Feature("B22")]
    public void While_it_waits_to_begin_anew_it_is_counted_as_nothing()
    {
        TestCluster cluster = Start(isLeader: true, out TestNode victim);
        Assert.Equal(KernelRole.Leading, victim.Counters.Role);
        _crashes = 3;

        victim.Restart();
        cluster.StepUntil(() => victim.Notices.Crashes.Count == 3);

        Assert.Equal(KernelRole.Following, victim.Counters.Role);
        Assert.Equal(default, victim.Counters.Leader);
        Assert.False(victim.Counters.IsServing);
    }

    private static void Count(TestCluster cluster, CountingClient client, int times)
    {
        for (int time = 0; time < times; time++)
        {
            cluster.StepUntil(client.IsIdle, Settled);
            client.Turn();
        }

        cluster.StepUntil(client.IsIdle, Settled);
    }

    private void FailIfTold()
    {
        if (_crashes-- > 0)
            throw _failure;
    }

    // One node has the machine that can be made to throw.
    private TestCluster Start(bool isLeader, out TestNode victim)
    {
        TestCluster cluster = new TestCluster(3, groups: 2).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        cluster.StepFor(500);
        TestNode? leader = cluster.Leader();
        victim = cluster.Nodes.First(node => (node == leader) == isLeader);
        victim.Kill();
        victim.Machine = _faulty;
        victim.Start(cluster.Now);
        cluster.StepFor(1_000);
        if (!isLeader)
            return cluster;

        TestNode target = victim;
        TestClient client = cluster.Connect();
        cluster.Call(
            client, RequestKind.Transfer, "", new TransferRequest(victim.Id, false));
        cluster.StepUntil(() => cluster.Leader() == target);
        cluster.StepFor(500);
        return cluster;
    }
}
