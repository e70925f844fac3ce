using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>Recovery, case by case (protocols §1.5b).</summary>
public class RecoveryTests
{
    private static readonly InstanceId Theirs = Id(4, 1);

    private static readonly (EPaxosCover, EPaxosCover) Agreeing = (default, default);

    [Fact]
    [Rule(EPaxosRules.PromiseKeepsVote)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void A_promise_tells_in_which_ballot_the_value_was_accepted()
    {
        EPaxosMember member = EPaxosMember.Of(1, 5);
        member.Receive(2, Accept(Theirs, B(1, 2), "a", Cover(3)));
        Says(member.Receive(3, Recover(Theirs, B(2, 3))), "Accepted", "in b1.m2", "gate r2");
        Says(member.Receive(0, Recover(Theirs, B(5, 0))), "RecoverOk m4.1 b5.m0", "in b1.m2");
        Says(member.Receive(3, Recover(Theirs, B(2, 3))), "Nack m4.1 b5.m0");
    }

    [Fact]
    [Rule(EPaxosRules.DesignatedRecoverer)]
    [Rule(EPaxosRules.RestartMeansNewBallot)]
    public void The_first_that_is_connected_recovers_and_its_promise_is_durable_before()
    {
        EPaxosMember member = EPaxosMember.Of(0, 5);
        member.Receive(4, PreAccept(Theirs, "a"));
        member.PeerDown(4);

        string[] lines = member.WakeWhenDue();
        Says(lines, "persist r2 promised m4.1 b1.m0");
        Says(lines, "send {m1,m2,m3,m4} Recover m4.1 b1.m0 gate r2");
    }

    // The one that recovers may be the one that its proposal has not reached.
    [Fact]
    [Rule(EPaxosRules.DesignatedRecoverer)]
    public void Whoever_knows_of_a_proposal_of_a_lost_owner_tells_the_first_that_is_connected()
    {
        EPaxosMember member = EPaxosMember.Of(1, 3);
        member.Receive(2, PreAccept(Id(2, 1), "a"));
        member.PeerDown(2);
        Instant lost = member.Now;

        Says(member.WakeWhenDue(), "send {m0,m2} TryRecover m2.1");
        Assert.True(member.Now - lost <= 2 * new EPaxosOptions().RecoverDelay);
    }

    // What was under way when its connection was lost comes after the news of that.
    [Fact]
    [Rule(EPaxosRules.DesignatedRecoverer)]
    public void A_proposal_that_comes_after_the_loss_of_its_owner_is_recovered_as_soon()
    {
        EPaxosMember member = EPaxosMember.Of(0, 3);
        member.PeerDown(2);
        Instant lost = member.Now;
        member.Receive(2, PreAccept(Id(2, 1), "a"));

        Says(member.WakeWhenDue(), "Recover m2.1 b1.m0");
        Assert.True(member.Now - lost <= 2 * new EPaxosOptions().RecoverDelay);
    }

    [Fact]
    [Rule(EPaxosRules.MissingIsAskedFor)]
    [Rule(EPaxosRules.DesignatedRecoverer)]
    public void Who_is_not_the_one_to_recover_asks_three_times_and_then_does_it()
    {
        EPaxosMember member = EPaxosMember.Of(1, 5);
        member.Receive(4, PreAccept(Theirs, "a"));
        for (int asked = 0; asked < 3; asked++)
            Says(member.WakeWhenDue(), "send {m0,m2,m3,m4} TryRecover m4.1");

        Says(member.WakeWhenDue(), "Recover m4.1 b1.m1");
    }

    [Fact]
    [Rule(EPaxosRules.RecoveryChooses)]
    public void The_value_of_the_highest_ballot_is_proposed_and_not_that_of_a_promise()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(5, Theirs);
        recoverer.Receive(1, Accepted(Theirs, (ballot, B(0, 0)), "a", Cover(1)));

        Says(
            recoverer.Receive(2, Accepted(Theirs, (ballot, B(0, 3)), null)),
            "accepted m4.1 b1.m0 NoOp");
    }

    // B5, B6: the report of each member is taken for itself.
    [Fact]
    [Rule(EPaxosRules.OwnerInQuorum)]
    public void An_owner_that_has_only_pre_accepted_has_decided_nothing()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(5, Theirs);
        recoverer.Receive(1, PreAccepted(Theirs, ballot, "a", Agreeing));

