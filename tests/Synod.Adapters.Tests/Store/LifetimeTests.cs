using Synod.Adapters.Tests.Runtime;
using Synod.Hosting;
using Synod.Kernel;
using static Synod.Adapters.Tests.Store.StoreCluster;

namespace Synod.Adapters.Tests.Store;

/// <summary>Values that live with something, and end with it everywhere.</summary>
public sealed class LifetimeTests
{
    private static readonly RegisterOutcome NotFound = new RegisterOutcome.NotFound();

    // P1.
    [Fact]
    [Feature("F03")]
    [Feature("F05")]
    public void A_value_ends_with_its_owner_and_the_key_can_be_put_anew_with_another()
    {
        StoreCluster cluster = new();
        OwnerId previous = default;
        for (int round = 0; round < 20; round++)
        {
            OwnerId owner = Open(cluster);
            RegisterOutcome put = cluster.Put("k", $"{round}", new PutCall { Owner = owner });
            Assert.Equal($"{round}", ValueOf(put));
            Assert.Equal(owner, OwnerOf(cluster.Get("k")));
            Assert.NotEqual(previous, owner);

            cluster.Run(cluster.Store.EndOwnerAsync(owner));
            foreach (int node in (int[])[1, 2, 3])
                Assert.Equal(NotFound, cluster.Run(cluster.Connect(node).GetAsync("k")));
            previous = owner;
        }
    }

    // Defect 3 of the seed: it answered the value as if it were the owner.
    [Fact]
    [Feature("F05")]
    public void No_owner_is_not_the_same_as_no_value()
    {
        StoreCluster cluster = new();
        cluster.Put("k", "a");

        RegisterValue found =
            Assert.IsType<RegisterOutcome.Chosen>(cluster.Get("k")).Value;
        Assert.Equal((null, null, null, null), (found.Owner, found.Node, found.Key, found.Until));
        Assert.Equal(NotFound, cluster.Get("other"));
    }

    // P2.
    [Fact]
    [Feature("F06")]
    public void What_is_to_live_with_what_does_not_live_is_refused()
    {
        StoreCluster cluster = new();
        OwnerId ended = Open(cluster);
        cluster.Run(cluster.Store.EndOwnerAsync(ended));

        foreach (PutCall call in (PutCall[])
        [
            new() { Owner = ended },
            new() { Owner = OwnerId.New() },
            new() { Node = 7 },
            new() { Key = ("default", "nothing") },
        ])
        {
            Assert.Equal(RegisterRefusal.DeadOwner, RefusalOf(cluster.Put("k", "a", call)));
        }

        PutCall past = new() { Until = cluster.Time - TimeSpan.FromMilliseconds(5) };
        Assert.Equal(RegisterRefusal.PastTime, RefusalOf(cluster.Put("k", "a", past)));
        Assert.Equal(NotFound, cluster.Get("k"));
    }

    [Fact]
    [Feature("F03")]
    [Feature("F06")]
    public void An_owner_ends_for_ever_even_before_it_is_opened()
    {
        StoreCluster cluster = new();
        OwnerId owner = OwnerId.New();

        Assert.Equal(NotFound, cluster.Run(cluster.Store.EndOwnerAsync(owner)));
        Assert.Equal(
            RegisterRefusal.DeadOwner,
            RefusalOf(cluster.Run(cluster.Store.OpenOwnerAsync(owner))));
        Assert.Equal(
            RegisterRefusal.DeadOwner,
            RefusalOf(cluster.Run(
                cluster.Store.RenewOwnerAsync(owner, TimeSpan.FromSeconds(1)))));
    }

