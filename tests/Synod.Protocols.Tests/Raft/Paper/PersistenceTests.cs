using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>§5.6 and thesis §10.2.1: what is durable before what.</summary>
public class PersistenceTests
{
    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_vote_leaves_when_its_record_is_durable()
    {
        RaftMember voter = RaftMember.Of(0, 3);
        string[] lines = voter.Receive(1, RaftFrames.RequestVote(1));

        Assert.Equal("persist r2 vote t1 for m1", lines[^2]);
        Assert.Equal("send {m1} VoteReply t1 granted gate r2", lines[^1]);
    }

    [Fact]
    [Rule(RaftRules.OneVotePerTerm)]
    [Rule(RaftRules.DurableBeforeAnswer)]
    [Feature("C10")]
    public void A_vote_binds_after_a_restart()
    {
        RaftMember voter = RaftMember.Of(0, 3);
        voter.Receive(1, RaftFrames.RequestVote(4));
        voter.Persisted();
        ulong digest = voter.Digest();
        voter.Crash();
        voter.Restart();

        Assert.Equal(digest, voter.Digest());
        Assert.Equal(
            ["send {m2} VoteReply t4 refused gate r2"],
            voter.Receive(2, RaftFrames.RequestVote(4)));
        Assert.Equal(
            ["send {m1} VoteReply t4 granted gate r2"],
            voter.Receive(1, RaftFrames.RequestVote(4)));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    [Feature("C10")]
    public void A_candidate_that_restarts_campaigns_in_a_newer_term()
    {
        RaftMember candidate = RaftScenes.Candidate(3);
        candidate.Persisted();
        candidate.Crash();
        candidate.Restart();

        Assert.Equal(
            [
                "role Campaigning t1 leader unknown",
                "send {m1,m2} PreVote t2 last i0 t0 gate r1",
            ],
            candidate.WakeWhenDue());
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_vote_is_asked_for_when_the_own_is_durable()
    {
        RaftMember candidate = RaftMember.Of(0, 3);
        candidate.WakeWhenDue();

        Assert.Equal(
            [
                "persist r1 vote t1 for m0",
                "role Campaigning t1 leader unknown",
                "send {m1,m2} RequestVote t1 last i0 t0 gate r1",
            ],
            candidate.Receive(1, RaftFrames.Promise(1)));
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void The_own_vote_counts_when_it_is_durable()
    {
        RaftMember candidate = RaftScenes.Candidate(3);

        Assert.Equal([], candidate.SayPersisted());
        Assert.Equal([], candidate.Receive(1, RaftFrames.Vote(1)));
        Assert.Equal(
            ["persist r2 entry i1 t1 NoOp", "role Leading t1 leader m0"],
            candidate.Persisted());
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void An_answer_leaves_when_term_and_entries_are_durable()
    {
        RaftMember follower = RaftMember.Of(1, 3);

        Assert.Equal(
            [
                "persist r1 vote t2 for nobody",
                "role Following t2 leader m0",
                "role Following t2 leader m0",
                "persist r2 entry i1 t2 Command [+83,1]",
            ],
            follower.Receive(0, new Append(2) { Entries = [(2, "a")] }.Frame()));
        Assert.Equal(
            ["send {m0} AppendReply t2 accepted i1 round 0 gate r2"], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void An_answer_to_a_repeated_request_waits_as_well()
    {
        RaftMember follower = RaftMember.Of(1, 3);
        byte[] append = new Append(2) { Entries = [(2, "a")] }.Frame();
        follower.Receive(0, append);
        follower.Settle();
        string[] again = follower.Receive(0, append);

        Assert.Equal([], again);
        Assert.Equal(
            ["send {m0} AppendReply t2 accepted i1 round 0 gate r2"], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.LeaderWritesInParallel)]
    public void A_leader_sends_at_once_and_counts_itself_when_durable()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(7, "a");

        Assert.EndsWith("at once", Assert.Single(leader.Settle()), StringComparison.Ordinal);
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 2)));
        Assert.Equal(["deliver [r3+19,1] for q7 gate r3"], leader.Persisted());
    }

    [Fact]
    [Rule(RaftRules.LeaderWritesInParallel)]
    public void A_majority_of_others_commits_and_the_own_record_still_gates_the_delivery()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(7, "a");
        leader.Settle();
        leader.Receive(1, RaftFrames.Accepted(1, index: 2));

        Assert.Equal(
            ["deliver [r3+19,1] for q7 gate r3"],
            leader.Receive(2, RaftFrames.Accepted(1, index: 2)));
    }

    [Fact]
    [Rule(RaftRules.LeaderWritesInParallel)]
    [Rule(RaftRules.ConflictCutsTail)]
    public void What_was_durable_before_a_cut_does_not_count_for_what_is_appended_after_it()
    {
        RaftMember leader = RaftScenes.Follower((1, "a"), (1, "b"), (1, "c"), (1, "d"));
        leader.Receive(2, new Append(2) { After = (1, 1), Entries = [(2, "x")] }.Frame());
        leader.Persisted();
        leader.WakeWhenDue();
        leader.Receive(0, RaftFrames.Promise(3));
        leader.Persisted();
        leader.Receive(0, RaftFrames.Vote(3));

        Assert.Equal([], leader.Receive(0, RaftFrames.Accepted(3, index: 3)));
        Assert.Equal(2, leader.Persisted().Length);
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void A_restart_rebuilds_what_the_records_say()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (2, "b"), (2, "c"));
        follower.Receive(2, new Append(3) { After = (1, 1), Entries = [(3, "x")] }.Frame());
        ulong digest = follower.Digest();
        follower.Persisted();
        follower.Crash();
        follower.Restart();

        Assert.Equal(digest, follower.Digest());
        Assert.Equal(["i1 t1", "i2 t3"], follower.LogTerms());
        Assert.Equal(
            ["deliver [r2+19,1] gate r2", "deliver [r6+19,1] gate r6"],
            follower.Receive(2, new Append(3) { After = (2, 3), Commit = 2 }.Frame())[1..]);
    }

