using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Paper;

/// <summary>Paxos Made Simple §2.2, phase 2: what is accepted, and what is chosen by it.</summary>
public class PhaseTwoTests
{
    [Fact]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void A_proposal_is_accepted_durably_before_it_is_answered()
    {
        MultiPaxosMember acceptor = MultiPaxosMember.Of(1, 3);
        Proposal proposal = new(B(2, 0)) { Commands = ["a", null], Round = 4 };

        Assert.Equal(
            [
                "persist r1 promised b2.m0",
                $"role Following t{B(2, 0).Number} leader m0",
                $"role Following t{B(2, 0).Number} leader m0",
                "persist r2 value i1 b2.m0 Command chosen i0 [+96,1]",
                "persist r3 value i2 b2.m0 NoOp chosen i0",
            ],
            acceptor.Receive(0, proposal.Frame()));
        Assert.Equal(
            ["send {m0} Accepted b2.m0 through i2 chosen i0 round 4 gate r3"], acceptor.Settle());
    }

    [Fact]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    public void A_value_of_a_higher_ballot_takes_the_place_of_one_of_a_lower()
    {
        MultiPaxosMember acceptor = MultiPaxosScenes.Follower((1, "a"), (1, "b"));
        acceptor.Receive(2, new Proposal(B(2, 2)) { Commands = ["x"] }.Frame());

        Assert.Equal(["b2.m2 x", "b1.m0 b"], acceptor.Slots());
        Assert.Equal(B(2, 2), acceptor.Promised);
        Assert.Contains("Accepted b2.m2 through i1", acceptor.Settle()[0], Ordinal);
    }

    // A second proposal of one slot in one ballot is a lie; the first stands, and so does what is
    // accepted of it.
    [Fact]
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    public void What_comes_twice_is_accepted_once()
    {
        MultiPaxosMember acceptor = MultiPaxosScenes.Follower((1, "a"), (1, "b"));
        Proposal again = new(B(1, 0)) { Commands = ["a", "x", "c"] };

        Assert.Equal(
            ["persist r4 value i3 b1.m0 Command chosen i0 [+111,1]"],
            acceptor.Receive(0, again.Frame()));
        Assert.Equal(["b1.m0 a", "b1.m0 b", "b1.m0 c"], acceptor.Slots());
    }

    [Fact]
    [Feature("C11")]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void What_was_accepted_is_there_after_a_restart()
    {
        MultiPaxosMember acceptor = MultiPaxosScenes.Follower((1, "a"), (2, "b"));
        acceptor.Receive(0, new Proposal(B(2, 0)) { First = 3, Commands = ["c"] }.Frame());
        acceptor.Crash();
        acceptor.Restart();

        Assert.Equal(["b1.m0 a", "b2.m0 b"], acceptor.Slots());
        Assert.Equal(B(2, 0), acceptor.Promised);
        Assert.Equal(LogIndex.Zero, acceptor.Chosen);
        Assert.Equal(acceptor.Digest(), MultiPaxosMember.DigestOf(acceptor.OnDisk));
    }

    [Fact]
    [Rule(MultiPaxosRules.MajorityChooses)]
    [Rule(MultiPaxosRules.LeaderWritesInParallel)]
    public void A_leader_sends_before_its_disk_has_it_and_counts_itself_when_it_does()
    {
        MultiPaxosMember leader = MultiPaxosScenes.NewLeader(5);
        leader.Propose(7, "a");
        Assert.EndsWith("at once", leader.Settle()[0], Ordinal);
        Assert.Empty(leader.Receive(1, Accepted(First, through: 1)));
        Assert.Empty(leader.Receive(1, Accepted(First, through: 1)));
        Assert.Empty(leader.Receive(2, Accepted(First, through: 1)));
        Assert.Equal(LogIndex.Zero, leader.Chosen);

        Assert.Equal(["deliver [r2+27,1] for q7 gate r2"], leader.Persisted());
    }

