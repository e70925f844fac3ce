using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Paper;

/// <summary>Safety §7: where disks are full a new leader gets chosen what was under way, because it
/// is there already; by its name, which is the ballot in which it was proposed first.</summary>
public class FullDiskTests
{
    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void A_full_acceptor_takes_by_name_what_it_has()
    {
        MultiPaxosMember acceptor = FullFollower("a", "b");
        string[] lines = acceptor.Receive(2, Again(B(2, 2), B(1, 0), "a", "b").Frame());

        Assert.Contains("persist r5 ballot i1 to i2 b2.m2", lines);
        Assert.Equal(["b2.m2 a", "b2.m2 b"], acceptor.Slots());
        Assert.Equal(
            ["send {m2} Accepted b2.m2 through i2 chosen i0 round 0 full gate r5"],
            acceptor.Settle());
        acceptor.Persisted();
        acceptor.Crash();
        acceptor.Restart();
        Assert.Equal(["b2.m2 a", "b2.m2 b"], acceptor.Slots());
    }

    // A lower origin under a lower ballot would be enough only for whoever knows nothing of names.
    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void A_name_outlives_the_leaders_that_proposed_the_value_again()
    {
        MultiPaxosMember acceptor = FullFollower("a");
        acceptor.Receive(2, Again(B(5, 2), B(1, 0), "a").Frame());
        acceptor.Receive(0, Again(B(7, 0), B(1, 0), "a").Frame());

        Assert.Equal(["b7.m0 a"], acceptor.Slots());
        Assert.Equal("b1.m0", $"{acceptor.Kernel.State.Slots[new LogIndex(1)].Origin}");
    }

