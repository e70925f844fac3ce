using Synod.Adapters.Tests.Runtime;
using Synod.Hosting;
using Synod.Kernel;
using static Synod.Adapters.Tests.Store.StoreCluster;

namespace Synod.Adapters.Tests.Store;

/// <summary>Values and owners that live until a time, by the clocks of a majority.</summary>
public sealed class TimeTests
{
    private static readonly RegisterOutcome NotFound = new RegisterOutcome.NotFound();

    // P5.
    [Fact]
    [Feature("F04")]
    public void A_value_lives_until_its_time_and_then_can_be_put_anew()
    {
        StoreCluster cluster = new();
        PutCall until = new() { Until = cluster.Time + TimeSpan.FromMilliseconds(500) };

        Assert.Equal("a", ValueOf(cluster.Put("k", "a", until)));
        Assert.Equal("a", ValueOf(cluster.Get("k")));
        cluster.StepFor(520);
        Assert.Equal(NotFound, cluster.Get("k"));
        Assert.Equal("b", ValueOf(cluster.Put("k", "b")));
    }

    [Fact]
    [Feature("F04")]
    public void A_put_over_a_value_whose_time_is_over_is_chosen()
    {
        StoreCluster cluster = new();
        cluster.Put("k", "a", new PutCall
        {
            Until = cluster.Time + TimeSpan.FromMilliseconds(100),
        });

        cluster.StepFor(120);
        Assert.Equal("b", ValueOf(cluster.Put("k", "b")));
    }

    // P18, and defect 11 of the seed: each node went by its own clock.
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [Feature("F04")]
    public void One_clock_that_jumps_ends_nothing_and_keeps_nothing(int direction)
    {
        StoreCluster cluster = new();
        cluster.Cluster.Nodes[1].ClockError = direction * TimeSpan.FromHours(1);
        cluster.Put("k", "a", new PutCall { Until = cluster.Time + TimeSpan.FromSeconds(5) });

        cluster.StepFor(4_500);
        Assert.Equal("a", ValueOf(cluster.Get("k")));
        cluster.StepFor(520);
        Assert.Equal(NotFound, cluster.Get("k"));
    }

    [Fact]
    [Rule(StoreRules.EndedBeforeTold)]
    [Feature("F04")]
    public void What_one_was_told_is_gone_is_gone_for_all_whatever_the_clocks_do_then()
    {
        StoreCluster cluster = new();
        cluster.Put("k", "a", new PutCall { Until = cluster.Time + TimeSpan.FromSeconds(1) });
        cluster.StepFor(1_020);
        Assert.Equal(NotFound, cluster.Get("k"));

        foreach (TestNode node in cluster.Cluster.Nodes)
            node.ClockError = -TimeSpan.FromHours(1);
        Assert.Equal(NotFound, cluster.Run(cluster.Connect(2).GetAsync("k")));
        Assert.Equal("b", ValueOf(cluster.Put("k", "b")));
    }

    [Fact]
    [Feature("F04")]
    public void Whether_a_time_has_passed_is_not_said_by_a_minority()
    {
        StoreCluster cluster = new();
        cluster.Put("k", "a", new PutCall { Until = cluster.Time + TimeSpan.FromSeconds(2) });
        cluster.Cluster.Nodes[1].ClockError = TimeSpan.FromHours(1);
        cluster.Cluster.Nodes[2].Crash();

        Assert.Equal("a", ValueOf(cluster.Get("k")));
        cluster.StepFor(2_100);
        Assert.Equal(NotFound, cluster.Get("k"));
    }

    // Between the question about the clocks and the end it was renewed.
    [Fact]
    [Rule(StoreRules.ClocksOfMajority)]
    [Feature("F03")]
    public void An_owner_that_was_renewed_in_time_is_not_ended_by_one_who_looked_before()
    {
        StoreCluster cluster = new();
        OwnerId owner = OwnerId.New();
        TimeSpan time = TimeSpan.FromSeconds(2);
        cluster.Run(cluster.Store.OpenOwnerAsync(owner, time));
        cluster.Put("k", "a", new PutCall { Owner = owner });
        cluster.StepFor(1_990);
        TestStore slow = cluster.Connect(out TestRegisterPort port);
        bool isRenewed = false;
        port.Before = (_, request) =>
        {
            if (isRenewed || request is not EndKey { Clock: not null } end)
                return;

            // As if the renewal had been on its way: it is decided before the end.
            isRenewed = true;
            long until = end.Clock.Value + 2000;
            cluster.Run(port.ExecuteAsync(
                $":owner/{owner}",
                new RenewKey(end.Generation.GetValueOrDefault(), until),
                port.CallTimeout,
                TestContext.Current.CancellationToken));
        };

        cluster.StepFor(20);
        Assert.Equal("a", ValueOf(cluster.Run(slow.GetAsync("k"))));
        Assert.True(isRenewed);
        Assert.Equal("a", ValueOf(cluster.Get("k")));
    }