    // An owner that was looked at before the value could end in between, and the put would bind the
    // key to the dead; likewise a read would answer a value that another one was told is gone.
    [Fact]
    [Rule(StoreRules.OwnerAfterValue)]
    [Feature("F03")]
    public void The_owner_is_looked_at_after_the_value()
    {
        StoreCluster cluster = new();
        OwnerId owner = Open(cluster);
        TestStore store = cluster.Connect(out TestRegisterPort port);
        bool hasEnded = false;
        port.Before = (key, request) =>
        {
            // The owner was looked at and lives, and the put is about to be sent.
            if (hasEnded || request is not PutOnce || key != "default/k")
                return;

            hasEnded = true;
            cluster.Run(cluster.Store.EndOwnerAsync(owner));
        };

        PutCall call = new() { Owner = owner };
        RegisterOutcome put = cluster.Run(store.PutAsync("k", Bytes("a"), call));
        Assert.True(hasEnded);
        Assert.Equal(RegisterRefusal.DeadOwner, RefusalOf(put));
        Assert.Equal("b", ValueOf(cluster.Put("k", "b")));
    }

    [Fact]
    [Rule(StoreRules.OwnerAfterValue)]
    [Feature("F03")]
    public void A_read_that_has_the_value_does_not_answer_it_when_the_owner_has_ended_since()
    {
        StoreCluster cluster = new();
        OwnerId owner = Open(cluster);
        cluster.Put("k", "a", new PutCall { Owner = owner });
        TestStore store = cluster.Connect(out TestRegisterPort port);
        bool hasEnded = false;
        port.Before = (key, _) =>
        {
            // The value is read, and nobody was asked for its owner yet.
            if (hasEnded || !key.StartsWith(":owner/", StringComparison.Ordinal))
                return;

            hasEnded = true;
            cluster.Run(cluster.Store.EndOwnerAsync(owner));
            Assert.Equal("b", ValueOf(cluster.Put("k", "b")));
        };

        Assert.Equal("b", ValueOf(cluster.Run(store.GetAsync("k"))));
        Assert.True(hasEnded);
    }

    // P3 and P11.
    [Fact]
    [Feature("F04")]
    public void Values_end_with_the_run_of_a_node_and_with_nothing_that_comes_later()
    {
        StoreCluster cluster = new();
        NodeTenure second = Tenure(cluster, 2);
        Renew(cluster, second);
        OwnerId owner = Open(cluster);
        cluster.Put("a", "1", new PutCall { Node = 2 });
        cluster.Put("b", "1", new PutCall { Node = 2, Owner = owner });
        cluster.Put("plain", "1");
        Assert.Equal(2, Assert.IsType<RegisterOutcome.Chosen>(cluster.Get("a")).Value.Node);

        cluster.Run(cluster.Store.EndOwnerAsync(owner));
        Assert.Equal(NotFound, cluster.Get("b"));
        Assert.Equal("2", ValueOf(cluster.Put("b", "2")));
        Assert.Equal("1", ValueOf(cluster.Get("a")));

        // It has begun anew, without having ended.
        Renew(cluster, Tenure(cluster, 2));
        Assert.Equal(NotFound, cluster.Get("a"));
        Assert.Equal("2", ValueOf(cluster.Get("b")));
        Assert.Equal("1", ValueOf(cluster.Get("plain")));
        Assert.Equal("3", ValueOf(cluster.Put("a", "3", new PutCall { Node = 2 })));
    }

    [Fact]
    [Feature("F04")]
    public void A_node_that_is_not_heard_of_any_more_is_over_after_its_time()
    {
        StoreCluster cluster = new();
        NodeTenure tenure = Tenure(cluster, 3);
        Renew(cluster, tenure);
        cluster.Put("k", "a", new PutCall { Node = 3 });
        for (int round = 0; round < 4; round++)
        {
            cluster.StepFor(1000);
            Renew(cluster, tenure);
            Assert.Equal("a", ValueOf(cluster.Get("k")));
        }

        cluster.StepFor(2100);
        Assert.Equal(NotFound, cluster.Get("k"));
        Assert.Equal(
            RegisterRefusal.DeadOwner,
            RefusalOf(cluster.Put("k", "b", new PutCall { Node = 3 })));

        // It comes to itself, and is another run.
        Renew(cluster, tenure);
        Assert.Equal("b", ValueOf(cluster.Put("k", "b", new PutCall { Node = 3 })));
    }

