using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Paper;

/// <summary>Paxos Made Simple §2.2, phase 1: promises, for all slots at once.</summary>
public class PhaseOneTests
{
    [Fact]
    [Rule(MultiPaxosRules.PromisesGrow)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void A_promise_is_on_the_disk_before_it_is_told()
    {
        MultiPaxosMember acceptor = MultiPaxosMember.Of(1, 3);

        Assert.Equal(
            [
                "persist r1 promised b2.m2",
                $"role Following t{B(2, 2).Number} leader unknown",
                "send {m2} Promise b2.m2 from i1 slots 0 last i0 chosen i0 gate r1",
            ],
            acceptor.Receive(2, Prepare(B(2, 2))));
    }

    [Fact]
    [Rule(MultiPaxosRules.PromisesGrow)]
    [Rule(MultiPaxosRules.NackNamesBallot)]
    public void A_lower_ballot_is_refused_and_told_what_is_promised()
    {
        MultiPaxosMember acceptor = MultiPaxosMember.Of(1, 3);
        acceptor.Receive(2, Prepare(B(2, 2)));

        string[] refusal = ["send {m0} Nack b2.m2 gate r1"];
        Assert.Equal(refusal, acceptor.Receive(0, Prepare(B(2, 0))));
        Assert.Equal(refusal, acceptor.Receive(0, Prepare(B(1, 0), from: 9)));
        Assert.Equal(
            refusal, acceptor.Receive(0, new Proposal(B(2, 0)) { First = 5 }.Frame()));
        Assert.Equal(B(2, 2), acceptor.Promised);
    }

    // It has granted a probe before it heard the leader once more; then their connection broke.
    [Fact]
    [Feature("A16")]
    [Rule(MultiPaxosRules.LeasePromise)]
    public void Who_has_promised_a_leader_time_promises_no_ballot_within_it()
    {
        LeaseTerms lease = new() { Promise = TimeSpan.FromMilliseconds(300) };
        MultiPaxosMember acceptor =
            MultiPaxosMember.Of(1, new MultiPaxosSetup(3) { Lease = lease });
        acceptor.Now += lease.Promise;
        Assert.Contains("granted", acceptor.Receive(2, Probe(B(2, 2)))[^1], Ordinal);
        acceptor.Receive(0, new Proposal(B(1, 0)) { Last = 0 }.Frame());
        acceptor.PeerDown(0);

        Assert.Empty(acceptor.Receive(2, Prepare(B(2, 2))));
        acceptor.Now += lease.Promise;
        Assert.Contains("Promise b2.m2", acceptor.Receive(2, Prepare(B(2, 2)))[^1], Ordinal);
    }

    [Fact]
    [Feature("C10")]
    [Rule(MultiPaxosRules.PromisesGrow)]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    public void A_promise_binds_after_a_restart()
    {
        MultiPaxosMember acceptor = MultiPaxosMember.Of(1, 3);
        acceptor.Receive(2, Prepare(B(2, 2)));
        acceptor.Persisted();
        acceptor.Crash();
        acceptor.Restart();

        Assert.Equal(
            ["send {m0} Nack b2.m2 gate r1"], acceptor.Receive(0, Prepare(B(1, 0))));
        Proposal old = new(B(1, 0)) { Commands = ["a"] };
        Assert.Contains("Nack b2.m2", Assert.Single(acceptor.Receive(0, old.Frame())), Ordinal);
        Assert.Empty(acceptor.Slots());
    }

    [Fact]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void A_promise_that_was_not_flushed_was_not_given()
    {
        MultiPaxosMember acceptor = MultiPaxosMember.Of(1, 3);
        acceptor.Receive(2, Prepare(B(2, 2)));
        acceptor.Crash();
        acceptor.Restart();

        Assert.Equal(Ballot.Zero, acceptor.Promised);
        Assert.Contains("Promise b1.m0", acceptor.Receive(0, Prepare(B(1, 0)))[^1], Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    public void A_promise_tells_all_that_was_accepted_a_page_at_a_time()
    {
        MultiPaxosMember acceptor = MultiPaxosScenes.Follower(
            new MultiPaxosOptions { SlotsPerMessageMax = 2 },
            (1, "a"), (1, "bb"), (2, null), (3, "c"), (3, "d"));
        acceptor.PeerDown(0);

        string Page(long from) => acceptor.Receive(2, Prepare(B(4, 2), from))[^1];
        Assert.StartsWith(
            "send {m2} Promise b4.m2 from i1 slots 2 last i5 chosen i0 [", Page(1), Ordinal);
        Assert.StartsWith(
            "send {m2} Promise b4.m2 from i3 slots 2 last i5 chosen i0 [", Page(3), Ordinal);
        Assert.StartsWith(
            "send {m2} Promise b4.m2 from i5 slots 1 last i5 chosen i0 [", Page(5), Ordinal);
        Assert.StartsWith("send {m2} Promise b4.m2 from i3 slots 2", Page(3), Ordinal);
        Assert.Equal("send {m2} Promise b4.m2 from i6 slots 0 last i5 chosen i0 gate r9", Page(6));
    }

    // What could change between two pages is what the promise forbids.
    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    public void Between_the_pages_of_a_promise_nothing_lower_is_accepted()
    {
        MultiPaxosMember acceptor = MultiPaxosScenes.Follower(
            new MultiPaxosOptions { SlotsPerMessageMax = 1 }, (1, "a"), (1, "b"));
        acceptor.PeerDown(0);
        acceptor.Receive(2, Prepare(B(4, 2)));
        IReadOnlyList<string> before = acceptor.Slots();
        Proposal late = new(B(3, 0)) { First = 2, Commands = ["x", "y"] };

        Assert.Equal(["send {m0} Nack b4.m2 gate r4"], acceptor.Receive(0, late.Frame()));
        Assert.Equal(before, acceptor.Slots());
        Assert.Contains(
            "from i2 slots 1 last i2", acceptor.Receive(2, Prepare(B(4, 2), from: 2))[^1], Ordinal);
    }

    // An acceptor may learn between two pages that what it told of in the first is chosen. What the
    // next page says to be chosen then does not follow what the candidate knows.
    [Fact]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    [Rule(MultiPaxosRules.HolesAreFilled)]
    public void What_becomes_known_as_chosen_between_two_pages_is_no_hole()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        Told[] first = [new Told(B(0, 1), "a"), new Told(B(0, 1), "b")];
        Told[] second = [new Told(B(0, 1), "c"), new Told(B(0, 1), "d")];
        candidate.Receive(1, new Report(First) { Chosen = 1, Last = 4, Slots = first }.Frame());
        candidate.Receive(
            1, new Report(First) { From = 3, Chosen = 3, Last = 4, Slots = second }.Frame());

        Assert.Equal(["b0.m1 a", "b0.m1 b", "b0.m1 c", "b0.m1 d"], candidate.Slots());
    }

    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    public void A_page_of_a_promise_is_not_given_once_a_higher_one_is()
    {
        MultiPaxosMember acceptor = MultiPaxosScenes.Follower(
            new MultiPaxosOptions { SlotsPerMessageMax = 1 }, (1, "a"), (1, "b"));
        acceptor.PeerDown(0);
        acceptor.Receive(2, Prepare(B(4, 2)));
        acceptor.Receive(0, Prepare(B(5, 0)));

        Assert.Equal(
            ["send {m2} Nack b5.m0 gate r5"], acceptor.Receive(2, Prepare(B(4, 2), from: 2)));
    }

    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    [Rule(MultiPaxosRules.MajorityElects)]
    public void Pages_come_in_any_order_and_twice_and_a_promise_counts_when_it_is_whole()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        byte[] first = Page(1, "a", "b");
        byte[] second = Page(3, "c", "d");
        byte[] third = Page(5, "e");

        Assert.Empty(candidate.Receive(1, second));
        Assert.Contains("Prepare b1.m0 from i3", candidate.Receive(1, first)[^1], Ordinal);
        Assert.Empty(candidate.Receive(1, first));
        Assert.Empty(candidate.Receive(1, third));
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);
        Assert.Contains("Prepare b1.m0 from i5", candidate.Receive(1, second)[^1], Ordinal);
        candidate.Receive(1, third);

        Assert.Equal(KernelRole.Leading, candidate.Kernel.Status.Role);
        Assert.Equal(
            ["b1.m0 a", "b1.m0 b", "b1.m0 c", "b1.m0 d", "b1.m0 e"], candidate.Slots());

        static byte[] Page(long from, params string[] commands) => new Report(First)
        {
            From = from,
            Last = 5,
            Slots = [.. commands.Select(static command => new Told(B(0, 2), command))],
        }.Frame();
    }

    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    public void A_page_that_was_lost_is_asked_for_again()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        Report page = new(First) { Last = 2, Slots = [new Told(B(0, 2), "a")] };
        candidate.Receive(1, page.Frame());
        Instant asked = candidate.Now;

