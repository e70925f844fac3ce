using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using static Synod.Adapters.Tests.Store.StoreCluster;

namespace Synod.Adapters.Tests.Store;

/// <summary>What has happened is never told as refused, and what goes on never as over.</summary>
public sealed class CertaintyTests
{
    private readonly StoreCluster _cluster = new();
    private readonly OwnerId _owner = OwnerId.New();

    // The value is there; whether its owner lives could not be asked.
    [Fact]
    [Rule(StoreRules.OwnerAfterValue)]
    [Feature("F01")]
    public void A_put_that_was_done_is_not_refused_because_its_owner_could_not_be_asked()
    {
        TestStore store = _cluster.Connect(out TestRegisterPort port);
        _cluster.Run(store.OpenOwnerAsync(_owner));
        bool isPut = false;
        port.Before = (_, request) => isPut |= request is PutOnce;
        port.Instead = (_, request) => isPut && request is GetOnce
            ? new Outcome<WriteOnceEntry>.Overloaded(TimeSpan.Zero)
            : null;

        PutCall call = new() { Owner = _owner };
        RegisterOutcome put = _cluster.Run(store.PutAsync("k", Bytes("a"), call));

        Assert.True(Assert.IsType<RegisterOutcome.NoQuorum>(put).MayHaveHappened);
        Assert.Equal("a", ValueOf(_cluster.Get("k")));
    }

    [Fact]
    [Feature("F03")]
    public void A_renewal_that_was_done_is_not_told_as_not_done_because_no_clock_is_heard_after_it()
    {
        TestStore store = _cluster.Connect(out TestRegisterPort port);
        TimeSpan time = TimeSpan.FromSeconds(5);
        _cluster.Run(store.OpenOwnerAsync(_owner, time));
        port.Before = (_, request) =>
        {
            if (request is not RenewKey)
                return;

            _cluster.StepFor(1_100);
            port.StatusDelay = null;
        };

        RegisterCall call = new() { TimeLimit = TimeSpan.FromSeconds(3) };
        RegisterOutcome renewed = _cluster.Run(store.RenewOwnerAsync(_owner, time, call));

        Assert.True(Assert.IsType<RegisterOutcome.NoQuorum>(renewed).MayHaveHappened);
    }

    // A run that others took for over, while it asked for more time, is not renewed by the run that
    // came after it.
    [Fact]
    [Feature("F04")]
    public void A_run_of_a_node_is_not_renewed_by_the_life_of_a_later_run()
    {
        _cluster.Connect(out TestRegisterPort port);
        NodeTenure early = new(port, 2, TimeSpan.FromSeconds(2));
        _cluster.Run(Renew(early));
        _cluster.Connect(out TestRegisterPort other);
        NodeTenure late = new(other, 2, TimeSpan.FromSeconds(2));
        port.Before = (_, request) =>
        {
            if (request is not RenewKey)
                return;

            port.Before = static (_, _) => { };
            _cluster.Run(Renew(late));
        };

        RegisterOutcome renewed = _cluster.Run(Renew(early));
        RegisterOutcome present = _cluster.Run(Renew(late));

        Assert.NotEqual(
            Assert.IsType<RegisterOutcome.Chosen>(renewed).Value.Bytes.ToArray(),
            Assert.IsType<RegisterOutcome.Chosen>(present).Value.Bytes.ToArray());
    }

    private static Task<RegisterOutcome> Renew(NodeTenure tenure) =>
        tenure.RenewAsync(null, TestContext.Current.CancellationToken);
}