    // P4, and defects 5 and 6 of the seed.
    [Fact]
    [Feature("F04")]
    public void A_value_that_lives_with_a_key_ends_with_the_owner_of_that_key()
    {
        StoreCluster cluster = new();
        OwnerId owner = Open(cluster);
        cluster.Put("parent", "p", new PutCall { Owner = owner });
        PutCall withParent = new() { Key = ("default", "parent") };
        cluster.Put("child", "c", withParent);
        cluster.Put("grandchild", "g", new PutCall { Key = ("default", "child") });

        // Who has just begun knows nothing, and finds it all the same.
        foreach (TestNode node in cluster.Cluster.Nodes)
            node.Restart();
        Assert.Equal("g", ValueOf(cluster.Get("grandchild")));

        cluster.Run(cluster.Store.EndOwnerAsync(owner));
        Assert.Equal(NotFound, cluster.Get("grandchild"));
        Assert.Equal(NotFound, cluster.Get("child"));
        Assert.Equal(NotFound, cluster.Get("parent"));
        Assert.Equal(RegisterRefusal.DeadOwner, RefusalOf(cluster.Put("child", "x", withParent)));
        Assert.Equal("d", ValueOf(cluster.Put("child", "d")));
    }

    [Fact]
    [Feature("F04")]
    public void A_key_that_is_put_anew_does_not_bring_back_what_lived_with_it()
    {
        StoreCluster cluster = new();
        RegisterOutcome parent = cluster.Put("parent", "p");
        cluster.Put("child", "c", new PutCall { Key = ("default", "parent") });
        Generation first = Assert.IsType<RegisterOutcome.Chosen>(parent).Value.Generation;

        cluster.Run(cluster.Store.EndAsync("parent", first));
        cluster.Put("parent", "again");
        Assert.Equal(NotFound, cluster.Get("child"));
    }

    [Fact]
    [Feature("F03")]
    [Feature("F04")]
    public void Of_all_that_a_value_lives_with_the_first_that_ends_ends_it()
    {
        StoreCluster cluster = new();
        Renew(cluster, Tenure(cluster, 1));
        cluster.Put("parent", "p");
        for (int first = 0; first < 2; first++)
        {
            OwnerId owner = Open(cluster);
            cluster.Put("k", "a", new PutCall
            {
                Owner = owner,
                Node = 1,
                Key = ("default", "parent"),
                Until = cluster.Time + TimeSpan.FromSeconds(1),
            });
            Assert.Equal("a", ValueOf(cluster.Get("k")));
            if (first == 0)
                cluster.Run(cluster.Store.EndOwnerAsync(owner));
            else
                cluster.StepFor(1_020);
            Assert.Equal(NotFound, cluster.Get("k"));
        }
    }

    private static OwnerId Open(StoreCluster cluster)
    {
        OwnerId owner = OwnerId.New();
        Assert.IsType<RegisterOutcome.Chosen>(cluster.Run(cluster.Store.OpenOwnerAsync(owner)));
        return owner;
    }

    private static OwnerId? OwnerOf(RegisterOutcome outcome) =>
        Assert.IsType<RegisterOutcome.Chosen>(outcome).Value.Owner;

    private static NodeTenure Tenure(StoreCluster cluster, int node)
    {
        cluster.Connect(out TestRegisterPort port);
        return new NodeTenure(port, node, TimeSpan.FromSeconds(2));
    }

    private static void Renew(StoreCluster cluster, NodeTenure tenure) =>
        Assert.IsType<RegisterOutcome.Chosen>(cluster.Run(
            tenure.RenewAsync(null, TestContext.Current.CancellationToken)));
}