        Says(
            recoverer.Receive(4, PreAccepted(Theirs, ballot, "a", Agreeing)),
            "accepted m4.1 b1.m0 NoOp dep []");
    }

    [Fact]
    [Rule(EPaxosRules.FastPathImpossible)]
    public void Too_few_that_agree_with_the_owner_mean_that_it_has_not_committed_at_once()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(5, Theirs);
        recoverer.Receive(1, PreAccepted(Theirs, ballot, "a", (Cover(7), default)));

        Says(recoverer.Receive(2, Blank(Theirs, ballot)), "accepted m4.1 b1.m0 NoOp dep []");
    }

    [Fact]
    [Rule(EPaxosRules.ValidateIsNoVote)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void A_validation_changes_neither_phase_nor_dependencies_and_tells_what_is_uncovered()
    {
        EPaxosMember member = EPaxosMember.Of(1, 5);
        member.Receive(2, Commit(Id(2, 1), "covered"));
        member.Receive(2, Commit(Id(2, 2), "covers", Cover(0, 0, 1, 0, 1)));
        member.Receive(2, Commit(Id(2, 3), "neither", Cover(0, 0, 2)));
        member.Receive(3, PreAccept(Id(3, 1), "open"));
        member.Receive(3, PreAccept(Id(3, 2), "another key", default, L));
        member.Receive(0, Recover(Theirs, B(1, 0)));

        string[] lines = member.Receive(0, Validate(Theirs, B(1, 0), "a", Cover(0, 0, 1)));
        Says(lines, "persist", "validated m4.1 b1.m0 Command(1)");
        Says(lines, "send {m0} ValidateOk m4.1 b1.m0 uncovered m2.3!,m3.1 gate");
        Assert.Equal("Initial a b1.m0 b0 []", member.Knows(4, 1));
        Says(member.Receive(3, PreAccept(Id(3, 3), "later")), "PreAcceptOk", "[0,0,3,1,1]");
    }

    [Fact]
    [Rule(EPaxosRules.ValidationChooses)]
    public void Nothing_uncovered_confirms_the_command_when_the_whole_quorum_has_answered()
    {
        (EPaxosMember recoverer, Ballot ballot) = Validating();
        SaysNot(recoverer.Receive(1, ValidateOk(Theirs, ballot)), "persist");

        Says(
            recoverer.Receive(2, ValidateOk(Theirs, ballot)),
            "accepted m4.1 b1.m0 Command(1, known) dep []");
    }

    // The own validation may need no record; then nothing has to become durable for it.
    [Fact]
    [Rule(EPaxosRules.ValidationChooses)]
    public void Whoever_has_pre_accepted_it_counts_its_own_validation_at_once()
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, 5);
        recoverer.Receive(4, PreAccept(Theirs, "a"));
        Recover(recoverer, Theirs);
        recoverer.Receive(1, PreAccepted(Theirs, B(1, 0), "a", Agreeing));
        recoverer.Receive(2, Blank(Theirs, B(1, 0)));
        recoverer.Receive(1, ValidateOk(Theirs, B(1, 0)));

        Says(recoverer.Receive(2, ValidateOk(Theirs, B(1, 0))), "accepted m4.1", "Command");
    }

    [Fact]
    [Rule(EPaxosRules.ValidationChooses)]
    public void Something_decided_that_neither_covers_nor_is_covered_refutes_it()
    {
        (EPaxosMember recoverer, Ballot ballot) = Validating();
        recoverer.Receive(1, ValidateOk(Theirs, ballot, new UncoveredInstance(Id(1, 3), true)));

        Says(recoverer.Receive(2, ValidateOk(Theirs, ballot)), "accepted m4.1 b1.m0 NoOp");
    }

    // Step 4c: |Rmax| = |Q| − e, so every member outside has voted, the owner of the other, too.
    [Fact]
    [Rule(EPaxosRules.ValidationChooses)]
    public void At_the_bound_something_of_an_owner_outside_the_quorum_refutes_it()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(5, Theirs);
        recoverer.Receive(1, PreAccepted(Theirs, ballot, "a", Agreeing));
        recoverer.Receive(2, Blank(Theirs, ballot));
        recoverer.Persisted();
        recoverer.Receive(1, ValidateOk(Theirs, ballot, new UncoveredInstance(Id(3, 1), false)));

        Says(recoverer.Receive(2, ValidateOk(Theirs, ballot)), "accepted m4.1 b1.m0 NoOp");
    }

    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    public void What_is_open_is_waited_for_and_its_decision_refutes_or_confirms()
    {
        EPaxosMember refuted = WaitingFor(Id(1, 3));
        Says(refuted.Receive(1, Commit(Id(1, 3), "x")), "accepted m4.1 b1.m0 NoOp");

        EPaxosMember confirmed = WaitingFor(Id(1, 3));
        Says(
            confirmed.Receive(1, Commit(Id(1, 3), "x", Cover(0, 0, 0, 0, 1))),
            "accepted m4.1 b1.m0 Command");

        EPaxosMember nothing = WaitingFor(Id(1, 3));
        Says(
            nothing.Receive(1, CommitNoOp(Id(1, 3), B(1, 1))),
            "accepted m4.1 b1.m0 Command");
    }

    // Step 5c: n − f − e = 1.
    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    public void Of_two_that_wait_for_each_other_one_gives_way()
    {
        EPaxosMember recoverer = WaitingFor(Id(1, 3));
        SaysNot(recoverer.Receive(3, Waiting(Id(1, 3), 1)), "persist");

        Says(recoverer.Receive(3, Waiting(Id(1, 3), 2)), "accepted m4.1 b1.m0 NoOp");
    }

    // Step 5d.
    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    public void A_late_answer_ends_the_waiting()
    {
        EPaxosMember owner = WaitingFor(Id(1, 3));
        Says(
            owner.Receive(4, PreAccepted(Theirs, B(1, 0), "a", Agreeing)),
            "accepted m4.1 b1.m0 NoOp");

        EPaxosMember voter = WaitingFor(Id(1, 3));
        Says(
            voter.Receive(3, Accepted(Theirs, (B(1, 0), B(0, 0)), "a", Cover(8))),
            "accepted m4.1 b1.m0 Command(1, known) dep [8]");

        EPaxosMember decided = WaitingFor(Id(1, 3));
        Says(decided.Receive(3, Commit(Theirs, "a", Cover(8))), "committed m4.1 b0");
    }

    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    [Rule(EPaxosRules.MissingIsAskedFor)]
    public void Who_waits_says_so_again_and_asks_for_what_it_waits_for()
    {
        EPaxosMember recoverer = WaitingFor(Id(1, 3));

        string[] lines = recoverer.WakeWhenDue();
        Says(lines, "send {m1,m2,m3,m4} Waiting m4.1 2");
        Says(lines, "TryRecover m1.3");
        Says(lines, "send {m3,m4} Recover m4.1 b1.m0");
    }

    [Fact]
    [Rule(EPaxosRules.RefusedBacksOff)]
    public void Who_is_refused_waits_and_outbids()
    {
        (EPaxosMember recoverer, _) = Recoverer(5, Theirs);
        Instant before = recoverer.Now;
        Assert.Empty(recoverer.Receive(1, Nack(Theirs, B(7, 3))));

        Says(recoverer.WakeWhenDue(), "Recover m4.1 b8.m0");
        Assert.True(recoverer.Now - before >= new EPaxosOptions().ResendAfter);
    }

    [Fact]
    [Rule(EPaxosRules.StaleAttemptsEnd)]
    [Rule(EPaxosRules.OneValuePerBallot)]
    public void Answers_to_a_ballot_that_was_outbid_here_count_for_nothing()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(5, Theirs);
        recoverer.Receive(3, Recover(Theirs, B(4, 3)));
        recoverer.Persisted();

        Assert.Empty(recoverer.Receive(1, Blank(Theirs, ballot)));
        Assert.Empty(recoverer.Receive(2, Blank(Theirs, ballot)));
    }

    private static (EPaxosMember Recoverer, Ballot Ballot) Validating()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(5, Theirs);
        recoverer.Receive(1, PreAccepted(Theirs, ballot, "a", Agreeing));
        Says(
            recoverer.Receive(2, PreAccepted(Theirs, ballot, "a", Agreeing)),
            "send {m1,m2} Validate m4.1 b1.m0");
        recoverer.Persisted();
        return (recoverer, ballot);
    }

    private static EPaxosMember WaitingFor(InstanceId other)
    {
        (EPaxosMember recoverer, Ballot ballot) = Validating();
        recoverer.Receive(1, ValidateOk(Theirs, ballot));
        UncoveredInstance uncovered = new(other, IsCommitted: false);
        Says(
            recoverer.Receive(2, ValidateOk(Theirs, ballot, uncovered)),
            "send {m1,m2,m3,m4} Waiting m4.1 2");
        return recoverer;
    }
}
