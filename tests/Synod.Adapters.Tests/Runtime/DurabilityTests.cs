using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Storage;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>What "durable" means is fixed in the epoch, and every member must mean the same
/// (safety §7).</summary>
public sealed class DurabilityTests
{
    [Fact]
    [Feature("C17")]
    public void A_group_in_memory_serves_and_says_so()
    {
        TestCluster cluster = InMemory().Start();

        Assert.Equal(ResponseKind.Applied, Add(cluster, cluster.Connect()));

        Assert.All(cluster.Nodes, node =>
        {
            Assert.Equal(Durability.Memory, cluster.Ask(node).Durability);
            Assert.Equal(0, node.Disk.Performed(DiskJobKind.Create));
        });
    }

    [Fact]
    [Feature("C17")]
    public void A_member_in_memory_comes_back_as_another_and_does_not_count()
    {
        TestCluster cluster = InMemory().Start();
        TestClient client = cluster.Connect();
        Assert.Equal(ResponseKind.Applied, Add(cluster, client));
        TestNode leader = cluster.Leader() ?? cluster.Nodes[0];
        TestNode[] others = [.. cluster.Nodes.Where(node => node != leader)];
        MemberIdentity former = new(others[0].Id, others[0].Incarnation);

        others[0].Kill();
        others[0].Start(cluster.Now);
        Assert.Equal(ResponseKind.Applied, Add(cluster, client));
        others[1].Kill();
        cluster.StepFor(2000);

        // Two of three processes run, and one of them has forgotten what it had acknowledged.
        Assert.NotEqual(former.Incarnation, others[0].Incarnation);
        Assert.Null(cluster.Leader());
        Assert.Equal(ResponseKind.Unavailable, Refusal(cluster, others[0]));
        string told = $"is not the member {former} of";
        Assert.Contains(others[0].Notices.Refusals, text => text.Contains(told));
        Assert.Contains(leader.Notices.Refusals, text => text.Contains(told));
    }

    [Theory]
    [Feature("C09")]
    [Feature("C17")]
    [InlineData(Durability.Memory, "memory")]
    [InlineData(Durability.UnsafeNoFlush, "unsafe-no-flush")]
    public void A_node_that_means_less_than_the_others_is_refused_by_name(
        Durability weaker, string name)
    {
        TestCluster cluster = new(3);
        cluster.Nodes[2].Durability = weaker;
        cluster.Start();

        cluster.StepFor(2000);

        Assert.All(cluster.Nodes, static node => Assert.Null(node.Notices.Status.Leader));
        string why = "n3 refuses the creation";
        string what = $"its durability is fsync, and this node is configured for {name}";
        foreach (TestNode node in (TestNode[])[cluster.Nodes[0], cluster.Nodes[2]])
        {
            Assert.Contains(
                node.Notices.Refusals, text => text.Contains(why) && text.Contains(what));
        }
    }

    [Theory]
    [Feature("C09")]
    [InlineData(Durability.Fsync, Durability.UnsafeNoFlush)]
    [InlineData(Durability.UnsafeNoFlush, Durability.Fsync)]
    public void A_log_of_another_durability_is_refused_and_untouched(
        Durability created, Durability configured)
    {
        string refusal = Refusal(
            node => node.Durability = created, node => node.Durability = configured);

        Assert.Contains(
            $"g1 was created with durability {DurabilityText.NameOf(created)}, but this node is "
            + $"configured for {DurabilityText.NameOf(configured)}.",
            refusal);
    }

    public static TheoryData<LeaseTerms, LeaseTerms> OtherLeases()
    {
        LeaseTerms on = new() { Promise = TimeSpan.FromMilliseconds(300) };
        return new()
        {
            { LeaseTerms.Off, on },
            { on, LeaseTerms.Off },
            { on, on with { Promise = TimeSpan.FromMilliseconds(200) } },
            { on, on with { ClockDrift = 100 } },
            { on, on with { Margin = TimeSpan.Zero } },
        };
    }

    [Theory]
    [Feature("A16")]
    [MemberData(nameof(OtherLeases))]
    public void A_log_of_other_lease_terms_is_refused_and_untouched(
        LeaseTerms created, LeaseTerms configured)
    {
        string refusal = Refusal(node => node.Lease = created, node => node.Lease = configured);

        Assert.Contains("g1 was created with the lease terms " + Text(created), refusal);
        Assert.Contains("is configured for the lease terms " + Text(configured), refusal);

        static string Text(LeaseTerms lease) =>
            $"promise {lease.Promise}, clock drift {lease.ClockDrift} millionths, "
            + $"margin {lease.Margin}";
    }

    [Fact]
    [Feature("C09")]
    public void By_default_a_command_is_answered_after_a_flush_at_a_majority()
    {
        TestCluster cluster = new TestCluster(3).Start();
        TestClient client = cluster.Connect();
        Assert.Equal(ResponseKind.Applied, Add(cluster, client));
        cluster.StepFor(500);

        for (int command = 0; command < 20; command++)
        {
            int[] before = [.. cluster.Nodes.Select(Flushes)];
            Assert.Equal(ResponseKind.Applied, Add(cluster, client));
            int flushed = cluster.Nodes.Select(Flushes).Zip(before).Count(
                static pair => pair.First > pair.Second);
            Assert.InRange(flushed, 2, 3);
        }
    }

    // What a node says that is started over a log of other terms. Set back, it has all it had.
    private static string Refusal(Action<TestNode> asCreated, Action<TestNode> asConfigured)
    {
        TestCluster cluster = new(1);
        TestNode node = cluster.Nodes[0];
        asCreated(node);
        cluster.Start();
        Assert.Equal(ResponseKind.Applied, Add(cluster, cluster.Connect()));
        node.Kill();

        asConfigured(node);
        LogException refusal = Assert.Throws<LogException>(() => node.Start(cluster.Now));
        node.Kill();
        asCreated(node);
        node.Start(cluster.Now);
        cluster.StepFor(2000);
        Assert.Equal(1, cluster.Ask(node).Applied);
        return refusal.Message;
    }

    private static int Flushes(TestNode node) => node.Disk.Performed(DiskJobKind.Flush);

    private static TestCluster InMemory()
    {
        TestCluster cluster = new(3);
        foreach (TestNode node in cluster.Nodes)
            node.Durability = Durability.Memory;
        return cluster;
    }

    private static ResponseKind Add(TestCluster cluster, TestClient client) =>
        cluster.Call(client, RequestKind.Command, "k", new Add(1)).Kind;

    private static ResponseKind Refusal(TestCluster cluster, TestNode node) =>
        Add(cluster, cluster.Connect(node.Id));
}