    [Fact]
    [Rule(MultiPaxosRules.MajorityChooses)]
    public void A_majority_may_choose_without_the_disk_of_the_leader()
    {
        MultiPaxosMember leader = MultiPaxosScenes.NewLeader(5);
        leader.Propose(7, "a");
        leader.Settle();
        leader.Receive(1, Accepted(First, through: 1));
        leader.Receive(2, Accepted(First, through: 1));

        Assert.Equal(
            ["deliver [r2+27,1] for q7 gate r2"], leader.Receive(3, Accepted(First, through: 1)));
        Assert.Equal(new LogIndex(1), leader.Chosen);
    }

    // Protocols §4.1: m0 and m1 have the same value, one in round 1, one in round 2: a majority of
    // three has it, and still another may be chosen in its place.
    [Fact]
    [Rule(MultiPaxosRules.MajorityChooses)]
    public void Equal_values_in_different_ballots_are_not_chosen_by_it()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Candidate(3, B(1, 1), "same");
        leader.Receive(2, new Report(B(2, 0)) { Slots = [new Told(B(1, 2), "same")] }.Frame());
        Assert.Equal(["b2.m0 same"], leader.Slots());
        Assert.Equal(LogIndex.Zero, leader.Chosen);
        leader.Settle();

        leader.Receive(2, Accepted(B(1, 2), through: 1));
        leader.Receive(1, Accepted(B(1, 1), through: 1));
        leader.Persisted();
        Assert.Equal(LogIndex.Zero, leader.Chosen);
        leader.Receive(1, Accepted(B(2, 0), through: 1));
        Assert.Equal(new LogIndex(1), leader.Chosen);
    }

    // What a majority has of a former ballot was chosen, or not: nobody counts it any more.
    [Fact]
    [Rule(MultiPaxosRules.MajorityChooses)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void A_value_that_a_majority_reports_is_proposed_again_before_it_counts()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Candidate(3, B(1, 1), "a");
        leader.Receive(2, new Report(B(2, 0)) { Slots = [new Told(B(1, 1), "a")] }.Frame());
        leader.Persisted();
        Assert.Equal(LogIndex.Zero, leader.Chosen);

        Assert.Contains("Accept b2.m0 from i1", leader.Settle()[0], Ordinal);
        Assert.Contains("deliver", Assert.Single(
            leader.Receive(2, Accepted(B(2, 0), through: 1))), Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.MajorityChooses)]
    public void An_answer_of_what_was_never_proposed_is_a_lie()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        string[] blame = [$"violated by m2: {MultiPaxosRules.MajorityChooses}"];

        Assert.Equal(blame, leader.Receive(2, Accepted(First, through: 2)));
        Assert.Equal(blame, leader.Receive(2, Accepted(First, through: 1, round: 99)));
    }

    // The follower has i1 of round 1, which is not what round 2 has chosen there.
    [Fact]
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void What_has_an_older_ballot_is_not_taken_for_chosen_and_the_right_value_is_learned()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "wrong"));
        Proposal beat = new(B(2, 2)) { First = 3, Base = 1, Chosen = 2, Last = 2 };

        string[] lines = follower.Receive(2, beat.Frame());
        Assert.Equal("send {m2} Learn b2.m2 from i1 at once", lines[^1]);
        Assert.DoesNotContain(lines, static line => line.StartsWith("deliver", Ordinal));
        Assert.Equal(LogIndex.Zero, follower.Chosen);

        Lesson lesson = new(B(2, 2)) { Slots = [new Told(B(2, 2), "right")] };
        lines = follower.Receive(2, lesson.Frame());
        Assert.Equal("persist r4 value i1 b2.m2 Command chosen i0 [+43,5]", lines[0]);
        Assert.Equal("deliver [r4+27,5] gate r4", lines[1]);
        Assert.Equal(["b2.m2 right"], follower.Slots());
    }

    [Fact]
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    public void What_is_accepted_in_the_ballot_of_the_leader_is_chosen_by_its_index_and_no_more()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "old"), (1, "x"), (1, "y"));
        follower.Receive(2, new Proposal(B(2, 2)) { Commands = ["new"] }.Frame());
        Proposal beat = new(B(2, 2)) { First = 4, Chosen = 3, Last = 3 };
        string[] lines = follower.Receive(2, beat.Frame());

        Assert.Single(lines, static line => line.StartsWith("deliver", Ordinal));
        Assert.Equal(new LogIndex(1), follower.Chosen);
        Assert.Equal("Accepted b2.m2 through i1 chosen i1 round 0 gap before i4 last i3",
            Assert.Single(follower.Settle())["send {m2} ".Length..^" gate r6".Length]);
    }

    [Fact]
    [Feature("D01")]
    [Rule(LeaderRules.LostIsSentAgain)]
    [Rule(MultiPaxosRules.Pipelining)]
    public void What_a_follower_lacks_is_sent_again_from_there()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        for (int command = 0; command < 3; command++)
        {
            leader.Propose(7 + command, "a");
            leader.Settle();
        }

        leader.Receive(1, Lacking(First, through: 1, before: 3));
        Assert.Contains("send {m1} Accept b1.m0 from i2", leader.Settle()[0], Ordinal);
    }

    // An answer just before took nothing, and a second one of its kind would be left alone.
    [Fact]
    [Feature("D01")]
    [Rule(LeaderRules.LostIsSentAgain)]
    public void A_gap_is_filled_at_once_whatever_was_answered_before()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        leader.Receive(1, Accepted(First, through: 1));
        for (int command = 0; command < 3; command++)
        {
            leader.Propose(7 + command, "a");
            leader.Settle();
        }

        leader.Receive(1, Lacking(First, through: 1, before: 3));
        Assert.Contains("send {m1} Accept b1.m0 from i2", leader.Settle()[0], Ordinal);
    }

    [Fact]
    [Feature("D01")]
    [Rule(MultiPaxosRules.Pipelining)]
    public void Proposals_follow_each_other_without_waiting_for_answers()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        for (int command = 0; command < 3; command++)
        {
            leader.Propose(7 + command, "a");
            Assert.StartsWith(
                $"send {{m1,m2}} Accept b1.m0 from i{2 + command} base i0 chosen i1",
                leader.Settle()[0],
                Ordinal);
        }
    }

    [Fact]
    [Rule(MultiPaxosRules.AppliedInOrder)]
    public void Slots_come_in_any_order_and_are_delivered_once_and_in_theirs()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"));
        byte[] third = new Proposal(B(1, 0))
        {
            First = 3,
            Chosen = 3,
            Commands = ["c"],
        }.Frame();
        byte[] second = new Proposal(B(1, 0))
        {
            First = 2,
            Chosen = 3,
            Last = 3,
            Commands = ["bb"],
        }.Frame();

        Assert.Equal(["deliver [r2+27,1] gate r2"], Delivered(follower.Receive(0, third)));
        Assert.Equal(
            ["deliver [r4+27,2] gate r4", "deliver [r3+27,1] gate r3"],
            Delivered(follower.Receive(0, second)));
        Assert.Empty(Delivered(follower.Receive(0, third)));
        Assert.Empty(Delivered(follower.Receive(0, second)));
    }

    [Fact]
    [Rule(MultiPaxosRules.AppliedInOrder)]
    [Rule(MultiPaxosRules.ChosenStays)]
    public void To_choose_out_of_order_or_what_is_not_there_is_fatal()
    {
        MultiPaxosState state = MultiPaxosScenes.Follower((1, "a")).Kernel.State;

        Assert.Throws<InvariantBrokenException>(() => state.Choose(new LogIndex(2)));
        state.Choose(new LogIndex(1));
        Assert.Throws<InvariantBrokenException>(() => state.Choose(new LogIndex(1)));
        Assert.Throws<InvariantBrokenException>(() => state.Choose(new LogIndex(2)));
        Assert.Throws<InvariantBrokenException>(() => state.Promise(Ballot.Zero));
        Assert.Throws<InvariantBrokenException>(
            () => state.Slots.Raise(new LogIndex(1), Ballot.Zero, default));
    }

    [Fact]
    [Rule(MultiPaxosRules.ChosenStays)]
    public void What_is_chosen_is_never_touched_whoever_proposes()
    {
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"));
        follower.Receive(0, new Proposal(B(1, 0)) { First = 2, Chosen = 1, Last = 1 }.Frame());
        follower.Receive(2, new Proposal(B(2, 2)) { Commands = ["x", "b"] }.Frame());
        follower.Receive(2, new Lesson(B(2, 2)) { Slots = [new Told(B(2, 2), "x")] }.Frame());

        Assert.Equal(["b1.m0 a", "b2.m2 b"], follower.Slots());
        Assert.Contains("through i2", follower.Settle()[^1], Ordinal);
    }

    [Fact]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    public void A_leader_proposes_at_most_so_many_slots_beyond_what_is_chosen()
    {
        MultiPaxosMember leader =
            MultiPaxosScenes.Leader(3, new MultiPaxosOptions { SlotsAheadMax = 2 });
        leader.Propose(7, "a");
        leader.Propose(8, "b");
        Assert.Equal(["reject q9 Overloaded"], leader.Propose(9, "c"));
        leader.Settle();
        leader.Persisted();
        leader.Receive(1, Accepted(First, through: 2));

        Assert.StartsWith("persist", Assert.Single(leader.Propose(10, "d")), Ordinal);
        Assert.Equal(["reject q11 Overloaded"], leader.Propose(11, "e"));
    }

    // m2 has i4 of a leader that this one heard nothing of; it cannot be chosen.
    [Fact]
    [Rule(MultiPaxosRules.HolesAreFilled)]
    public void What_an_acceptor_has_above_all_that_phase_1_told_of_is_filled_with_no_ops()
    {
        MultiPaxosMember leader = MultiPaxosScenes.Leader(3);
        leader.Receive(2, AcceptedBelow(First, through: 1, last: 4));

        Assert.Equal(["b1.m0 0", "b1.m0 NoOp", "b1.m0 NoOp", "b1.m0 NoOp"], leader.Slots());
        Assert.Contains("Accept b1.m0 from i2", leader.Settle()[0], Ordinal);
        leader.Receive(1, AcceptedBelow(First, through: 1, last: 1L << 57));
        Assert.InRange(
            leader.Slots().Count, 4, 1 + new MultiPaxosOptions().SlotsAheadMax);
    }

    [Fact]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    public void An_acceptor_takes_no_slot_far_beyond_what_it_knows_to_be_chosen()
    {
        MultiPaxosMember follower =
            MultiPaxosScenes.Follower(new MultiPaxosOptions { SlotsAheadMax = 2 }, (1, "a"));
        Proposal far = new(B(1, 0)) { First = 2, Commands = ["b", "c"] };
        follower.Receive(0, far.Frame());
        Assert.Equal(["b1.m0 a", "b1.m0 b"], follower.Slots());
        Assert.Contains("through i2 chosen i0 round 0", follower.Settle()[^1], Ordinal);

        follower.Receive(0, (far with { Chosen = 1 }).Frame());
        follower.Receive(0, (far with { Chosen = 1 }).Frame());
        Assert.Equal(["b1.m0 a", "b1.m0 b", "b1.m0 c"], follower.Slots());
    }

    // A promise of slots beyond its window would let any member fill the memory of a proposer.
    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    public void A_promise_with_a_gap_or_with_newer_ballots_is_a_lie()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3);
        candidate.Persisted();
        string[] blame = [$"violated by m1: {MultiPaxosRules.PromiseReportsAll}"];

        Assert.Equal(blame, candidate.Receive(1, new Report(First) { Last = 3 }.Frame()));
        Assert.Equal(
            blame,
            candidate.Receive(1, new Report(First) { Slots = [new Told(First, "a")] }.Frame()));
        Report hole = new(First) { Chosen = 2, Slots = [new Told(B(0, 1), "a"), Told.Nothing] };
        Assert.Equal(blame[0], candidate.Receive(1, hole.Frame())[^1]);
        Assert.Equal(KernelRole.Campaigning, candidate.Kernel.Status.Role);
    }

    private static string[] Delivered(string[] lines) =>
        [.. lines.Where(static line => line.StartsWith("deliver", Ordinal))];

    private static Ballot First => MultiPaxosScenes.First;

    private static StringComparison Ordinal => StringComparison.Ordinal;
}
