using Synod.Kernel;
using Synod.Protocols.Tests.Groups.Leaders;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>What a search tells apart of Multi-Paxos.</summary>
public sealed class MultiPaxosVolatileDigestTests : VolatileDigestTests
{
    private protected override LeaderDialect Dialect { get; } = new MultiPaxosLeaderTests.Words();

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
}
