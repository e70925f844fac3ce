using Synod.Kernel;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>What a search takes for the same state, and what it tells apart.</summary>
public class VolatileDigestTests
{
    [Fact]
    public void A_time_counts_only_as_what_it_decides_now()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"));
        ulong before = DigestOf(follower);

        follower.Now += TimeSpan.FromMilliseconds(499);
        Assert.Equal(before, DigestOf(follower));

        follower.Now += TimeSpan.FromMilliseconds(1);
        Assert.NotEqual(before, DigestOf(follower));
    }

    [Fact]
    public void What_dies_with_a_life_is_told_apart()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"));
        ulong before = DigestOf(follower);
        follower.Receive(0, new Proposal(First) { First = 2, Chosen = 1, Last = 1 }.Frame());
        follower.Settle();

        Assert.NotEqual(before, DigestOf(follower));
    }

    [Fact]
    public void What_a_leader_knows_of_others_is_told_apart()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(5);
        leader.Propose(1, "a");
        leader.Settle();
        ulong before = DigestOf(leader);

        leader.Receive(1, MultiPaxosFrames.Accepted(First, through: 2));

        Assert.NotEqual(before, DigestOf(leader));
    }

    [Fact]
    public void Promises_are_told_apart()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(5);
        candidate.Persisted();
        ulong before = DigestOf(candidate);

        candidate.Receive(1, MultiPaxosFrames.Promise(First));

        Assert.NotEqual(before, DigestOf(candidate));
    }

    [Fact]
    public void A_page_of_a_promise_is_told_apart()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(5);
        ulong before = DigestOf(candidate);
        Report page = new(First) { Last = 2, Slots = [new Told(MultiPaxosFrames.B(0, 1), "a")] };
        candidate.Receive(1, page.Frame());

        Assert.NotEqual(before, DigestOf(candidate));
    }

    [Fact]
    public void What_a_refusal_named_is_told_apart()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"));
        ulong before = DigestOf(follower);
        follower.Receive(2, MultiPaxosFrames.Nack(MultiPaxosFrames.B(9, 2)));

        Assert.NotEqual(before, DigestOf(follower));
    }

    private static Ballot First => MultiPaxosScenes.First;

    private static ulong DigestOf(MultiPaxosMember member)
    {
        StateHash hash = default;
        member.Kernel.DigestVolatile(new Turn(member.Now), ref hash);
        return hash.Value;
    }
}