    // What a disk holds for certain is at all times what a restart would give back.
    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void Records_given_one_by_one_rebuild_the_same()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"), (1, "c"));
        ulong before = RaftMember.DigestOf(follower.OnDisk);
        follower.Receive(2, new Append(2) { After = (1, 1), Entries = [(2, "d")] }.Frame());
        follower.Settle();

        Assert.Equal(before, RaftMember.DigestOf(follower.OnDisk));
        Assert.NotEqual(before, follower.Digest());
        follower.Persisted();
        Assert.Equal(follower.Digest(), RaftMember.DigestOf(follower.OnDisk));
        Assert.Equal(2, follower.OnDisk.Status.Last);
    }

    [Fact]
    [Rule(RaftRules.DurableBeforeAnswer)]
    public void Bytes_that_are_no_record_are_not_recovered()
    {
        byte[][] bodies =
        [
            [],
            [1, 99, 0, 0, 0, 0, 0, 0, 0, 0],
            RaftFrames.RequestVote(1),
            RaftFrames.Encode(new EntryRecord(new LogIndex(2), new Term(1), RaftEntryKind.NoOp)),
            RaftFrames.Encode(new EntryRecord(new LogIndex(1), new Term(2), RaftEntryKind.NoOp)),
            [.. RaftFrames.Encode(new VoteRecord(new Term(1), null)), 0],
        ];

        foreach (byte[] body in bodies)
            Assert.False(RaftMember.Of(0, 3).Kernel.Recover(new RecordNumber(1), body));
    }

    // The commit index is not durable, and need not be (trap 6).
    [Fact]
    [Rule(RaftRules.FollowerCommits)]
    public void A_restarted_member_delivers_nothing_before_it_is_told_what_is_committed()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"), (1, "b"));
        follower.Receive(0, new Append(1) { After = (2, 1), Commit = 2 }.Frame());
        follower.Crash();

        Assert.Equal([], follower.Restart());
        Assert.Equal(0, follower.Kernel.Status.Committed);
        Assert.Equal(
            ["role Following t1 leader m0", "deliver [r2+19,1] gate r2"],
            follower.Receive(0, new Append(1) { After = (2, 1), Commit = 1 }.Frame()));
    }
}
