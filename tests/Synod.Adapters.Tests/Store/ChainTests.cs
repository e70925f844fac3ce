using Synod.Hosting;
using Synod.Kernel;
using static Synod.Adapters.Tests.Store.StoreCluster;

namespace Synod.Adapters.Tests.Store;

/// <summary>Values that live with values that live with values.</summary>
public sealed class ChainTests
{
    private static readonly RegisterOutcome NotFound = new RegisterOutcome.NotFound();

    // The later life of the one begins with the other, which lives with the earlier: each is asked
    // for one life of the other and not for whatever is there now.
    [Fact]
    [Rule(StoreRules.OwnerAfterValue)]
    [Feature("F04")]
    public void Two_keys_that_name_each_other_in_different_lives_are_both_over()
    {
        StoreCluster cluster = new();
        Generation first = GenerationOf(cluster.Put("b", "1"));
        cluster.Put("a", "1", With("b"));
        TestStore other = cluster.Connect(out TestRegisterPort port);
        bool hasEnded = false;
        port.Before = (key, request) =>
        {
            // The key a was looked at and lives, and b is about to be put with it.
            if (hasEnded || request is not PutOnce || key != "default/b")
                return;

            hasEnded = true;
            Assert.Equal(NotFound, cluster.Run(cluster.Store.EndAsync("b", first)));
        };

        RegisterOutcome put = cluster.Run(other.PutAsync("b", Bytes("2"), With("a")));
        Assert.True(hasEnded);
        Assert.Equal(RegisterRefusal.DeadOwner, RefusalOf(put));
        Assert.Equal(NotFound, cluster.Get("a"));
        Assert.Equal(NotFound, cluster.Get("b"));
        Assert.Equal("3", ValueOf(cluster.Put("b", "3")));
    }

    [Fact]
    [Feature("F04")]
    public void What_lives_with_too_long_a_chain_is_refused_and_its_key_stays_free()
    {
        StoreCluster cluster = new();
        cluster.Put("k0", "0");
        int length = 0;
        RegisterOutcome last;
        do
        {
            length++;
            last = cluster.Put($"k{length}", "v", With($"k{length - 1}"));
        }
        while (last is RegisterOutcome.Chosen && length < 100);

        Assert.Equal(RegisterRefusal.TooDeep, RefusalOf(last));
        Assert.InRange(length, 10, 50);
        Assert.Equal(NotFound, cluster.Get($"k{length}"));
        Assert.Equal("v", ValueOf(cluster.Get($"k{length - 1}")));
        Assert.Equal("free", ValueOf(cluster.Put($"k{length}", "free")));
    }

    private static PutCall With(string key) => new() { Key = ("default", key) };

    private static Generation GenerationOf(RegisterOutcome outcome) =>
        Assert.IsType<RegisterOutcome.Chosen>(outcome).Value.Generation;
}
