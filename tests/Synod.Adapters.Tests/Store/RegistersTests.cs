using Synod.Adapters.Tests.Runtime;
using Synod.Hosting;
using Synod.Kernel;
using static Synod.Adapters.Tests.Store.StoreCluster;

namespace Synod.Adapters.Tests.Store;

/// <summary>What the write-once store answers.</summary>
public sealed class RegistersTests
{
    private static readonly RegisterOutcome NotFound = new RegisterOutcome.NotFound();

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("F01")]
    public void A_put_answers_the_chosen_value_whoever_has_put_it(string protocol)
    {
        StoreCluster cluster = new(protocol: protocol);
        TestStore other = cluster.Connect(2, 3, 1);

        RegisterOutcome first = cluster.Put("k", "a");
        Assert.Equal("a", ValueOf(first));
        Assert.Equal(first, cluster.Put("k", "b"));
        Assert.Equal(first, cluster.Run(other.PutAsync("k", Bytes("c"))));
        Assert.Equal(first, cluster.Run(other.GetAsync("k")));
    }

    // P6.
    [Fact]
    [Feature("F01")]
    public void Three_nodes_that_put_different_values_at_once_answer_the_same()
    {
        StoreCluster cluster = new();
        TestStore[] stores =
            [cluster.Connect(1), cluster.Connect(2), cluster.Connect(3)];
        for (int key = 0; key < 5; key++)
        {
            Task<RegisterOutcome>[] puts = [.. stores.Select((store, number) =>
                store.PutAsync($"k{key}", Bytes($"{number}")))];
            Assert.Single(puts.Select(put => ValueOf(cluster.Run(put))).Distinct());
        }
    }

    [Fact]
    [Feature("F02")]
    public void A_read_finds_the_value_or_the_default_or_nothing()
    {
        StoreCluster cluster = new();
        GetCall withDefault = new() { Default = Bytes("d") };

        Assert.Equal(NotFound, cluster.Get("k"));
        Assert.Equal(
            new RegisterOutcome.Fallback(Bytes("d")), cluster.Get("k", withDefault));

        cluster.Put("k", "");
        Assert.Equal("", ValueOf(cluster.Get("k")));
        Assert.Equal("", ValueOf(cluster.Get("k", withDefault)));
    }

    // P16, and the fourth and the first outcome that the seed mixes up.
    [Fact]
    [Feature("F02")]
    [Feature("F09")]
    public void Without_a_quorum_nothing_is_found_put_or_made_up()
    {
        StoreCluster cluster = new();
        cluster.Put("there", "a");
        cluster.Cluster.Nodes[1].Crash();
        cluster.Cluster.Nodes[2].Crash();
        GetCall asked = new() { Default = Bytes("d"), TimeLimit = TimeSpan.FromSeconds(1) };

        Assert.IsType<RegisterOutcome.NoQuorum>(cluster.Get("there", asked));
        Assert.IsType<RegisterOutcome.NoQuorum>(cluster.Get("not", asked));
        Assert.IsType<RegisterOutcome.NoQuorum>(
            cluster.Put("new", "b", new PutCall { TimeLimit = TimeSpan.FromSeconds(1) }));
    }

    // P10, with reads, which the seed's generator left out: what was put is kept whoever comes and
    // goes, and with fewer than three of five nothing is answered.
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [Feature("F01")]
    [Feature("F02")]
    public void A_store_of_five_nodes_is_as_good_as_a_map_whoever_comes_and_goes(ulong seed)
    {
        StoreCluster cluster = new(nodes: 5, seed: seed);
        StoreOracle oracle = new(cluster, new SeededRandom(seed));
        for (int step = 0; step < 120; step++)
            oracle.Step();

        Assert.InRange(oracle.Refused, 5, 80);
        oracle.CheckAll();
    }

    // P13, and defect 1 of the seed: an acceptor that began anew had forgotten everything.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Feature("F01")]
    [Feature("C06")]
    public void A_value_outlives_every_part_that_begins_anew(int nodes)
    {
        StoreCluster cluster = new(nodes);
        RegisterOutcome first = cluster.Put("k", "a");
        foreach (TestNode node in cluster.Cluster.Nodes)
        {
            node.Restart();
            Assert.Equal(first, cluster.Put("k", "b"));
            node.Crash();
            node.Start(cluster.Cluster.Now);
            Assert.Equal(first, cluster.Get("k"));
            Assert.Equal(first, cluster.Put("k", "c"));
        }
    }

    // P12.
    [Fact]
    [Feature("F09")]
    [Feature("B04")]
    public void A_put_that_waits_is_done_when_the_second_node_is_back()
    {
        StoreCluster cluster = new();
        cluster.Cluster.Nodes[1].Crash();
        cluster.Cluster.Nodes[2].Crash();
        PutCall waits = new() { NoQuorum = NoQuorumPolicy.Wait };

        Task<RegisterOutcome> put = cluster.Store.PutAsync("k", Bytes("a"), waits);
        Task<RegisterOutcome> get = cluster.Store.GetAsync(
            "other", new GetCall { NoQuorum = NoQuorumPolicy.Wait });
        cluster.StepFor(20_000);
        Assert.False(put.IsCompleted || get.IsCompleted);

        cluster.Cluster.Nodes[1].Start(cluster.Cluster.Now);
        Assert.Equal("a", ValueOf(cluster.Run(put)));
        Assert.Equal(NotFound, cluster.Run(get));
    }

    [Fact]
    [Feature("F09")]
    public void One_who_wants_an_exception_gets_it_of_put_and_of_get_alike()
    {
        StoreCluster cluster = new();
        cluster.Cluster.Nodes[1].Crash();
        cluster.Cluster.Nodes[2].Crash();
        TimeSpan limit = TimeSpan.FromMilliseconds(500);
        (PutCall put, GetCall get) = (
            new PutCall { NoQuorum = NoQuorumPolicy.Fail, TimeLimit = limit },
            new GetCall { NoQuorum = NoQuorumPolicy.Fail, TimeLimit = limit });

        Assert.Throws<NoQuorumException>(() => cluster.Put("k", "a", put));
        Assert.False(
            Assert.Throws<NoQuorumException>(() => cluster.Get("k", get)).MayHaveHappened);
    }

    [Fact]
    [Feature("F09")]
    public void One_who_waits_with_a_limit_waits_so_long()
    {
        StoreCluster cluster = new();
        cluster.Cluster.Nodes[1].Crash();
        cluster.Cluster.Nodes[2].Crash();
        GetCall call =
            new() { NoQuorum = NoQuorumPolicy.Wait, TimeLimit = TimeSpan.FromSeconds(8) };

        Task<RegisterOutcome> get = cluster.Store.GetAsync("k", call);
        cluster.StepFor(7_900);
        Assert.False(get.IsCompleted);
        Assert.IsType<RegisterOutcome.NoQuorum>(cluster.Run(get, milliseconds: 300));
    }

    // P7.
    [Fact]
    [Feature("F07")]
    public void A_key_has_another_value_in_each_bucket()
    {
        StoreCluster cluster = new();
        foreach (string bucket in (string[])["a", "b"])
        {
            Assert.IsType<RegisterOutcome.Chosen>(
                cluster.Run(cluster.Store.CreateBucketAsync(bucket)));
            cluster.Put("k", bucket, new PutCall { Bucket = bucket });
        }

        Assert.Equal(NotFound, cluster.Get("k"));
        cluster.Put("k", "c");
        Assert.Equal("a", ValueOf(cluster.Get("k", new GetCall { Bucket = "a" })));
        Assert.Equal("b", ValueOf(cluster.Get("k", new GetCall { Bucket = "b" })));
        Assert.Equal("c", ValueOf(cluster.Get("k")));
    }

    // P15, and defect 2 of the seed: a node that joined got the keys of all buckets into one.
    [Fact]
    [Feature("F07")]
    public void A_node_that_comes_back_has_no_key_of_another_bucket()
    {
        StoreCluster cluster = new();
        cluster.Run(cluster.Store.CreateBucketAsync("b"));
        cluster.Cluster.Nodes[2].Crash();
        cluster.Put("k", "a", new PutCall { Bucket = "b" });
        cluster.Cluster.Nodes[2].Start(cluster.Cluster.Now);
        cluster.Cluster.Nodes[0].Crash();

        TestStore back = cluster.Connect(3);
        Assert.Equal(NotFound, cluster.Run(back.GetAsync("k")));
        Assert.Equal(NotFound, cluster.Run(back.GetAsync("b/k")));
        Assert.Equal(
            "a", ValueOf(cluster.Run(back.GetAsync("k", new GetCall { Bucket = "b" }))));
    }

    [Theory]
    [InlineData("k/b", "a", "b/k")]
    [InlineData("a/k", "default", "k")]
    [InlineData("owner", "default", ":owner/x")]
    [Feature("F07")]
    public void A_key_may_look_like_one_of_another_bucket_and_is_none(
        string key, string bucket, string other)
    {
        StoreCluster cluster = new();
        cluster.Run(cluster.Store.CreateBucketAsync("a"));
        cluster.Put(key, "1");

        GetCall elsewhere = new() { Bucket = bucket };
        Assert.Equal(NotFound, cluster.Get(other, elsewhere));
    }

    [Fact]
    [Feature("F07")]
    public void What_cannot_be_is_refused_by_name()
    {
        StoreCluster cluster = new();
        RegisterRefusal Put(string? key, byte[]? value, PutCall? call = null) =>
            RefusalOf(cluster.Run(cluster.Store.PutAsync(key, value, call)));
        string longest = new('k', 1024 - "default/".Length);

        Assert.Equal(RegisterRefusal.InvalidKey, Put(null, []));
        Assert.Equal(RegisterRefusal.InvalidKey, Put("", []));
        Assert.Equal(RegisterRefusal.InvalidKey, Put("\ud800", []));
        Assert.Equal(RegisterRefusal.TooLarge, Put(longest + "k", []));
        Assert.Equal(RegisterRefusal.InvalidValue, Put("k", null));
        Assert.Equal(RegisterRefusal.TooLarge, Put("k", new byte[(64 << 10) + 1]));
        Assert.Equal(
            RegisterRefusal.UnknownBucket, Put("k", [], new PutCall { Bucket = "nowhere" }));
        foreach (string bucket in (string[])["", "a/b", ":owner", new string('b', 65)])
        {
            Assert.Equal(
                RegisterRefusal.InvalidBucket, Put("k", [], new PutCall { Bucket = bucket }));
            Assert.Equal(
                RegisterRefusal.InvalidBucket,
                RefusalOf(cluster.Run(cluster.Store.CreateBucketAsync(bucket))));
        }

        Assert.Equal(RegisterRefusal.InvalidKey, RefusalOf(cluster.Get("")));
        Assert.Equal(NotFound, cluster.Get("k"));
        Assert.Equal("", ValueOf(cluster.Put(longest, "")));
    }

    [Fact]
    [Feature("F02")]
    public void A_life_ends_when_it_is_ended_and_one_that_has_not_begun_is_refused()
    {
        StoreCluster cluster = new();
        Generation first = GenerationOf(cluster.Put("k", "a"));
        RegisterOutcome End(Generation generation) =>
            cluster.Run(cluster.Store.EndAsync("k", generation));

        Assert.Equal(RegisterRefusal.FutureGeneration, RefusalOf(End(first.Next())));
        Assert.Equal("a", ValueOf(cluster.Get("k")));

        Assert.Equal(NotFound, End(first));
        Assert.Equal(NotFound, End(first));
        Assert.Equal(NotFound, cluster.Get("k"));

        RegisterOutcome second = cluster.Put("k", "b");
        Assert.Equal("b", ValueOf(second));
        Assert.True(GenerationOf(second) > first);
        Assert.Equal(second, End(first));
    }

    private static Generation GenerationOf(RegisterOutcome outcome) =>
        Assert.IsType<RegisterOutcome.Chosen>(outcome).Value.Generation;
}
