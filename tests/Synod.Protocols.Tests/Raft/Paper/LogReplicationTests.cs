using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>§5.3: log replication.</summary>
public class LogReplicationTests
{
    [Fact]
    [Rule(RaftRules.LeaderAppendOnly)]
    [Rule(RaftRules.OwnTermCommits)]
    public void A_command_is_appended_replicated_and_delivered_when_a_majority_has_it()
    {
        RaftMember leader = RaftScenes.Leader(3);

        Assert.Equal(["persist r3 entry i2 t1 Command [+0,3]"], leader.Propose(7, "abc"));
        Assert.Equal(
            [
                "send {m1,m2} AppendEntries t1 after i1 t1 commit i1 round 0 entries 1"
                + " [r3+19,3] at once",
            ],
            leader.Settle());
        Assert.Equal([], leader.Persisted());
        Assert.Equal(
            ["deliver [r3+19,3] for q7 gate r3"],
            leader.Receive(2, RaftFrames.Accepted(1, index: 2)));
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 2)));
    }

    [Fact]
    [Rule(RaftRules.LeaderAppendOnly)]
    public void Commands_of_one_turn_leave_in_one_message()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(7, "a");
        leader.Propose(8, "bc");

        Assert.Equal(
            [
                "send {m1,m2} AppendEntries t1 after i1 t1 commit i1 round 0 entries 2"
                + " [r3+19,1] [r4+19,2] at once",
            ],
            leader.Settle());
        Assert.Equal([], leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.LogMatching)]
    public void A_follower_stores_entries_behind_one_of_equal_index_and_term()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        byte[] append = new Append(1) { After = (1, 1), Entries = [(1, "b"), (1, null)] }.Frame();

        Assert.Equal(
            [
                "persist r3 entry i2 t1 Command [+96,1]",
                "persist r4 entry i3 t1 NoOp",
            ],
            follower.Receive(0, append));
        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i3 round 0 gate r4"], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.LogMatching)]
    [Rule(RaftRules.ConflictHints)]
    public void A_follower_refuses_entries_behind_one_it_does_not_have()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"), (3, "c"));

        Assert.Equal(
            ["send {m0} AppendReply t3 refused i9 hint i3 t3 round 4 gate r4"],
            follower.Receive(0, new Append(3) { After = (9, 3), Round = 4 }.Frame()));
        Assert.Equal([], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.ConflictHints)]
    public void A_refusal_skips_all_entries_of_terms_that_the_leader_cannot_have()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (3, "b"), (3, "c"), (3, "d"));

        Assert.Equal(
            [
                "persist r6 vote t4 for nobody",
                "role Following t4 leader m2",
                "role Following t4 leader m2",
                "send {m2} AppendReply t4 refused i4 hint i1 t1 round 0 gate r6",
            ],
            follower.Receive(2, new Append(4) { After = (4, 2) }.Frame()));
    }

    [Fact]
    [Rule(RaftRules.ConflictCutsTail)]
    [Feature("C07")]
    public void A_conflicting_entry_goes_with_all_that_follow_it()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (2, "b"), (2, "c"), (2, "d"));
        byte[] append = new Append(3) { After = (1, 1), Entries = [(3, "x")] }.Frame();
        follower.Receive(2, append);

        Assert.Equal(["i1 t1", "i2 t3"], follower.LogTerms());
        Assert.Equal(
            ["send {m2} AppendReply t3 accepted i2 round 0 gate r7"], follower.Settle());

        follower.Persisted();
        follower.Crash();
        follower.Restart();
        Assert.Equal(["i1 t1", "i2 t3"], follower.LogTerms());
    }

    [Fact]
    [Rule(RaftRules.ConflictCutsTail)]
    public void An_old_or_shorter_message_cuts_nothing()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"), (1, "c"));

        Assert.Equal([], follower.Receive(0, new Append(1) { Entries = [(1, "a")] }.Frame()));
        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i1 round 0 gate r4"], follower.Settle());
        Assert.Equal(["i1 t1", "i2 t1", "i3 t1"], follower.LogTerms());
    }

    [Fact]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void An_answer_proves_the_entries_of_its_request_and_no_others()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"), (1, "c"));

        follower.Receive(0, new Append(1) { After = (1, 1) }.Frame());

        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i1 round 0 gate r4"], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void Requests_of_one_turn_have_one_answer()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Receive(0, new Append(1) { After = (1, 1), Entries = [(1, "b")] }.Frame());
        follower.Receive(0, new Append(1) { After = (2, 1), Round = 3 }.Frame());
        follower.Receive(0, new Append(1) { After = (1, 1), Round = 2 }.Frame());

        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i2 round 3 gate r3"], follower.Settle());
        Assert.Equal([], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    [Rule(RaftRules.TermsGrow)]
    public void An_answer_that_is_owed_to_a_former_leader_is_not_given_to_the_next()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Receive(0, new Append(1) { After = (1, 1), Entries = [(1, "b")] }.Frame());
        string[] lines = follower.Receive(2, new Append(2) { After = (9, 2) }.Frame());

        Assert.Equal("send {m2} AppendReply t2 refused i9 hint i2 t1 round 0 gate r4", lines[^1]);
        Assert.Equal([], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.FollowerCommits)]
    [Rule(RaftRules.AppliedInOrder)]
    public void A_follower_delivers_up_to_the_leaders_commit_index()
    {
        RaftMember follower = RaftScenes.Follower((1, null), (1, "b"), (1, "c"));

        Assert.Equal(
            ["deliver [r3+19,1] gate r3"],
            follower.Receive(0, new Append(1) { After = (3, 1), Commit = 2 }.Frame()));
        Assert.Equal(
            ["deliver [r4+19,1] gate r4"],
            follower.Receive(0, new Append(1) { After = (3, 1), Commit = 3 }.Frame()));
        Assert.Equal(
            [], follower.Receive(0, new Append(1) { After = (3, 1), Commit = 1 }.Frame()));
    }

    [Fact]
    [Rule(RaftRules.CommittedStays)]
    public void An_entry_that_conflicts_with_a_committed_one_is_a_lie()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"));
        follower.Receive(0, new Append(1) { After = (2, 1), Commit = 1 }.Frame());
        follower.Settle();
        string[] lines =
            follower.Receive(0, new Append(2) { Entries = [(2, "x"), (2, "y")] }.Frame());

        Assert.Equal($"violated by m0: {RaftRules.CommittedStays}", lines[^1]);
        Assert.Equal([], follower.Settle());
        Assert.Equal(["i1 t1", "i2 t1"], follower.LogTerms());
    }

    [Fact]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void An_answer_for_entries_that_do_not_exist_is_a_lie()
    {
        RaftMember leader = RaftScenes.Leader(3);
        string violated = $"violated by m1: {RaftRules.AcceptProvesItsEntries}";

        Assert.Equal([violated], leader.Receive(1, RaftFrames.Accepted(1, index: 2)));
        Assert.Equal([violated], leader.Receive(1, RaftFrames.Accepted(1, index: 1, round: 1)));
    }

    [Fact]
    [Rule(RaftRules.CheckQuorum)]
    public void A_leader_is_heard_by_all_at_every_interval()
    {
        RaftMember leader = RaftScenes.Leader(3);
        Instant before = leader.Now;
        string[] beats = leader.WakeWhenDue();

        Assert.Equal(new RaftOptions().HeartbeatInterval, leader.Now - before);
        Assert.Equal(
            [
                "send {m1} AppendEntries t1 after i1 t1 commit i1 round 0 entries 0 at once",
                "send {m2} AppendEntries t1 after i1 t1 commit i1 round 0 entries 0 at once",
            ],
            beats);
    }

    // What was acknowledged in an older term may have been overwritten since (trap 5).
    [Fact]
    [Rule(RaftRules.AcceptProvesItsEntries)]
    public void What_a_follower_has_acknowledged_in_an_older_reign_counts_for_nothing()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Receive(2, RaftFrames.Vote(2, isGranted: false));
        leader.WakeWhenDue();
        leader.Receive(2, RaftFrames.Promise(3));
        leader.Persisted();
        leader.Receive(2, RaftFrames.Vote(3));
        leader.Persisted();

        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 2)));
        Assert.Equal(1, leader.Kernel.Status.Committed);
        leader.Receive(1, RaftFrames.Accepted(3, index: 2));
        Assert.Equal(2, leader.Kernel.Status.Committed);
    }
}
