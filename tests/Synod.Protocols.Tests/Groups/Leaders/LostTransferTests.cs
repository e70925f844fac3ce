using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>Thesis §3.10: leadership transfers to a member that will not lead.</summary>
public abstract class LostTransferTests
{
    private static readonly LeaderOptions Options = new RaftOptions();
    private static readonly TransferOrder ToFirst = TransferOrder.To(new Member(1));

    private protected abstract LeaderDialect Dialect { get; }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_target_that_is_not_connected_is_unresponsive_at_once()
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene());
        leader.PeerDown(1);

        Assert.Equal(["transfer q7 Unresponsive"], leader.Transfer(7, ToFirst));
        AssertServes(leader);
    }

    [Theory]
    [InlineData(KernelHealth.Damaged)]
    [InlineData(KernelHealth.Voiceless)]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_target_that_is_damaged_is_unresponsive_at_once(KernelHealth health)
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene());
        leader.Receive(1, Dialect.Damaged(1, health));

        Assert.Equal(["transfer q7 Unresponsive"], leader.Transfer(7, ToFirst));
        AssertServes(leader);
    }

    // Before it was asked to campaign, and after: then what was asked is over as well.
    [Theory]
    [InlineData(KernelHealth.Damaged, false)]
    [InlineData(KernelHealth.Voiceless, false)]
    [InlineData(KernelHealth.Damaged, true)]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    [Rule(LeaderRules.TransferIsOver)]
    public void A_target_that_is_damaged_on_the_way_ends_the_transfer(
        KernelHealth health, bool isAsked)
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene());
        if (!isAsked)
            leader.Propose(6, "a");
        leader.Transfer(7, ToFirst);
        string[] asked = leader.Settle();

        Assert.Equal(isAsked, asked.Any(static line => line.Contains("TimeoutNow")));
        string[] lines = leader.Receive(1, Dialect.Damaged(1, health));
        Assert.Equal("transfer q7 Unresponsive", lines[0]);
        Assert.Equal(isAsked ? 2 : 0, lines.Count(static line => line.Contains("transfers over")));
        AssertServes(leader);
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_connection_that_breaks_on_the_way_ends_the_transfer()
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene());
        leader.Propose(6, "a");
        leader.Transfer(7, ToFirst);
        leader.Settle();

        Assert.Equal(["transfer q7 Unresponsive"], leader.PeerDown(1));
        AssertServes(leader);
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_target_that_does_nothing_is_unresponsive_after_an_election_timeout()
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene());
        Instant begun = leader.Now;
        leader.Transfer(7, ToFirst);
        leader.Settle();

        List<string> lines = [];
        while (!lines.Contains("transfer q7 Unresponsive"))
        {
            lines = [.. leader.WakeWhenDue()];
            leader.Receive(2, Dialect.Accepted(1));
        }

        Assert.Equal(Options.ElectionTimeout, leader.Now - begun);
        AssertServes(leader);
    }

    private static void AssertServes(GroupMember leader) =>
        Assert.StartsWith(
            "persist", Assert.Single(leader.Propose(8, "a")), StringComparison.Ordinal);
}
