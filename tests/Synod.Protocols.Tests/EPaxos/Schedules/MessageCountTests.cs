using Synod.EPaxos;
using Synod.Kernel;

namespace Synod.Protocols.Tests.EPaxos.Schedules;

/// <summary>What a command costs in a whole group, counted: every message of every round, from its
/// proposal until all have executed it and nothing is on its way.</summary>
public class MessageCountTests
{
    [Theory]
    [InlineData(3, false, 2)]
    [InlineData(5, false, 4)]
    [InlineData(7, false, 6)]
    [InlineData(3, true, 1)]
    [InlineData(5, true, 2)]
    [InlineData(7, true, 4)]
    [Feature("A21")]
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.Thrifty)]
    public void Without_conflicts_a_command_is_decided_in_one_round_trip(
        int members, bool isThrifty, int asked)
    {
        HandSchedule group = Group(members, isThrifty);
        group.Propose(0);

        Assert.Equal($"{asked} PreAccept", group.Round());
        Assert.StartsWith("PreAccepted", group[0].Knows(0, 1), StringComparison.Ordinal);
        Assert.Equal($"{asked} PreAcceptOk", group.Round());
        Assert.EndsWith("executed", group[0].Knows(0, 1), StringComparison.Ordinal);
        Assert.Equal($"{members - 1} Commit", group.Round());
        Assert.Equal("", group.Round());
        Assert.All(
            Enumerable.Range(0, members),
            member => Assert.Equal(
                "Committed", group[member].Knows(0, 1).Split(' ')[0]));
    }

    // All that are asked know of a command that the owner does not know.
    [Theory]
    [InlineData(3, false, 2, 2)]
    [InlineData(5, false, 4, 4)]
    [InlineData(7, false, 6, 6)]
    [InlineData(3, true, 1, 1)]
    [InlineData(5, true, 2, 2)]
    [InlineData(7, true, 4, 3)]
    [Feature("A21")]
    [Rule(EPaxosRules.SlowPath)]
    [Rule(EPaxosRules.Thrifty)]
    public void A_conflict_that_the_owner_does_not_know_takes_two(
        int members, bool isThrifty, int asked, int accepting)
    {
        HandSchedule group = Group(members, isThrifty);
        int other = members - 1;
        group.Propose(other);
        byte[] proposal = group.Group.Flights[0].Frame;
        for (int member = 1; member < other; member++)
        {
            group.Forge(group[other], group[member], proposal);
            group.Finish(group[member]);
        }

        group.LoseAll();
        group.Propose(0);

        Assert.Equal($"{asked} PreAccept", group.Round());
        Assert.Equal($"{asked} PreAcceptOk", group.Round());
        Assert.StartsWith("Accepted", group[0].Knows(0, 1), StringComparison.Ordinal);
        Assert.Equal($"{accepting} Accept", group.Round());
        Assert.Equal($"{accepting} AcceptOk", group.Round());
        Assert.StartsWith("Committed", group[0].Knows(0, 1), StringComparison.Ordinal);
        Assert.Equal($"{members - 1} Commit", group.Round());
    }

    private static HandSchedule Group(int members, bool isThrifty) =>
        new(members, new EPaxosOptions { IsThrifty = isThrifty });
}