    [Fact]
    [Feature("F03")]
    public void An_owner_lives_as_long_as_it_is_renewed()
    {
        StoreCluster cluster = new();
        OwnerId owner = OwnerId.New();
        TimeSpan time = TimeSpan.FromSeconds(1);
        cluster.Run(cluster.Store.OpenOwnerAsync(owner, time));
        cluster.Put("k", "a", new PutCall { Owner = owner });
        for (int round = 0; round < 4; round++)
        {
            cluster.StepFor(500);
            cluster.Run(cluster.Store.RenewOwnerAsync(owner, time));
            Assert.Equal("a", ValueOf(cluster.Get("k")));
        }

        cluster.StepFor(1_050);
        Assert.Equal(NotFound, cluster.Get("k"));
        Assert.Equal(
            RegisterRefusal.DeadOwner,
            RefusalOf(cluster.Run(cluster.Store.RenewOwnerAsync(owner, time))));
    }

    // Whoever renews it may come between the question about the clocks and the end.
    [Fact]
    [Rule(StoreRules.ClocksOfMajority)]
    [Feature("F03")]
    public void Who_opens_an_owner_late_is_not_told_that_it_is_dead_when_it_was_renewed()
    {
        StoreCluster cluster = new();
        OwnerId owner = OwnerId.New();
        TestStore slow = cluster.Connect(out TestRegisterPort port);
        bool isRenewed = false;
        port.Before = (_, request) =>
        {
            // Its time is over before it is there.
            if (request is PutOnce)
                cluster.StepFor(1_100);
            if (isRenewed || request is not EndKey { Clock: not null } end)
                return;

            isRenewed = true;
            long until = end.Clock.Value + 60_000;
            cluster.Run(port.ExecuteAsync(
                $":owner/{owner}",
                new RenewKey(end.Generation.GetValueOrDefault(), until),
                port.CallTimeout,
                TestContext.Current.CancellationToken));
        };

        RegisterOutcome opened =
            cluster.Run(slow.OpenOwnerAsync(owner, TimeSpan.FromSeconds(1)));
        Assert.True(isRenewed);
        Assert.IsType<RegisterOutcome.Chosen>(opened);
        Assert.Equal("a", ValueOf(cluster.Put("k", "a", new PutCall { Owner = owner })));
    }

    // What the clocks have shown is as old as the question, however long the answers took.
    [Fact]
    [Rule(StoreRules.ClocksOfMajority)]
    [Feature("F04")]
    public void A_value_is_not_answered_after_its_time_because_the_clocks_were_heard_late()
    {
        StoreCluster cluster = new();
        TestStore far = cluster.Connect(out TestRegisterPort port);
        port.StatusDelay = TimeSpan.FromMilliseconds(500);
        cluster.Put("k", "a", new PutCall
        {
            Until = cluster.Time + TimeSpan.FromMilliseconds(700),
        });

        Assert.Equal("a", ValueOf(cluster.Run(far.GetAsync("k"))));
        cluster.StepFor(250);
        Assert.Equal(NotFound, cluster.Run(far.GetAsync("k")));
    }

    [Fact]
    [Rule(StoreRules.ClocksOfMajority)]
    [Feature("F04")]
    public void Who_has_heard_enough_clocks_asks_the_others_no_more()
    {
        StoreCluster cluster = new();
        cluster.Cluster.Nodes[2].Crash();
        TestStore store = cluster.Connect(out TestRegisterPort port);

        cluster.Run(store.OpenOwnerAsync(OwnerId.New(), TimeSpan.FromSeconds(5)), 100);

        Assert.True(port.LastAsked.IsCancellationRequested);
    }

    // A member that is away must not take the time in which the run is to be renewed.
    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    [Feature("F04")]
    public void A_run_of_a_node_with_a_short_time_goes_on_while_another_node_is_away(int error)
    {
        StoreCluster cluster = new();
        cluster.Cluster.Nodes[2].Crash();
        cluster.Cluster.Nodes[1].ClockError = TimeSpan.FromSeconds(error);
        cluster.Connect(out TestRegisterPort port);
        NodeTenure tenure = new(port, 1, TimeSpan.FromSeconds(1));
        RegisterCall call = new() { TimeLimit = TimeSpan.FromMilliseconds(333) };
        HashSet<Generation> lives = [];
        for (int round = 0; round < 6; round++)
        {
            Task<RegisterOutcome> renewed =
                tenure.RenewAsync(call, TestContext.Current.CancellationToken);
            lives.Add(Assert.IsType<RegisterOutcome.Chosen>(
                cluster.Run(renewed, milliseconds: 334)).Value.Generation);
            cluster.StepFor(200);
        }

        Assert.Single(lives);
    }
}