    // Protocols §4.1: equal values of two leaders are two values.
    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void The_same_bytes_under_another_name_are_another_value()
    {
        MultiPaxosMember acceptor = MultiPaxosScenes.Follower((1, "a"));
        string[] lines = acceptor.Receive(2, Again(B(3, 2), B(2, 2), "a").Frame());

        Assert.Contains(
            "persist r4 value i1 b3.m2 Command of b2.m2 chosen i0", lines[^1], Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.StorageReserve)]
    [Rule(MultiPaxosRules.FullTakesLittle)]
    public void A_full_acceptor_takes_no_new_command_but_a_little_of_what_is_proposed_again()
    {
        MultiPaxosMember acceptor = FullFollower("a");
        acceptor.Receive(0, new Proposal(B(1, 0)) { First = 2, Commands = ["new"] }.Frame());
        Assert.Equal(["b1.m0 a"], acceptor.Slots());

        string large = new('x', MultiPaxosReplica.TakenWhileFullMax / 2);
        acceptor.Receive(2, Again(B(3, 2), B(2, 2), "b", large, large, "c").Frame());
        Assert.Equal(
            ["b3.m2 b", $"b3.m2 {large}", "b0 None", "b3.m2 c"], acceptor.Slots());
        Assert.Contains("through i2", acceptor.Settle()[^1], Ordinal);

        acceptor.Pressure(StoragePressure.None);
        acceptor.Pressure(StoragePressure.Full);
        acceptor.Receive(2, (Again(B(3, 2), B(2, 2), large) with { First = 3, Last = 4 }).Frame());
        Assert.Contains("through i4", acceptor.Settle()[^1], Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void What_is_there_costs_one_record_as_far_as_it_goes_and_what_is_not_its_bytes()
    {
        MultiPaxosMember acceptor =
            MultiPaxosScenes.Follower((1, "a"), (1, "b"), (1, "c"), (1, "d"), (1, "e"));
        acceptor.Receive(2, new Proposal(B(2, 2)) { First = 3, Commands = ["y"] }.Frame());
        string[] lines = acceptor.Receive(2, Again(B(4, 2), B(1, 0), "a", "b", "x", "d", "e")
            .Frame());

        Assert.Equal(
            [
                "value i3 b4.m2 Command of b1.m0 chosen i0 [+177,1]",
                "ballot i1 to i2 b4.m2",
                "ballot i4 to i5 b4.m2",
            ],
            lines.Where(static line => line.StartsWith("persist", Ordinal))
                .Select(static line => line[line.IndexOf(' ', "persist ".Length)..].Trim())
                .Where(static line => !line.StartsWith("promised", Ordinal)));
    }

    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void A_candidate_keeps_by_name_what_it_is_told_of_and_has()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(5, B(1, 1), "a", "b");
        candidate.Pressure(StoragePressure.Full);
        Told[] told = [Named(B(1, 3), "a"), Named(B(1, 3), "b")];
        string[] lines = candidate.Receive(3, new Report(B(2, 0)) { Slots = told }.Frame());
        Assert.Equal(["persist r5 ballot i1 to i2 b1.m3"], lines);

        // The value of m2 is older than what it now knows of that of m1.
        Told older = new(B(1, 2), "x");
        candidate.Receive(2, new Report(B(2, 0)) { Slots = [older] }.Frame());
        Assert.Equal(["b2.m0 a", "b2.m0 b"], candidate.Slots());
        Assert.Equal(KernelRole.Leading, candidate.Kernel.Status.Role);

        static Told Named(Ballot ballot, string text) => new(ballot, text) { Origin = B(1, 1) };
    }

    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void A_full_follower_learns_what_it_has_and_asks_for_nothing_else()
    {
        MultiPaxosMember follower = FullFollower("a", "b");
        Proposal beat = new(B(2, 2)) { First = 4, Base = 3, Chosen = 3, Last = 3 };
        Assert.Contains("Learn b2.m2 from i1", follower.Receive(2, beat.Frame())[^1], Ordinal);
        Told[] all =
            [new(B(2, 1), "a") { Origin = B(1, 0) }, new(B(1, 0), "b"), new(B(2, 1), "c")];
        string[] lines = follower.Receive(2, new Lesson(B(2, 2)) { Slots = all }.Frame());

        Assert.Equal(
            [
                "deliver [r2+27,1] gate r2",
                "deliver [r3+27,1] gate r3",
                "persist r5 ballot i1 to i1 b2.m1",
            ],
            lines);
        Assert.Equal(new LogIndex(2), follower.Chosen);

        // Whoever it tells of it must not take an older value of another leader for it.
        Assert.Equal(["b2.m1 a", "b1.m0 b"], follower.Slots());
        follower.Now += new MultiPaxosOptions().ElectionTimeout;
        Assert.DoesNotContain(
            follower.Receive(2, beat.Frame()), static line => line.Contains("Learn", Ordinal));
        follower.Pressure(StoragePressure.None);
        Assert.Contains("Learn b2.m2 from i3", follower.Receive(2, beat.Frame())[^1], Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.FullGivesWay)]
    public void A_full_candidate_that_lacks_something_lets_others_campaign_first()
    {
        MultiPaxosMember candidate = FullCandidate();
        Instant asked = candidate.Now;
        TimeSpan timeout = new MultiPaxosOptions().ElectionTimeout;
        string[] lines = candidate.Receive(2, Lacked(candidate).Frame());

        Assert.DoesNotContain(lines, static line => line.StartsWith("persist", Ordinal));
        Assert.Equal(KernelRole.Following, candidate.Kernel.Status.Role);
        Assert.InRange(candidate.Due - asked, timeout * 2, timeout * 3);
    }

    [Fact]
    [Rule(MultiPaxosRules.FullGivesWay)]
    [Rule(MultiPaxosRules.FullTakesLittle)]
    public void When_nobody_has_led_since_it_takes_a_little()
    {
        MultiPaxosMember candidate = FullCandidate();
        candidate.Receive(2, Lacked(candidate).Frame());
        Assert.Equal(KernelRole.Following, candidate.Kernel.Status.Role);
        Campaign(candidate);
        string large = new('x', MultiPaxosReplica.TakenWhileFullMax);
        Report far = Lacked(candidate) with { Slots = [new Told(B(1, 2), large)] };
        candidate.Receive(2, far.Frame());
        Assert.Equal(KernelRole.Following, candidate.Kernel.Status.Role);

        Campaign(candidate);
        candidate.Receive(2, Lacked(candidate).Frame());
        Assert.Equal(KernelRole.Leading, candidate.Kernel.Status.Role);
    }

    [Fact]
    [Rule(MultiPaxosRules.FullGivesWay)]
    public void When_somebody_has_led_it_gives_way_again()
    {
        MultiPaxosMember candidate = FullCandidate();
        candidate.Receive(2, Lacked(candidate).Frame());
        candidate.Receive(2, new Proposal(B(9, 2)) { Last = 0 }.Frame());
        candidate.PeerDown(2);
        Campaign(candidate);
        candidate.Receive(1, Lacked(candidate).Frame());

        Assert.Equal(KernelRole.Following, candidate.Kernel.Status.Role);
    }

    [Fact]
    [Rule(MultiPaxosRules.FullGivesWay)]
    public void A_full_candidate_leads_by_those_who_tell_of_nothing_that_it_lacks()
    {
        MultiPaxosMember candidate = FullCandidate();
        candidate.PeerUp(1);
        candidate.Receive(2, Lacked(candidate).Frame());
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);

        candidate.Receive(1, new Report(candidate.Promised).Frame());
        Assert.Equal(KernelRole.Leading, candidate.Kernel.Status.Role);
    }

