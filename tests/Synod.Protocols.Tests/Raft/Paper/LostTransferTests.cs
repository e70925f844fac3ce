using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Thesis §3.10: leadership transfers to a member that will not lead.</summary>
public class LostTransferTests
{
    private static readonly RaftOptions Options = new();
    private static readonly TransferOrder ToFirst = TransferOrder.To(new Member(1));

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_target_that_is_not_connected_is_unresponsive_at_once()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.PeerDown(1);

        Assert.Equal(["transfer q7 Unresponsive"], leader.Transfer(7, ToFirst));
        Assert.Equal(["persist r3 entry i2 t1 Command [+0,1]"], leader.Propose(8, "a"));
    }

    [Theory]
    [InlineData(KernelHealth.Damaged)]
    [InlineData(KernelHealth.Voiceless)]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_target_that_is_damaged_is_unresponsive_at_once(KernelHealth health)
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Receive(1, RaftFrames.Accepted(1, 1, (5, health)));

        Assert.Equal(["transfer q7 Unresponsive"], leader.Transfer(7, ToFirst));
        Assert.Equal(["persist r3 entry i2 t1 Command [+0,1]"], leader.Propose(8, "a"));
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
        RaftMember leader = RaftScenes.Leader(3);
        if (!isAsked)
            leader.Propose(6, "a");
        leader.Transfer(7, ToFirst);
        string[] asked = leader.Settle();

        Assert.Equal(isAsked, asked.Any(static line => line.Contains("TimeoutNow")));
        string[] lines = leader.Receive(1, RaftFrames.Accepted(1, 1, (5, health)));
        Assert.Equal("transfer q7 Unresponsive", lines[0]);
        Assert.Equal(isAsked ? 2 : 0, lines.Count(static line => line.Contains("transfers over")));
        Assert.StartsWith("persist", leader.Propose(8, "a")[0]);
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_connection_that_breaks_on_the_way_ends_the_transfer()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(6, "a");
        leader.Transfer(7, ToFirst);
        leader.Settle();

        Assert.Equal(["transfer q7 Unresponsive"], leader.PeerDown(1));
        Assert.Equal(["persist r4 entry i3 t1 Command [+0,1]"], leader.Propose(8, "a"));
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferEnds)]
    public void A_target_that_does_nothing_is_unresponsive_after_an_election_timeout()
    {
        RaftMember leader = RaftScenes.Leader(3);
        Instant begun = leader.Now;
        leader.Transfer(7, ToFirst);
        leader.Settle();

        List<string> lines = [];
        while (!lines.Contains("transfer q7 Unresponsive"))
        {
            lines = [.. leader.WakeWhenDue()];
            leader.Receive(2, RaftFrames.Accepted(1, index: 1));
        }

        Assert.Equal(Options.ElectionTimeout, leader.Now - begun);
        Assert.Equal(["persist r3 entry i2 t1 Command [+0,1]"], leader.Propose(8, "a"));
    }
}
