using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Regressions;

/// <summary>A killed leader was missed only after an election timeout, because its last frame was
/// read after the news that its connection was down.</summary>
public class LateFrameTests
{
    [Fact]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void A_late_frame_of_a_dead_leader_does_not_make_it_heard_again()
    {
        RaftOptions options = new();
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.PeerDown(0);

        follower.Receive(0, new Append(1) { After = (1, 1) }.Frame());

        Assert.True(follower.Due - follower.Now < options.CampaignDelay);
        string[] lines = follower.Receive(2, RaftFrames.PreVote(2, lastIndex: 1, lastTerm: 1));
        Assert.Contains("PreVoteReply t2 granted", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Rule(LeaderRules.BrokenConnectionIsNews)]
    public void A_late_frame_of_a_dead_leader_does_not_postpone_the_campaign_that_has_begun()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.PeerDown(0);
        follower.WakeWhenDue();
        Instant due = follower.Due;

        follower.Receive(0, new Append(1) { After = (1, 1) }.Frame());

        Assert.Equal(due, follower.Due);
    }
}