    // Each campaign costs a record on each disk.
    [Fact]
    [Rule(MultiPaxosRules.FullGivesWay)]
    public void A_full_candidate_waits_longer_each_time_until_it_has_room()
    {
        string large = new('x', MultiPaxosReplica.TakenWhileFullMax);
        TimeSpan timeout = new MultiPaxosOptions().ElectionTimeout;
        MultiPaxosMember candidate = FullCandidate();
        for (int doubled = 1; doubled <= 4; doubled *= 2)
        {
            Report far = Lacked(candidate) with { Slots = [new Told(B(1, 2), large)] };
            candidate.Receive(2, far.Frame());
            Assert.InRange(
                candidate.Due - candidate.Now, timeout * (doubled + 1), timeout * (doubled + 2));
            Campaign(candidate);
        }

        Report last = Lacked(candidate) with { Slots = [new Told(B(1, 2), large)] };
        candidate.Receive(2, last.Frame());
        candidate.Pressure(StoragePressure.None);
        Assert.True(candidate.Due - candidate.Now <= new MultiPaxosOptions().CampaignDelay);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    [Rule(MultiPaxosRules.FullTakesLittle)]
    public void Reads_go_on_when_the_leader_dies_and_all_other_disks_are_full(bool isCrossed)
    {
        Group group = new(new MultiPaxosSetup(3));
        List<string> notices = [];
        group.Protocol.Notices = notices.Add;
        Assert.True(group.RunUntil(() => group.Leader is not null, Limit));
        GroupMember former = group.Leader!;
        group.Propose(former, new byte[40]);
        group.Run(TimeSpan.FromMilliseconds(20));
        GroupMember[] others = [.. group.Members.Where(member => member != former)];
        foreach (GroupMember other in others)
        {
            // Of two commands under way each of the others gets both, or one of them.
            GroupMember target = isCrossed ? other : others[0];
            group.Propose(former, new byte[40]);
            group.Settle(former);
            if (isCrossed)
                group.Flights.RemoveAll(flight => flight.To != target);
            Flight[] flights = [.. group.Flights];
            group.Flights.Clear();
            foreach (Flight flight in flights)
                group.Deliver(flight);
        }

        foreach (GroupMember other in others)
            group.Pressure(other, StoragePressure.Full);
        group.Crash(former);
        foreach (GroupMember other in others)
            group.PeerDown(other, former);
        Assert.True(group.RunUntil(() => group.Leader is not null, Limit));
        group.Read(group.Leader!);

        Assert.True(group.RunUntil(() => group.Audit.ReadCount == 1, Limit));
        Assert.Equal(3, group.Audit.DeliveredCount);

        // Each of two that lack something of the other has left it to the other first.
        Assert.Contains("a leader with a full disk proposed again", notices);
        Assert.Equal(isCrossed, notices.Contains("a candidate with a full disk gave way"));
    }

    [Fact]
    [Rule(MultiPaxosRules.FullIsNotOverrun)]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    public void A_leader_among_full_disks_proposes_one_more_and_refuses_the_rest()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        leader.Receive(1, AcceptedFull(B(1, 0), through: 1));
        Assert.True(IsTaken(leader, 7));
        Assert.True(IsTaken(leader, 8));

        leader.Receive(2, AcceptedFull(B(1, 0), through: 1));
        Assert.Equal(["reject q9 Overloaded"], leader.Propose(9, "c"));

        // One of them has room again, and takes what waits.
        leader.Receive(2, Accepted(B(1, 0), through: 3));
        Assert.True(IsTaken(leader, 10));

        // Nothing waits: whether they are full still is found out by one more.
        leader.Receive(2, Accepted(B(1, 0), through: 4));
        leader.Receive(1, AcceptedFull(B(1, 0), through: 1));
        leader.Receive(2, AcceptedFull(B(1, 0), through: 4));
        Assert.True(IsTaken(leader, 11));
        Assert.Equal(["reject q12 Overloaded"], leader.Propose(12, "f"));

        static bool IsTaken(MultiPaxosMember leader, int request)
        {
            string[] lines = leader.Propose(request, "x");
            leader.Settle();
            leader.Persisted();
            return lines.All(static line => !line.StartsWith("reject", Ordinal));
        }
    }

