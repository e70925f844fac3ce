using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Thesis §3.10: leadership transfer, with override and cancel.</summary>
public class TransferTests
{
    private const string Asks = "send {m1} TimeoutNow t1 last i1 transfer 1 at once";
    private static readonly TransferOrder ToFirst = TransferOrder.To(new Member(1));
    private static readonly TransferOrder ToSecond = TransferOrder.To(new Member(2));

    [Fact]
    [Feature("B16")]
    [Rule(RaftRules.LeadershipTransfer)]
    public void A_target_that_has_all_is_asked_at_once()
    {
        RaftMember leader = RaftScenes.Leader(3);

        Assert.Equal([], leader.Transfer(7, ToFirst));
        Assert.Equal([Asks], leader.Settle());
        Assert.Equal(new Member(1), leader.Kernel.Status.Successor);
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void A_target_is_asked_when_all_is_there_and_committed()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(6, "a");
        leader.Settle();
        leader.Transfer(7, ToFirst);

        Assert.Equal([], leader.Settle());
        Assert.Equal([], leader.Receive(1, RaftFrames.Accepted(1, index: 2)));
        Assert.Equal([], leader.Settle());
        Assert.Equal(["deliver [r3+19,1] for q6 gate r3"], leader.Persisted());
        Assert.Equal(["send {m1} TimeoutNow t1 last i2 transfer 1 at once"], leader.Settle());
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void While_it_hands_over_a_leader_takes_no_command_and_goes_on_reading()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();

        Assert.Equal(["reject q8 Transferring"], leader.Propose(8, "a"));
        leader.Read(9);
        leader.Settle();
        Assert.Equal(
            ["read-ready q9"], leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1)));
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void Who_is_asked_campaigns_without_asking_first()
    {
        RaftMember target = RaftScenes.Follower((1, "a"));

        Assert.Equal(
            [
                "persist r3 vote t2 for m1",
                "role Campaigning t2 leader unknown",
                "send {m0,m2} RequestVote t2 last i1 t1 transfer 1 gate r3",
            ],
            target.Receive(0, RaftFrames.TimeoutNow(1, last: 1, transfer: 1)));
        Assert.Equal([], target.Receive(0, RaftFrames.TimeoutNow(1, last: 1, transfer: 1)));
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    [Rule(RaftRules.LeaderIsHeard)]
    public void A_follower_that_hears_its_leader_votes_for_who_the_leader_has_asked()
    {
        RaftMember voter = RaftScenes.Follower((1, "a"));

        Assert.Equal([], voter.Receive(2, RaftFrames.RequestVote(2, 1, 1)));
        Assert.Equal(
            [
                "persist r3 vote t2 for nobody",
                "role Following t2 leader unknown",
                "persist r4 vote t2 for m2",
                "send {m2} VoteReply t2 granted gate r4",
            ],
            voter.Receive(2, RaftFrames.RequestVote(2, 1, 1, transfer: 1)));
    }

    [Fact]
    [Feature("B16")]
    [Rule(RaftRules.LeadershipTransfer)]
    public void The_former_leader_follows_the_target_and_says_so()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();

        Assert.Equal(
            [
                "persist r3 vote t2 for nobody",
                "role Following t2 leader unknown",
                "persist r4 vote t2 for m1",
                "send {m1} VoteReply t2 granted gate r4",
            ],
            leader.Receive(1, RaftFrames.RequestVote(2, 1, 1, transfer: 1)));
        Assert.Equal(
            ["transfer q7 Done", "role Following t2 leader m1"],
            leader.Receive(1, new Append(2) { After = (1, 1) }.Frame()));
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void That_another_than_the_target_leads_is_said()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();

        string[] lines = leader.Receive(2, new Append(2) { After = (1, 1) }.Frame());

        Assert.Contains("transfer q7 OtherLeads", lines);
    }

    [Fact]
    [Rule(LeaderRules.TransferEnds)]
    public void That_nobody_is_known_to_lead_in_time_is_unknown()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();
        leader.Receive(1, RaftFrames.RequestVote(2, 1, 1, transfer: 1));

        List<string> lines = [];
        for (int wake = 0; wake < 10 && !lines.Contains("abandon q7"); wake++)
            lines.AddRange(leader.WakeWhenDue());

        Assert.Contains("abandon q7", lines);
        Assert.DoesNotContain(
            lines.Concat(leader.Receive(1, new Append(2) { After = (1, 1) }.Frame())),
            static line => line.StartsWith("transfer", StringComparison.Ordinal));
    }

    [Fact]
    [Rule(RaftRules.LeadershipTransfer)]
    public void A_request_to_campaign_that_is_lost_goes_with_the_next_heartbeat()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();

        Assert.Contains(Asks, leader.WakeWhenDue());
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferIsOver)]
    public void A_later_call_wins()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();

        string over = "AppendEntries t1 after i1 t1 commit i1 round 1 entries 0 transfers over 1";
        Assert.Equal(
            [
                "transfer q7 Overridden",
                $"send {{m1}} {over} at once",
                $"send {{m2}} {over} at once",
            ],
            leader.Transfer(8, ToSecond));
        Assert.Equal(["send {m2} TimeoutNow t1 last i1 transfer 2 at once"], leader.Settle());
        Assert.Equal([], leader.Receive(1, RaftFrames.RequestVote(2, 1, 1, transfer: 1)));
        Assert.Contains(
            "send {m2} VoteReply t2 granted gate r4",
            leader.Receive(2, RaftFrames.RequestVote(2, 1, 1, transfer: 2)));
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferIsOver)]
    public void A_cancel_before_the_target_was_asked_is_certain_at_once()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Propose(6, "a");
        leader.Transfer(7, ToFirst);
        leader.Settle();

        Assert.Equal(
            ["transfer q7 Cancelled", "transfer q8 Cancelled"],
            leader.Transfer(8, TransferOrder.Cancel));
        Assert.Equal(["persist r4 entry i3 t1 Command [+0,1]"], leader.Propose(9, "b"));
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferIsOver)]
    public void A_cancel_after_the_target_was_asked_waits_for_a_majority_and_serves_at_once()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();

        string[] lines = leader.Transfer(8, TransferOrder.Cancel);

        Assert.Equal("transfer q7 Cancelled", lines[0]);
        Assert.DoesNotContain("transfer q8 Cancelled", lines);
        Assert.Equal(["persist r3 entry i2 t1 Command [+0,1]"], leader.Propose(9, "b"));
        Assert.Equal([], leader.Receive(1, RaftFrames.RequestVote(2, 1, 1, transfer: 1)));
        Assert.Equal(
            ["transfer q8 Cancelled"],
            leader.Receive(2, RaftFrames.Accepted(1, index: 1, round: 1)));
    }

    [Fact]
    [Rule(LeaderRules.TransferIsOver)]
    public void A_cancel_that_comes_too_late_says_so()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);
        leader.Settle();
        leader.Transfer(8, TransferOrder.Cancel);

        string[] lines = leader.Receive(1, RaftFrames.Refused(2, index: 0, hint: (0, 0)));

        Assert.Contains("transfer q8 NotLeader", lines);
        Assert.Equal(["transfer q9 NotLeader"], leader.Transfer(9, TransferOrder.Cancel));
    }

    [Fact]
    [Rule(LeaderRules.TransferIsOver)]
    public void Nobody_goes_by_a_transfer_that_is_known_to_be_over()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Receive(0, new Append(1) { After = (1, 1), TransfersOver = 1 }.Frame());
        follower.Settle();

        Assert.Equal([], follower.Receive(0, RaftFrames.TimeoutNow(1, last: 1, transfer: 1)));
        Assert.Equal([], follower.Receive(2, RaftFrames.RequestVote(2, 1, 1, transfer: 1)));
        Assert.NotEmpty(follower.Receive(2, RaftFrames.RequestVote(2, 1, 1, transfer: 2)));
    }

    [Fact]
    [Rule(LeaderRules.TransferIsOver)]
    public void What_is_over_in_one_term_is_nothing_in_the_next()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));
        follower.Receive(0, new Append(1) { After = (1, 1), TransfersOver = 3 }.Frame());
        follower.Receive(2, new Append(2) { After = (1, 1) }.Frame());
        follower.Settle();

        Assert.NotEmpty(follower.Receive(2, RaftFrames.TimeoutNow(2, last: 1, transfer: 1)));
    }

    [Fact]
    [Rule(LeaderRules.TransferIsOver)]
    public void A_request_to_campaign_of_another_term_or_of_nobody_known_is_ignored()
    {
        RaftMember follower = RaftScenes.Follower((2, "a"));

        Assert.Equal([], follower.Receive(0, RaftFrames.TimeoutNow(1, last: 1, transfer: 1)));
        Assert.Equal([], follower.Receive(0, RaftFrames.TimeoutNow(3, last: 1, transfer: 1)));
        Assert.Equal([], follower.Receive(2, RaftFrames.TimeoutNow(2, last: 1, transfer: 1)));
        follower.Crash();
        follower.Restart();
        Assert.Equal([], follower.Receive(0, RaftFrames.TimeoutNow(2, last: 1, transfer: 1)));
    }

    [Fact]
    [Rule(RaftRules.TransferVoidsLease)]
    public void The_lease_is_void_from_before_the_target_is_asked()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Transfer(7, ToFirst);

        Assert.False(leader.Lease().IsVoid);
        leader.Settle();
        Assert.True(leader.Lease().IsVoid);
        leader.Transfer(8, TransferOrder.Cancel);
        Assert.True(leader.Lease().IsVoid);
    }

    [Fact]
    [Feature("B16")]
    [Rule(RaftRules.LeadershipTransfer)]
    public void Without_a_target_the_follower_with_most_of_the_log_is_chosen()
    {
        RaftMember leader = RaftScenes.Leader(5);
        leader.Propose(6, "a");
        leader.Settle();
        leader.Receive(3, RaftFrames.Accepted(1, index: 2));
        leader.Receive(4, RaftFrames.Accepted(1, index: 2));
        leader.PeerDown(3);

        Assert.Equal([], leader.Transfer(7, TransferOrder.ToBest));
        Assert.Equal(new Member(4), leader.Kernel.Status.Successor);
    }

    [Fact]
    [Rule(LeaderRules.TransferEnds)]
    public void Alone_there_is_nobody_to_hand_over_to()
    {
        RaftMember alone = RaftScenes.Leader(1);

        Assert.Equal(["transfer q7 Unresponsive"], alone.Transfer(7, TransferOrder.ToBest));
        Assert.Equal(
            ["transfer q8 Done"], alone.Transfer(8, TransferOrder.To(new Member(0))));
        Assert.Equal(["transfer q9 Cancelled"], alone.Transfer(9, TransferOrder.Cancel));
    }

    [Fact]
    [Feature("B16")]
    [Rule(RaftRules.LeadershipTransfer)]
    public void A_group_moves_its_leader_within_two_round_trips()
    {
        RaftGroup group = new(new RaftSetup(3));
        Assert.True(group.RunUntil(() => group.Leader is not null, TimeSpan.FromSeconds(2)));
        RaftMember leader = group.Leader!;
        RaftMember target = group.Members.Last(member => member != leader);
        group.Run(TimeSpan.FromSeconds(1));
        group.Transfer(leader, TransferOrder.To(target.Self));

        Assert.True(group.RunUntil(() => group.Leader == target, group.Delay * 4));
        Assert.Equal(2, group.Protocol.LeaderCount);
    }
}
