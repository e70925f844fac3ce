using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Regressions;

/// <summary>What went wrong in the systems that this one replaces, by the numbers of
/// operations.md.</summary>
public class RivalDefectTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    // 2: a follower threw when the leader's commit index was beyond its own log.
    [Fact]
    [Rule(RaftRules.FollowerCommits)]
    public void A_follower_commits_no_further_than_the_request_proves()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"), (1, "c"));

        Assert.Equal(
            ["deliver [r2+19,1] gate r2", "deliver [r3+19,1] gate r3"],
            follower.Receive(0, new Append(1) { After = (2, 1), Commit = 1000 }.Frame()));
        Assert.Equal(2, follower.Kernel.Status.Committed);
    }

    // 4: the commit index was the median of the answers, not of the members.
    [Fact]
    [Rule(RaftRules.OwnTermCommits)]
    public void Members_that_have_not_answered_count_as_having_nothing()
    {
        RaftMember leader = RaftScenes.NewLeader(5);
        for (int request = 1; request < 100; request++)
            leader.Propose(request, "a");
        leader.Settle();
        leader.Persisted();
        leader.Receive(1, RaftFrames.Accepted(1, index: 100));
        Assert.Equal(0, leader.Kernel.Status.Committed);

        leader.Receive(2, RaftFrames.Accepted(1, index: 40));
        Assert.Equal(40, leader.Kernel.Status.Committed);

        leader.Receive(3, RaftFrames.Accepted(1, index: 100));
        Assert.Equal(100, leader.Kernel.Status.Committed);
    }

    // 5: a member with a newer term and a shorter log stalled elections.
    [Fact]
    [Rule(RaftRules.PreVote)]
    [Rule(RaftRules.TermsGrow)]
    public void A_newer_term_with_a_shorter_log_stalls_nothing()
    {
        RaftGroup group = new(new RaftSetup(3));
        group.Isolate(group.Members[2]);
        Assert.True(group.RunUntil(() => group.Protocol.LeaderCount == 1, Soon));
        group.Propose(group.Leader!, new byte[sizeof(long)]);
        group.Run(TimeSpan.FromSeconds(1));

        group.Members[2].Receive(0, RaftFrames.Vote(50, isGranted: false));
        group.Crash(group.Leader!);
        group.Heal();
        Assert.True(group.RunUntil(() => group.Protocol.LeaderCount == 2, Soon));

        Assert.True(group.Leader!.Kernel.Status.Term > 50);
        Assert.NotSame(group.Members[2], group.Leader);
    }

    // 7, and R45: a follower kept its tail after a conflict, and acknowledged its last index.
    [Fact]
    [Rule(RaftRules.ConflictCutsTail)]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void A_conflict_cuts_the_tail_and_the_answer_proves_what_was_sent()
    {
        RaftMember follower = RaftScenes.Follower(
            [.. Enumerable.Repeat((1L, (string?)"a"), 10), (2, "b"), (2, "c"), (2, "d")]);
        byte[] append = new Append(3) { After = (10, 1), Entries = [(3, "x")] }.Frame();

        Assert.Equal(
            "persist r16 entry i11 t3 Command [+83,1]", follower.Receive(2, append)[^1]);
        Assert.Equal(
            ["send {m2} AppendReply t3 accepted i11 round 0 gate r16"], follower.Settle());
        Assert.Equal(11, follower.Kernel.Status.Last);
    }

    // 10: a new leader answered reads before it had committed in its own term.
    [Fact]
    [Rule(RaftRules.ReadIndex)]
    [Feature("A18")]
    public void The_first_read_of_a_new_leader_sees_all_that_was_acknowledged()
    {
        Seeds.ForEach(20, static random =>
        {
            RaftGroup group = new(new RaftSetup(3) { Seed = random.NextBits() });
            Assert.True(group.RunUntil(() => group.Protocol.LeaderCount == 1, Soon));
            group.Propose(group.Leader!, new byte[sizeof(long)]);
            Assert.True(group.RunUntil(() => group.Audit.AcknowledgedCount == 1, Soon));
            RaftMember former = group.Leader!;
            group.Isolate(former);
            group.Flights.Clear();
            Assert.True(group.RunUntil(() => group.Protocol.LeaderCount == 2, Soon));
            group.Read(group.Leader!);

            Assert.NotSame(former, group.Leader);
            Assert.Equal(0, group.Audit.DeliveredBy(group.Leader!));
            Assert.True(group.RunUntil(() => group.Audit.ReadCount == 1, Soon));
            Assert.Equal(1, group.Audit.DeliveredBy(group.Leader!));
        });
    }
}