    [Fact]
    [Rule(MultiPaxosRules.FullIsNotOverrun)]
    public void A_full_acceptor_says_so_until_it_has_room()
    {
        MultiPaxosMember acceptor = FullFollower("a");
        Proposal beat = new(B(1, 0)) { First = 2, Last = 1 };
        acceptor.Receive(0, beat.Frame());
        Assert.Contains(" full", acceptor.Settle()[^1], Ordinal);

        acceptor.Pressure(StoragePressure.None);
        acceptor.Receive(0, beat.Frame());
        Assert.DoesNotContain(" full", acceptor.Settle()[^1], Ordinal);
    }

    /// <summary>m1 follows m0, has these commands of b1.m0, and its disk is full.</summary>
    private static MultiPaxosMember FullFollower(params string[] commands)
    {
        MultiPaxosMember follower =
            MultiPaxosScenes.Follower([.. commands.Select(static text => (1L, (string?)text))]);
        follower.Pressure(StoragePressure.Full);
        return follower;
    }

    /// <summary>m0 has i1 of m1, campaigns in b2.m0 without it, and its disk is full.</summary>
    private static MultiPaxosMember FullCandidate()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3, B(1, 1), "a");
        candidate.PeerDown(1);
        candidate.Pressure(StoragePressure.Full);
        return candidate;
    }

    private static void Campaign(MultiPaxosMember candidate)
    {
        candidate.WakeWhenDue();
        Ballot next = candidate.Promised.NextOf(candidate.Self);
        candidate.Receive(1, Granted(next));
        candidate.Persisted();
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);
    }

    private static Report Lacked(MultiPaxosMember candidate) =>
        new(candidate.Promised) { Slots = [new Told(B(1, 2), "other")] };

    /// <summary>A leader proposes again what was proposed first in another ballot.</summary>
    private static Proposal Again(Ballot ballot, Ballot origin, params string[] commands) =>
        new(ballot) { Origin = origin, Commands = commands };

    private static TimeSpan Limit => TimeSpan.FromSeconds(5);

    private static StringComparison Ordinal => StringComparison.Ordinal;
}
