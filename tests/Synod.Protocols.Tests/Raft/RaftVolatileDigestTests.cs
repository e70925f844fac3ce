using Synod.Protocols.Tests.Groups.Leaders;

namespace Synod.Protocols.Tests.Raft;

/// <summary>What a search tells apart of Raft.</summary>
public sealed class RaftVolatileDigestTests : VolatileDigestTests
{
    private protected override LeaderDialect Dialect { get; } = new RaftLeaderTests.Words();

    [Fact]
    public void Votes_are_told_apart()
    {
        RaftMember candidate = RaftScenes.Candidate(5);
        candidate.Persisted();
        ulong before = DigestOf(candidate);

        candidate.Receive(1, RaftFrames.Vote(1));

        Assert.NotEqual(before, DigestOf(candidate));
    }
}
