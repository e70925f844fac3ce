using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Safety §7 and protocols §3.1: a full disk and a slow majority.</summary>
public class BackPressureTests
{
    [Theory]
    [InlineData(StoragePressure.High)]
    [InlineData(StoragePressure.Full)]
    [Rule(LeaderRules.StorageReserve)]
    public void In_the_reserve_a_leader_takes_no_commands_but_reads(StoragePressure pressure)
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Pressure(pressure);

        Assert.Equal(["reject q7 StorageFull"], leader.Propose(7, "a"));
        leader.Read(8);
        Assert.Equal(2, leader.Settle().Length);
        leader.Pressure(StoragePressure.None);
        Assert.Equal(["persist r3 entry i2 t1 Command [+0,1]"], leader.Propose(9, "a"));
    }

    [Fact]
    [Rule(LeaderRules.StorageReserve)]
    public void In_the_reserve_votes_and_terms_go_on()
    {
        RaftMember voter = RaftMember.Of(0, 3);
        voter.Pressure(StoragePressure.Full);

        Assert.Equal(
            "send {m1} VoteReply t1 granted gate r2",
            voter.Receive(1, RaftFrames.RequestVote(1))[^1]);
    }

    [Fact]
    [Rule(LeaderRules.StorageReserve)]
    public void A_follower_whose_reserve_is_begun_still_takes_entries()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Pressure(StoragePressure.High);

        Assert.Equal(["persist r3 entry i2 t1 Command [+83,1]"], follower.Receive(0, Next));
    }

    [Fact]
    [Rule(LeaderRules.StorageReserve)]
    public void A_follower_whose_reserve_is_used_takes_no_entries_and_answers_heartbeats()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Pressure(StoragePressure.Full);

        Assert.Equal([], follower.Receive(0, Next));
        Assert.Equal([], follower.Settle());
        follower.Receive(0, new Append(1) { After = (1, 1) }.Frame());
        Assert.Equal(
            ["send {m0} AppendReply t1 accepted i1 round 0 gate r2"], follower.Settle());
    }

    [Fact]
    [Rule(RaftRules.NoOpPassesFull)]
    public void A_follower_whose_reserve_is_used_takes_the_no_op_of_a_new_leader()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Pressure(StoragePressure.Full);

        string[] lines = follower.Receive(
            2, new Append(2) { After = (1, 1), Entries = [(2, null), (2, "b")] }.Frame());

        Assert.Contains("persist r4 entry i2 t2 NoOp", lines);
        Assert.Equal(["i1 t1", "i2 t2"], follower.LogTerms());
        follower.Receive(2, new Append(2) { After = (2, 2) }.Frame());
        Assert.Equal(
            ["send {m2} AppendReply t2 accepted i2 round 0 gate r4"], follower.Settle());
    }

    [Fact]
    [Rule(LeaderRules.StorageReserve)]
    public void A_no_op_behind_a_command_that_has_no_room_has_none_either()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Pressure(StoragePressure.Full);

        follower.Receive(
            2, new Append(2) { After = (1, 1), Entries = [(1, "b"), (2, null)] }.Frame());

        Assert.Equal(["i1 t1"], follower.LogTerms());
    }

    [Fact]
    [Rule(RaftRules.UncommittedIsBounded)]
    public void Beyond_the_bound_of_uncommitted_bytes_commands_are_refused()
    {
        RaftMember leader = RaftScenes.Leader(3, new RaftOptions { UncommittedBytesMax = 133 });
        leader.Propose(1, "abc");

        Assert.Equal(["reject q2 Overloaded"], leader.Propose(2, "abc"));
        Assert.Equal(["persist r4 entry i3 t1 Command [+0,2]"], leader.Propose(3, "ab"));
        Assert.Equal(["reject q4 Overloaded"], leader.Propose(4, "a"));

        leader.Persisted();
        leader.Receive(1, RaftFrames.Accepted(1, index: 2));
        Assert.Equal(["persist r5 entry i4 t1 Command [+0,3]"], leader.Propose(5, "abc"));
    }

    [Fact]
    [Rule(RaftRules.UncommittedIsBounded)]
    public void One_command_larger_than_the_bound_passes_when_nothing_waits()
    {
        RaftMember leader = RaftScenes.Leader(3, new RaftOptions { UncommittedBytesMax = 2 });

        Assert.Equal(["persist r3 entry i2 t1 Command [+0,3]"], leader.Propose(1, "abc"));
        Assert.Equal(["reject q2 Overloaded"], leader.Propose(2, "a"));
    }

    private static byte[] Next => new Append(1) { After = (1, 1), Entries = [(1, "b")] }.Frame();
}
