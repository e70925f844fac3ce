using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft.Paper;

/// <summary>Protocols §3.1: a forwarded proposal is sent once, and its loss is unknown.</summary>
public class ForwardingTests
{
    private static readonly RaftOptions Options = new() { ForwardsProposals = true };

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void A_follower_passes_a_command_on_at_once_and_each_with_its_own_tag()
    {
        RaftMember follower = Follower();

        Assert.Equal(
            ["send {m0} Forward t1 life 1.1 f1 [+0,1] at once"], follower.Propose(7, "a"));
        Assert.Equal(
            ["send {m0} Forward t1 life 1.1 f2 [+0,1] at once"], follower.Propose(8, "b"));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void A_leader_appends_what_comes_twice_once_and_says_where()
    {
        RaftMember leader = RaftScenes.Leader(3);

        Assert.Equal(
            [
                "persist r3 entry i2 t1 Command [+30,1]",
                "send {m1} ForwardReply t1 life 1.1 f1 appended i2 at once",
            ],
            leader.Receive(1, RaftFrames.Forward(1, tag: 1, "a")));
        Assert.Equal([], leader.Receive(1, RaftFrames.Forward(1, tag: 1, "a")));
        Assert.NotEmpty(leader.Receive(2, RaftFrames.Forward(1, tag: 1, "b")));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void A_request_ends_when_its_entry_is_delivered_where_it_was_asked()
    {
        RaftMember follower = Follower();
        follower.Propose(7, "a");

        Assert.Equal([], follower.Receive(0, RaftFrames.Forwarded(1, tag: 1, index: 2)));
        Assert.Equal([], follower.Receive(0, RaftFrames.Forwarded(1, tag: 1, index: 2)));
        Append entry = new(1) { After = (1, 1), Entries = [(1, "a")], Commit = 2 };
        Assert.Equal(
            [
                "persist r3 entry i2 t1 Command [+83,1]",
                "deliver [r3+19,1] for q7 gate r3",
            ],
            follower.Receive(0, entry.Frame()));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void What_the_leader_refuses_certainly_never_happens()
    {
        RaftMember leader = RaftScenes.Leader(3);
        leader.Pressure(StoragePressure.High);
        Assert.Equal(
            ["send {m1} ForwardReply t1 life 1.1 f1 refused StorageFull at once"],
            leader.Receive(1, RaftFrames.Forward(1, tag: 1, "a")));
        leader.Pressure(StoragePressure.None);
        Assert.Equal([], leader.Receive(1, RaftFrames.Forward(1, tag: 1, "a")));

        RaftMember follower = Follower();
        follower.Propose(7, "a");
        byte[] refused = RaftFrames.ForwardRefused(1, tag: 1, RejectReason.StorageFull);
        Assert.Equal(["reject q7 StorageFull"], follower.Receive(0, refused));
        Assert.Equal([], follower.Receive(0, refused));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void An_entry_that_was_delivered_before_its_answer_came_is_unknown()
    {
        RaftMember follower = Follower();
        follower.Propose(7, "a");
        Append entry = new(1) { After = (1, 1), Entries = [(1, "a")], Commit = 2 };
        follower.Receive(0, entry.Frame());

        Assert.Equal(
            ["abandon q7"], follower.Receive(0, RaftFrames.Forwarded(1, tag: 1, index: 2)));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void What_is_not_answered_in_time_is_unknown()
    {
        RaftMember follower = Follower();
        Instant asked = follower.Now;
        follower.Propose(7, "a");
        List<string> lines = [];
        while (!lines.Contains("abandon q7"))
        {
            follower.Receive(0, new Append(1) { After = (1, 1) }.Frame());
            lines.AddRange(follower.WakeWhenDue());
        }

        Assert.True(follower.Now - asked <= Options.ElectionTimeout * 2);
        Assert.Equal([], follower.Receive(0, RaftFrames.Forwarded(1, tag: 1, index: 2)));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void Where_the_line_to_the_leader_breaks_only_what_it_has_answered_can_end_well()
    {
        RaftMember follower = Follower();
        follower.Propose(7, "a");
        follower.Propose(8, "b");
        follower.Receive(0, RaftFrames.Forwarded(1, tag: 1, index: 2));

        Assert.Equal(["abandon q8"], follower.PeerDown(0));
        Assert.Equal(["reject q9 NotLeader"], follower.Propose(9, "c"));
        Append entry = new(1) { After = (1, 1), Entries = [(1, "a")], Commit = 2 };
        Assert.Contains(
            "deliver [r3+19,1] for q7 gate r3", follower.Receive(0, entry.Frame()));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void With_the_reign_ends_what_it_has_not_delivered()
    {
        RaftMember follower = Follower();
        follower.Propose(7, "a");
        follower.Propose(8, "b");
        follower.Receive(0, RaftFrames.Forwarded(1, tag: 2, index: 2));

        string[] lines = follower.Receive(2, new Append(2) { After = (1, 1) }.Frame());

        Assert.Equal(["abandon q7", "abandon q8"], lines.Where(IsAbandoned));
        Append other = new(2) { After = (1, 1), Entries = [(2, "c")], Commit = 2 };
        Assert.DoesNotContain(
            follower.Receive(2, other.Frame()),
            static line => line.Contains("for q", StringComparison.Ordinal));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void Nothing_of_another_life_or_term_counts_at_either_end()
    {
        RaftMember leader = RaftScenes.Leader(3);
        Assert.NotEmpty(leader.Receive(1, RaftFrames.Forward(1, tag: 1, "a", life: 2)));
        Assert.Equal([], leader.Receive(1, RaftFrames.Forward(1, tag: 2, "a", life: 1)));
        Assert.Equal([], leader.Receive(1, RaftFrames.Forward(2, tag: 2, "a", life: 2)));
        Assert.NotEmpty(leader.Receive(1, RaftFrames.Forward(1, tag: 1, "a", life: 3)));

        RaftMember follower = Follower();
        follower.Propose(7, "a");
        byte[] old = RaftFrames.ForwardRefused(1, 1, RejectReason.Overloaded, life: 2);
        Assert.Equal([], follower.Receive(0, old));
        byte[] others = RaftFrames.ForwardRefused(1, 1, RejectReason.Overloaded);
        Assert.Equal([], follower.Receive(2, others));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void Who_does_not_lead_says_nothing_since_it_may_have_led()
    {
        RaftMember former = RaftScenes.Leader(3);
        former.Receive(1, RaftFrames.Forward(1, tag: 1, "a"));
        former.Persisted();
        former.Crash();
        former.Restart();

        Assert.Equal([], former.Receive(1, RaftFrames.Forward(1, tag: 1, "a")));
        Assert.Equal([], former.Receive(1, RaftFrames.Forward(1, tag: 2, "b")));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void A_tag_that_is_too_old_to_be_told_apart_is_not_taken()
    {
        ForwardWindow window = new();
        Assert.True(window.TryTake((1, 1), 1));
        Assert.True(window.TryTake((1, 1), 5000));
        Assert.True(window.TryTake((1, 1), 4999));
        Assert.False(window.TryTake((1, 1), 4999));
        Assert.True(window.TryTake((1, 1), 905));
        Assert.False(window.TryTake((1, 1), 904));
        Assert.False(window.TryTake((1, 1), 1));
        Assert.True(window.TryTake((1, 1), long.MaxValue));
        Assert.False(window.TryTake((1, 1), 5001));
        Assert.False(window.TryTake((1, 1), 0));
    }

    [Fact]
    [Rule(RaftRules.UncommittedIsBounded)]
    public void What_a_follower_has_passed_on_is_bounded_and_empty_commands_count()
    {
        RaftMember follower = Follower(Options with { UncommittedBytesMax = 200 });
        for (int request = 1; request <= 3; request++)
            Assert.StartsWith("send {m0} Forward", follower.Propose(request, "")[0]);

        Assert.Equal(["reject q4 Overloaded"], follower.Propose(4, ""));
        byte[] refused = RaftFrames.ForwardRefused(1, tag: 1, RejectReason.Overloaded);
        Assert.Equal(["reject q1 Overloaded"], follower.Receive(0, refused));
        Assert.StartsWith("send {m0} Forward", follower.Propose(5, "")[0]);
    }

    [Fact]
    public void Unless_it_is_asked_to_a_follower_names_the_leader()
    {
        RaftMember follower = RaftScenes.Follower((1, "a"));

        Assert.Equal(["reject q7 NotLeader"], follower.Propose(7, "a"));
    }

    [Fact]
    [Rule(RaftRules.ForwardedOnce)]
    public void A_group_applies_what_was_asked_of_a_follower()
    {
        RaftGroup group = new(new RaftSetup(3) { Options = Options });
        Assert.True(group.RunUntil(() => group.Leader is not null, TimeSpan.FromSeconds(2)));
        group.Run(TimeSpan.FromMilliseconds(200));
        RaftMember follower = group.Members.First(member => member != group.Leader);
        group.Propose(follower, new byte[16]);

        Assert.True(group.RunUntil(
            () => group.Audit.AcknowledgedCount == 1, TimeSpan.FromMilliseconds(200)));
        Assert.Equal(0, group.Audit.OpenCount);
    }

    private static bool IsAbandoned(string line) =>
        line.StartsWith("abandon", StringComparison.Ordinal);

    private static RaftMember Follower(RaftOptions? options = null)
    {
        RaftMember follower = RaftMember.Of(1, 3, options ?? Options);
        follower.Receive(0, new Append(1) { Entries = [(1, null)] }.Frame());
        follower.Settle();
        follower.Persisted();
        return follower;
    }
}
