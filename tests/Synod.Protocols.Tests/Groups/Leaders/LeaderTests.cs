using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>What holds for every protocol with a stable leader, whatever it says to its
/// followers.</summary>
public abstract class LeaderTests
{
    private static readonly LeaderScene Plain = new();
    private static readonly TimeSpan ElectionTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly LeaseTerms Terms = new() { Promise = TimeSpan.FromMilliseconds(300) };

    private protected abstract LeaderDialect Dialect { get; }

    [Theory]
    [InlineData(StoragePressure.High)]
    [InlineData(StoragePressure.Full)]
    [Rule(LeaderRules.StorageReserve)]
    [Rule(LeaderRules.ReadIndex)]
    public void In_the_reserve_a_leader_takes_no_command_but_reads(StoragePressure pressure)
    {
        GroupMember leader = Dialect.Leader(3, Plain);
        leader.Pressure(pressure);
        Assert.Equal(["reject q7 StorageFull"], leader.Propose(7, "a"));
        leader.Read(8);
        Assert.DoesNotContain("read-ready q8", leader.Settle());
        Assert.Contains(
            "read-ready q8", leader.Receive(2, Dialect.Accepted(1, Dialect.Round(leader))));

        leader.Pressure(StoragePressure.None);
        Assert.StartsWith("persist", Assert.Single(leader.Propose(9, "a")), Ordinal);
    }

