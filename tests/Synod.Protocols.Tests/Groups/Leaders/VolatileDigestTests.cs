using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>What a search takes for the same state, and what it tells apart.</summary>
public abstract class VolatileDigestTests
{
    private protected abstract LeaderDialect Dialect { get; }

    [Fact]
    public void A_time_counts_only_as_what_it_decides_now()
    {
        GroupMember follower = Dialect.Follower(new LeaderScene());
        ulong before = DigestOf(follower);

        follower.Now += TimeSpan.FromMilliseconds(499);
        Assert.Equal(before, DigestOf(follower));

        follower.Now += TimeSpan.FromMilliseconds(1);
        Assert.NotEqual(before, DigestOf(follower));
    }

    [Fact]
    public void What_dies_with_a_life_is_told_apart()
    {
        GroupMember follower = Dialect.Follower(new LeaderScene());
        ulong before = DigestOf(follower);
        follower.Receive(0, Dialect.Heartbeat(committed: 1));
        follower.Settle();

        Assert.NotEqual(before, DigestOf(follower));
    }

    [Fact]
    public void What_a_leader_knows_of_others_is_told_apart()
    {
        GroupMember leader = Dialect.Leader(5, new LeaderScene());
        leader.Propose(1, "a");
        leader.Settle();
        ulong before = DigestOf(leader);

        leader.Receive(1, Dialect.Accepted(2));

        Assert.NotEqual(before, DigestOf(leader));
    }

    private protected static ulong DigestOf(GroupMember member)
    {
        StateHash hash = default;
        member.Kernel.DigestVolatile(new Turn(member.Now), ref hash);
        return hash.Value;
    }
}
