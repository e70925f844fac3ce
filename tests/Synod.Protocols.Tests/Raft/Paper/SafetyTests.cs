using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>§5.4 and §8: what makes a committed entry stay.</summary>
public class SafetyTests
{
    [Theory]
    [InlineData(4, 1, false)]
    [InlineData(1, 2, false)]
    [InlineData(2, 2, true)]
    [InlineData(3, 2, true)]
    [InlineData(1, 3, true)]
    [Rule(RaftRules.UpToDateLogWins)]
    public void A_vote_goes_only_to_a_log_that_is_as_up_to_date(
        long lastIndex, long lastTerm, bool isGranted)
    {
        RaftMember voter = RaftScenes.Follower((1, "a"), (2, "b"));
        voter.Now = voter.Due;
        string outcome = isGranted ? "granted" : "refused";
        byte[] preVote = RaftFrames.PreVote(4, lastIndex, lastTerm);
        string[] preVoteLines = voter.Receive(2, preVote);
        string[] voteLines = voter.Receive(2, RaftFrames.RequestVote(4, lastIndex, lastTerm));

        string term = isGranted ? "t4" : "t2";
        Assert.Equal([$"send {{m2}} PreVoteReply {term} {outcome} gate r3"], preVoteLines);
        Assert.StartsWith($"send {{m2}} VoteReply t4 {outcome}", voteLines[^1], Ordinal);
        Assert.Equal(isGranted, voter.Kernel.State.VotedFor == new Member(2));
    }

    // Figure 8 (c): an entry of t2 on a majority is not committed by the leader of t4 …
    [Fact]
    [Rule(RaftRules.OwnTermCommits)]
    public void An_entry_of_an_older_term_is_not_committed_by_counting()
    {
        RaftMember leader = LeaderOfTerm4();

        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(4, index: 2)));
        Assert.Equal([], leader.Receive(2, RaftFrames.Accepted(4, index: 2)));
        Assert.Equal(0, leader.Kernel.Status.Committed);
    }

    // … (e): it is once an entry of t4 is.
    [Fact]
    [Rule(RaftRules.OwnTermCommits)]
    [Rule(RaftRules.NoOpAtElection)]
    public void An_entry_of_an_older_term_is_committed_below_one_of_the_own()
    {
        RaftMember leader = LeaderOfTerm4();
        leader.Receive(1, RaftFrames.Accepted(4, index: 3));

        Assert.Equal(
            ["deliver [r2+19,1] gate r2", "deliver [r3+19,1] gate r3"],
            leader.Receive(2, RaftFrames.Accepted(4, index: 3)));
        Assert.Equal(3, leader.Kernel.Status.Committed);
    }

    [Fact]
    [Rule(RaftRules.NoOpAtElection)]
    [Feature("D04")]
    public void A_new_leader_commits_in_its_term_without_a_client()
    {
        RaftGroup group = new(new RaftSetup(3));
        bool commits = group.RunUntil(
            () => group.Leader is RaftMember leader
                && leader.Kernel.Status.Committed == leader.Kernel.Status.Last
                && leader.Kernel.State.Log.LastTerm == leader.Kernel.State.CurrentTerm,
            TimeSpan.FromSeconds(2));

        Assert.True(commits);
    }

    [Fact]
    [Rule(RaftRules.CommittedStays)]
    public void A_committed_entry_is_in_the_log_of_every_later_leader()
    {
        Seeds.ForEach(20, static random =>
        {
            RaftGroup group = new(new RaftSetup(5) { Seed = random.NextBits() });
            for (int round = 0; round < 6; round++)
            {
                int leaders = group.Protocol.LeaderCount;
                Assert.True(group.RunUntil(() => group.Protocol.LeaderCount > leaders, Soon));
                group.Propose(group.Leader!, new byte[sizeof(long)]);
                group.Run(random.Below(TimeSpan.FromMilliseconds(8)));
                group.Heal();
                group.Isolate(group.Leader!);
            }

            group.Heal();
            group.Propose(group.Leader!, new byte[sizeof(long)]);
            Assert.True(group.RunUntil(() => group.Audit.OpenCount == 0, Soon));
        });
    }

    private static TimeSpan Soon => TimeSpan.FromSeconds(5);

    private static StringComparison Ordinal => StringComparison.Ordinal;

    // m0 of five; i1 of t1 and i2 of t2 from others; elected in t4 by m1 and m2; its no-op is i3.
    private static RaftMember LeaderOfTerm4()
    {
        RaftMember leader = RaftMember.Of(0, 5);
        leader.Receive(1, new Append(2) { Entries = [(1, "a"), (2, "b")] }.Frame());
        leader.Persisted();
        leader.Receive(1, RaftFrames.Vote(3, isGranted: false));
        leader.WakeWhenDue();
        leader.Receive(1, RaftFrames.Promise(4));
        leader.Receive(2, RaftFrames.Promise(4));
        leader.Persisted();
        leader.Receive(1, RaftFrames.Vote(4));
        leader.Receive(2, RaftFrames.Vote(4));
        leader.Settle();
        leader.Persisted();
        return leader;
    }
}