    [Fact]
    [Rule(LeaderRules.UncommittedIsBounded)]
    public void What_is_not_committed_is_bounded_and_room_comes_back()
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene { UncommittedBytesMax = 200 });
        leader.Propose(7, new string('a', 100));
        Assert.Equal(["reject q8 Overloaded"], leader.Propose(8, new string('b', 100)));
        leader.Settle();
        leader.Persisted();
        leader.Receive(1, Dialect.Accepted(2));

        Assert.StartsWith("persist", leader.Propose(9, new string('c', 100))[0], Ordinal);
    }

    [Fact]
    [Rule(LeaderRules.Pipelining)]
    [Rule(LeaderRules.StorageReserve)]
    public void A_follower_that_takes_nothing_is_not_sent_a_batch_with_each_of_its_answers()
    {
        GroupMember leader = Dialect.Leader(3, Plain);
        leader.PeerUp(1);
        leader.Propose(7, "a");
        leader.Settle();

        Assert.Equal(1, Batches(answers: 100));
        leader.Now += TimeSpan.FromMilliseconds(60);
        Assert.Equal(1, Batches(answers: 100));
        leader.Persisted();
        leader.Receive(1, Dialect.Accepted(2, Dialect.Round(leader)));
        leader.Propose(8, "b");
        Assert.Contains(leader.Settle(), IsBatch);

        int Batches(int answers)
        {
            int batches = 0;
            for (int answer = 0; answer < answers; answer++)
            {
                leader.Receive(1, Dialect.Accepted(1, Dialect.Round(leader)));
                batches += leader.Settle().Count(IsBatch);
            }

            return batches;
        }

        static bool IsBatch(string line) => line.StartsWith("send", Ordinal)
            && line.Contains("m1", Ordinal);
    }

    [Fact]
    [Rule(LeaderRules.CheckQuorum)]
    public void A_leader_that_no_majority_answers_steps_down_in_time()
    {
        GroupMember leader = Dialect.Leader(5, Plain);
        Instant begun = leader.Now;
        while (leader.Kernel.Status.Role == KernelRole.Leading)
        {
            leader.WakeWhenDue();
            leader.Receive(1, Dialect.Accepted(1));
            Assert.True(leader.Now - begun <= ElectionTimeout * 2);
        }

        Assert.Equal(["reject q7 NotLeader"], leader.Propose(7, "a"));
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.LeadershipTransfer)]
    [Rule(LeaderRules.TransferEnds)]
    public void A_target_is_asked_when_it_has_all_and_what_does_not_succeed_ends()
    {
        GroupMember leader = Dialect.Leader(3, Plain);
        leader.Propose(6, "a");
        leader.Settle();
        leader.Transfer(7, TransferOrder.To(new Member(1)));
        Assert.Empty(leader.Settle());
        Assert.Equal(["reject q8 Transferring"], leader.Propose(8, "b"));
        leader.Persisted();
        leader.Receive(1, Dialect.Accepted(2));
        Assert.Contains("TimeoutNow", Assert.Single(leader.Settle()), Ordinal);

        List<string> lines = [];
        for (int wake = 0; wake < 20 && !lines.Contains("transfer q7 Unresponsive"); wake++)
        {
            leader.Receive(2, Dialect.Accepted(2));
            lines.AddRange(leader.WakeWhenDue());
        }

        Assert.Contains("transfer q7 Unresponsive", lines);
        Assert.StartsWith("persist", leader.Propose(9, "c")[0], Ordinal);
    }

    [Fact]
    [Feature("B16")]
    [Rule(LeaderRules.TransferIsOver)]
    public void A_transfer_that_is_cancelled_is_over()
    {
        GroupMember leader = Dialect.Leader(3, Plain);
        leader.Transfer(7, TransferOrder.To(new Member(1)));
        leader.Settle();
        List<string> lines = [.. leader.Transfer(8, TransferOrder.Cancel), .. leader.Settle()];
        lines.AddRange(leader.WakeWhenDue());
        lines.AddRange(leader.Receive(2, Dialect.Accepted(1, Dialect.Round(leader))));

        Assert.Contains("transfer q7 Cancelled", lines);
        Assert.Null(leader.Kernel.Status.Successor);
        Assert.StartsWith("persist", leader.Propose(9, "a")[0], Ordinal);
    }

    [Fact]
    [Rule(LeaderRules.SlowDiskHandsOver)]
    public void A_leader_whose_disk_is_late_with_what_others_have_hands_over()
    {
        GroupMember leader = Dialect.Leader(3, Plain);
        leader.Propose(6, "a");
        leader.Settle();
        Instant written = leader.Now;
        for (int beat = 0; beat < 100 && leader.Kernel.Status.Successor is null; beat++)
        {
            leader.Receive(1, Dialect.Accepted(2));
            leader.Receive(2, Dialect.Accepted(2));
            leader.WakeWhenDue();
        }

        Assert.InRange(leader.Now - written, ElectionTimeout, ElectionTimeout * 1.5);
    }

    [Fact]
    [Feature("A15")]
    [Feature("A16")]
    [Rule(LeaderRules.LeaseRead)]
    public void Under_a_lease_a_read_is_answered_at_once_and_only_until_it_ends()
    {
        GroupMember leader = Leased();
        Instant sent = leader.Now;
        long last = leader.Kernel.Status.Last;
        leader.Now += Terms.Length / 2;
        leader.Read(7);
        Assert.Equal(["read-ready q7"], leader.Settle());
        Assert.Equal(last, leader.Kernel.Status.Last);

        leader.Now = sent + Terms.Length;
        leader.Read(8);
        Assert.DoesNotContain("read-ready q8", leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.TransferVoidsLease)]
    public void A_leader_that_has_asked_another_to_campaign_has_no_lease()
    {
        GroupMember leader = Leased();
        leader.Transfer(7, TransferOrder.To(new Member(1)));
        leader.Settle();
        leader.Read(8);

        Assert.DoesNotContain("read-ready q8", leader.Settle());
    }

    [Fact]
    [Rule(LeaderRules.LeasePromise)]
    [Rule(LeaderRules.PromiseOutlivesRestart)]
    public void Who_has_heard_the_leader_or_may_have_elects_nobody_while_its_promise_lasts()
    {
        GroupMember follower = Dialect.Follower(new LeaderScene { Lease = Terms });
        Instant promised = follower.Now + Terms.Promise;
        follower.PeerDown(0);
        follower.Now = new Instant(promised.Ticks - 1);
        Assert.Contains("refused", follower.Receive(2, Dialect.Candidacy())[^1], Ordinal);
        follower.Now = promised;
        Assert.Contains("granted", follower.Receive(2, Dialect.Candidacy())[^1], Ordinal);

        follower.Crash();
        follower.Restart();
        Assert.Contains("refused", follower.Receive(2, Dialect.Candidacy())[^1], Ordinal);
        follower.Now += Terms.Promise;
        Assert.Contains("granted", follower.Receive(2, Dialect.Candidacy())[^1], Ordinal);
    }

    [Fact]
    [Feature("A17")]
    [Rule(LeaderRules.FollowerReads)]
    public void A_read_of_a_follower_waits_for_the_leader_and_for_what_it_names()
    {
        GroupMember follower = Dialect.Follower(Plain);
        Assert.Empty(follower.Read(7));
        Assert.Contains(
            follower.Settle(), static line => line.Contains("ReadIndex", Ordinal));
        Assert.Empty(follower.Receive(0, Dialect.ReadAt(1)));

        Assert.Contains("read-ready q7", follower.Receive(0, Dialect.Heartbeat(committed: 1)));
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_read_that_nobody_answers_ends_in_time()
    {
        GroupMember follower = Dialect.Follower(Plain);
        Instant asked = follower.Now;
        follower.Read(7);
        follower.Settle();
        List<string> lines = [];
        while (!lines.Contains("reject q7 NotLeader"))
        {
            lines.AddRange(follower.WakeWhenDue());
            Assert.True(follower.Now - asked <= ElectionTimeout * 2);
        }
    }

    [Fact]
    [Rule(LeaderRules.ForwardedOnce)]
    public void A_command_is_passed_on_once_and_taken_once()
    {
        GroupMember follower = Dialect.Follower(new LeaderScene { ForwardsProposals = true });
        Assert.Contains("Forward", Assert.Single(follower.Propose(7, "a")), Ordinal);

        GroupMember leader = Dialect.Leader(3, Plain);
        Assert.StartsWith("persist", leader.Receive(1, Dialect.Forward("a"))[0], Ordinal);
        Assert.Empty(leader.Receive(1, Dialect.Forward("a")));
    }

    [Fact]
    [Rule(LeaderRules.IdleGroupRests)]
    [Rule(LeaderRules.DoubtEndsRest)]
    public void A_group_that_has_nothing_to_do_falls_silent_and_wakes()
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene { IsWatched = true });
        Assert.All(
            leader.WakeWhenDue(), static line => Assert.Contains("rests", line, Ordinal));
        for (int peer = 1; peer < 3; peer++)
            leader.Receive(peer, Dialect.Accepted(1, Dialect.Round(leader)));
        Assert.Equal(Instant.Never, leader.Due);
        leader.Propose(7, "a");
        Assert.NotEqual(Instant.Never, leader.Due);

        GroupMember follower = Dialect.Follower(new LeaderScene { IsWatched = true });
        follower.Receive(0, Dialect.Heartbeat(committed: 1, rests: true));
        Assert.Equal(Instant.Never, follower.Due);
        follower.PeerDown(0);
        Assert.NotEqual(Instant.Never, follower.Due);
    }

    private GroupMember Leased()
    {
        GroupMember leader = Dialect.Leader(3, new LeaderScene { Lease = Terms });
        leader.WakeWhenDue();
        leader.Receive(1, Dialect.Accepted(1, Dialect.Round(leader)));
        return leader;
    }

    private static StringComparison Ordinal => StringComparison.Ordinal;
}
