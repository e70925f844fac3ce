using Synod.Hosting;

namespace Synod.Processes.Tests;

/// <summary>The protocols by name.</summary>
public class ProtocolsTests
{
    [Fact]
    public void Two_of_them_have_a_leader_and_two_have_none() => Assert.Equal(
        [("raft", true), ("paxos", true), ("epaxos", false), ("register", false)],
        Protocols.Names.Select(static name => (name, Protocols.HasLeader(name))));

    [Fact]
    public void Of_an_unknown_one_nobody_says_whether_it_has_a_leader()
    {
        ArgumentException refusal =
            Assert.Throws<ArgumentException>(() => Protocols.HasLeader("zab"));

        Assert.Equal("There is no protocol 'zab'.", refusal.Message);
    }
}