        Assert.Equal(
            [
                "send {m1} Prepare b1.m0 from i2 gate r2",
                "send {m2} Prepare b1.m0 from i1 gate r2",
            ],
            candidate.WakeWhenDue());
        Assert.InRange(
            candidate.Now - asked, TimeSpan.Zero, new MultiPaxosOptions().HeartbeatInterval);
    }

    [Fact]
    [Rule(MultiPaxosRules.MajorityElects)]
    public void Only_the_promises_of_a_majority_to_this_very_ballot_elect()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(5);
        candidate.Persisted();
        candidate.Receive(1, Promise(First));
        candidate.Receive(1, Promise(First));
        candidate.Receive(2, Promise(B(1, 1)));
        candidate.Receive(3, Promise(B(2, 0)));
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);

        candidate.Receive(2, Promise(First));
        Assert.Equal(KernelRole.Leading, candidate.Kernel.Status.Role);
    }

    [Fact]
    [Rule(MultiPaxosRules.MajorityElects)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void The_own_promise_counts_when_it_is_durable()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Receive(1, Promise(First));
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);

        candidate.Persisted();
        Assert.Equal(KernelRole.Leading, candidate.Kernel.Status.Role);
    }

    // Both were proposed in i1, by m1 in round 1 and by m2 in round 2; the second may be chosen.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void Of_two_values_that_of_the_higher_ballot_is_proposed_again(int former, int latter)
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(5, B(3, 3), []);
        Ballot ballot = candidate.Promised;
        string[] values = ["", "old", "newer"];
        foreach (int proposer in (int[])[former, latter])
        {
            Told told = new(B(proposer, proposer), values[proposer]);
            candidate.Receive(proposer, new Report(ballot) { Slots = [told] }.Frame());
        }

        Assert.Equal([$"{ballot} newer"], candidate.Slots());
        Assert.Contains($"Accept {ballot} from i1", candidate.Settle()[0], Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void What_it_has_accepted_itself_counts_like_the_word_of_any_other()
    {
        MultiPaxosMember high = MultiPaxosScenes.Candidate(3, B(3, 2), "own");
        high.Receive(1, new Report(B(4, 0)) { Slots = [new Told(B(2, 1), "lower")] }.Frame());
        MultiPaxosMember low = MultiPaxosScenes.Candidate(3, B(1, 2), "own");
        low.Receive(1, new Report(B(2, 0)) { Slots = [new Told(B(1, 2), "own")] }.Frame());
        MultiPaxosMember lower = MultiPaxosScenes.Candidate(3, B(3, 1), "own");
        lower.Receive(2, new Report(B(4, 0)) { Slots = [new Told(B(3, 2), "higher")] }.Frame());

        Assert.Equal(["b4.m0 own"], high.Slots());
        Assert.Equal(["b2.m0 own"], low.Slots());
        Assert.Equal(["b4.m0 higher"], lower.Slots());
    }

    // Until the own ballot is durable for them they are not accepted in it.
    [Fact]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void What_is_proposed_again_survives_a_crash_in_the_new_ballot()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Candidate(3, B(1, 2), "a", null, "c");
        leader.Receive(1, Promise(B(2, 0)));
        leader.Settle();
        leader.Persisted();
        leader.Crash();
        leader.Restart();

        Assert.Equal(["b2.m0 a", "b2.m0 NoOp", "b2.m0 c"], leader.Slots());
    }

    [Fact]
    [Feature("D04")]
    [Rule(MultiPaxosRules.HolesAreFilled)]
    [Rule(MultiPaxosRules.FreshLeader)]
    public void Holes_are_filled_with_no_ops_and_what_is_above_is_free()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        Report report = new(First)
        {
            Slots = [new Told(B(0, 1), "a"), Told.Nothing, Told.Nothing, new Told(B(0, 2), "d")],
        };
        candidate.Receive(1, report.Frame());
        Assert.Equal(["b1.m0 a", "b1.m0 NoOp", "b1.m0 NoOp", "b1.m0 d"], candidate.Slots());

        candidate.Propose(7, "e");
        Assert.Equal("b1.m0 e", candidate.Slots()[4]);
        candidate.Settle();
        candidate.Persisted();
        string[] lines = candidate.Receive(2, Accepted(First, through: 5));
        Assert.Equal(3, lines.Count(static line => line.StartsWith("deliver", Ordinal)));
        Assert.Equal(new LogIndex(5), candidate.Chosen);
    }

    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void What_a_promise_says_is_chosen_is_chosen_and_not_proposed_again()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        Report report = new(First)
        {
            Chosen = 2,
            Slots = [new Told(B(0, 1), "a"), new Told(B(0, 2), null), new Told(B(0, 1), "c")],
        };
        string[] lines = candidate.Receive(1, report.Frame());

        Assert.Single(lines, static line => line.StartsWith("deliver", Ordinal));
        Assert.Equal(new LogIndex(2), candidate.Chosen);
        Assert.Equal(["b0.m1 a", "b0.m2 NoOp", "b1.m0 c"], candidate.Slots());
        Assert.Contains("Accept b1.m0 from i3 base i2", candidate.Settle()[0], Ordinal);
    }

    [Fact]
    [Feature("C10")]
    [Rule(MultiPaxosRules.RestartMeansNewBallot)]
    public void After_a_restart_a_proposer_goes_on_in_a_ballot_that_it_never_had()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        leader.Propose(7, "a");
        leader.Settle();
        leader.Persisted();
        leader.Crash();
        leader.Restart();

        Assert.Empty(leader.Receive(1, Accepted(First, through: 2)));
        Assert.Equal(KernelRole.Following, leader.Kernel.Status.Role);
        Assert.Equal(["reject q8 NotLeader"], leader.Propose(8, "b"));
        Assert.Contains("Probe b2.m0", leader.WakeWhenDue()[^1], Ordinal);
        Assert.Contains(
            "persist r4 promised b2.m0", leader.Receive(1, Granted(B(2, 0))));
        leader.Receive(1, Promise(First));
        leader.Persisted();
        Assert.Equal(KernelRole.Campaigning, leader.Kernel.Status.Role);
    }

    // Nothing of the first campaign has left: the same ballot is a new one.
    [Fact]
    [Rule(MultiPaxosRules.RestartMeansNewBallot)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void What_asks_for_a_promise_waits_for_the_own_one()
    {
        MultiPaxosMember candidate = MultiPaxosMember.Of(0, 3);
        candidate.WakeWhenDue();

        Assert.Equal(
            [
                "persist r1 promised b1.m0",
                $"role Campaigning t{First.Number} leader unknown",
                "send {m1,m2} Prepare b1.m0 from i1 gate r1",
            ],
            candidate.Receive(1, Granted(First)));
    }

    [Fact]
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public void Who_uses_the_ballot_of_another_is_blamed()
    {
        string[] blame = [$"violated by m2: {MultiPaxosRules.OneValuePerBallot}"];
        MultiPaxosMember acceptor = MultiPaxosMember.Of(1, 3);
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        Proposal stolen = new(First) { First = 2, Base = 1, Chosen = 1, Commands = ["x"] };

        Assert.Equal(blame, acceptor.Receive(2, Prepare(B(5, 0))));
        Assert.Equal(blame, acceptor.Receive(2, Prepare(B(5, 1))));
        Assert.Equal(blame, acceptor.Receive(2, stolen.Frame()));
        Assert.Equal(blame, leader.Receive(2, stolen.Frame()));
        Assert.Equal(["b1.m0 0"], leader.Slots());
        Assert.Equal(Ballot.Zero, acceptor.Promised);
    }

    private static Ballot First => MultiPaxosScenes.First;

    private static StringComparison Ordinal => StringComparison.Ordinal;
}
