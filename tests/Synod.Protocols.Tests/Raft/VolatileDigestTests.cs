using Synod.Kernel;

namespace Synod.Protocols.Tests.Raft;

/// <summary>What a search takes for the same state, and what it tells apart.</summary>
public class VolatileDigestTests
{
    [Fact]
    public void A_time_counts_only_as_what_it_decides_now()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        ulong before = DigestOf(follower);

        follower.Now += TimeSpan.FromMilliseconds(499);
        Assert.Equal(before, DigestOf(follower));

        follower.Now += TimeSpan.FromMilliseconds(1);
        Assert.NotEqual(before, DigestOf(follower));
    }

    [Fact]
    public void What_dies_with_a_life_is_told_apart()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        ulong before = DigestOf(follower);
        follower.Receive(0, new Append(1) { After = (1, 1), Commit = 1 }.Frame());
        follower.Settle();

        Assert.NotEqual(before, DigestOf(follower));
    }

    [Fact]
    public void What_a_leader_knows_of_others_is_told_apart()
    {
        RaftMember leader = RaftScenes.Leader(5);
        leader.Propose(1, "a");
        leader.Settle();
        ulong before = DigestOf(leader);

        leader.Receive(1, RaftFrames.Accepted(1, index: 2));

        Assert.NotEqual(before, DigestOf(leader));
    }

    [Fact]
    public void Votes_are_told_apart()
    {
        RaftMember candidate = RaftScenes.Candidate(5);
        candidate.Persisted();
        ulong before = DigestOf(candidate);

        candidate.Receive(1, RaftFrames.Vote(1));

        Assert.NotEqual(before, DigestOf(candidate));
    }

    private static ulong DigestOf(RaftMember member)
    {
        StateHash hash = default;
        member.Kernel.DigestVolatile(new Turn(member.Now), ref hash);
        return hash.Value;
    }
}
