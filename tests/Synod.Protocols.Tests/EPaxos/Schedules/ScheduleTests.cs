using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos.Schedules;

/// <summary>Schedules that have broken EPaxos before, or that a rule is for, step by step
/// (protocols §1.14), on whole groups under audit.</summary>
public class ScheduleTests
{
    private static readonly InstanceId First = Id(0, 1);

    // B1: m0 answers two questions before the second is finished, and holds an old vote. Who takes
    // its promise for the ballot of that vote revives it, where m1 has decided something else.
    [Fact]
    [Rule(EPaxosRules.PromiseKeepsVote)]
    [Rule(EPaxosRules.RecoveryChooses)]
    public void B1_an_old_vote_behind_a_new_promise_is_not_revived()
    {
        HandSchedule group = new(3);
        group.Propose(1);
        group.Send(EPaxosKind.PreAccept, 1, 2);
        group.Propose(0);
        group.Ask(EPaxosKind.PreAccept, 0, 2);
        Assert.StartsWith("Accepted", group[0].Knows(0, 1), StringComparison.Ordinal);
        group.LoseAll();

        group.Miss(1, 0);
        group.BeginRecovery(1, First);
        group.Ask(EPaxosKind.Recover, 1, 2);
        group.Ask(EPaxosKind.Accept, 1, 2);
        Assert.Equal("Committed NoOp b1.m1 b1.m1 [] executed", group[1].Knows(0, 1));
        group.Kill(1);

        group.BeginRecovery(2, First);
        group.Send(EPaxosKind.Recover, 2, 0, First);
        group.BeginRecovery(0, First);
        Assert.EndsWith("b3.m0 b0 [0,1]", group[0].Knows(0, 1), StringComparison.Ordinal);
        group.LoseAll();

        Assert.Equal("Accepted NoOp b2.m2 b1.m1 []", group[2].Knows(0, 1));
        group.Forge(group[0], group[2], Nack(First, B(3, 0)));
        group.BeginRecovery(2, First);
        group.Ask(EPaxosKind.Recover, 2, 0, First);
        Assert.Equal("Accepted NoOp b4.m2 b4.m2 []", group[2].Knows(0, 1));
        group.Ask(EPaxosKind.Accept, 2, 0, First);
        Assert.StartsWith("Committed NoOp", group[2].Knows(0, 1), StringComparison.Ordinal);
        group.Heal();
    }

    // B9, rule C: the owner decides, and loses that before it is flushed. Then it is of the quorum
    // of a recovery and says that it has decided nothing.
    [Fact]
    [Rule(EPaxosRules.CommitIsDurable)]
    [Rule(EPaxosRules.OwnerInQuorum)]
    public void B9_a_decision_that_was_lost_with_a_crash_was_told_and_executed_nowhere()
    {
        HandSchedule group = new(3);
        group.Propose(0);
        group.Send(EPaxosKind.PreAccept, 0, 1);
        group.Arrive(EPaxosKind.PreAcceptOk, 1, 0);
        Assert.StartsWith("Committed", group[0].Knows(0, 1), StringComparison.Ordinal);
        Assert.DoesNotContain(
            group.Group.Flights, static flight => flight.Frame[1] == (byte)EPaxosKind.Commit);
        Assert.Equal(0, group.Group.Audit.DeliveredCount);

        group.Kill(0);
        group.Group.Restart(group[0]);
        group.BeginRecovery(1, First);
        group.Ask(EPaxosKind.Recover, 1, 0);
        Assert.Equal("Accepted NoOp b1.m1 b1.m1 []", group[1].Knows(0, 1));
        group.Heal();
        Assert.Equal(0, group.Group.Audit.DeliveredCount);
    }

    // Protocols §1.8(8). m0's proposal has reached m2 and m4, its slow path m2 alone. m1 and m3
    // vote for a no-op, and m3 does not know of what. Then the owner comes back and finishes.
    [Fact]
    [Rule(EPaxosRules.UndecidedNoOpConflicts)]
    public void An_undecided_no_op_that_is_revived_is_ordered_against_what_came_in_between()
    {
        HandSchedule group = new(5);
        group.Propose(4);
        group.LoseAll();
        group.Propose(0);
        group.Ask(EPaxosKind.PreAccept, 0, 2);
        group.Ask(EPaxosKind.PreAccept, 0, 4);
        group.Send(EPaxosKind.Accept, 0, 2);
        group.LoseAll();
        group.Kill(0);

        group.BeginRecovery(1, First);
        group.Ask(EPaxosKind.Recover, 1, 3);
        group.Ask(EPaxosKind.Recover, 1, 4);
        Assert.Equal("Accepted NoOp b1.m1 b1.m1 []", group[1].Knows(0, 1));
        group.Send(EPaxosKind.Accept, 1, 3);
        group.LoseAll();
        Assert.Equal("Accepted NoOp b1.m1 b1.m1 []", group[3].Knows(0, 1));

        group.Propose(3);
        Assert.StartsWith("PreAccepted", group[3].Knows(3, 1), StringComparison.Ordinal);
        Assert.EndsWith("b0 [1]", group[3].Knows(3, 1), StringComparison.Ordinal);
        group.Ask(EPaxosKind.PreAccept, 3, 1);
        group.Ask(EPaxosKind.PreAccept, 3, 4);
        group.LoseAll();

        group.Group.Restart(group[0]);
        group.BeginRecovery(0, First);
        group.Send(EPaxosKind.Recover, 0, 4);
        group.Send(EPaxosKind.Nack, 4, 0);
        group.LoseAll();
        group.BeginRecovery(0, First);
        group.Ask(EPaxosKind.Recover, 0, 2);
        group.Ask(EPaxosKind.Recover, 0, 4);
        Assert.StartsWith("Accepted", group[0].Knows(0, 1), StringComparison.Ordinal);
        Assert.EndsWith("b2.m0 [0,0,0,0,1]", group[0].Knows(0, 1), StringComparison.Ordinal);
        group.Heal();
    }

    // Two owners are dead. m0 and m1 agree with the one, m2 with the other: the one waits for the
    // other, which at the bound gives way.
    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    [Rule(EPaxosRules.ValidationChooses)]
    public void Of_two_dead_owners_that_did_not_know_of_each_other_both_are_decided()
    {
        HandSchedule group = new(5);
        group.Propose(3);
        group.Propose(4);
        group.Send(EPaxosKind.PreAccept, 3, 0);
        group.Send(EPaxosKind.PreAccept, 3, 1);
        group.Send(EPaxosKind.PreAccept, 4, 2);
        group.LoseAll();
        group.Kill(3);
        group.Kill(4);

        group.BeginRecovery(0, Id(3, 1));
        group.Ask(EPaxosKind.Recover, 0, 1);
        group.Ask(EPaxosKind.Recover, 0, 2);
        group.Ask(EPaxosKind.Validate, 0, 1);
        group.Ask(EPaxosKind.Validate, 0, 2);
        Assert.Single(group[0].Kernel.Waits);
        group.LoseAll();

        group.BeginRecovery(0, Id(4, 1));
        group.LoseAllBut(EPaxosKind.Recover, Id(4, 1));
        group.Ask(EPaxosKind.Recover, 0, 1);
        group.Ask(EPaxosKind.Recover, 0, 2);
        group.Ask(EPaxosKind.Validate, 0, 1);
        group.Ask(EPaxosKind.Validate, 0, 2);
        Assert.StartsWith("Accepted NoOp", group[0].Knows(4, 1), StringComparison.Ordinal);
        group.Ask(EPaxosKind.Accept, 0, 1);
        group.Ask(EPaxosKind.Accept, 0, 2);
        Assert.StartsWith("Committed NoOp", group[0].Knows(4, 1), StringComparison.Ordinal);
        Assert.Empty(group[0].Kernel.Waits);
        Assert.DoesNotContain("NoOp", group[0].Knows(3, 1), StringComparison.Ordinal);
        group.Heal();
        Assert.Equal(1, group.Group.Audit.DeliveredCount);
    }

    // Case 5c of §1.5b. m2 recovers what m3 has left, and waits for what m4 has proposed, who is
    // of its quorum. m1 does not hear m4, finds that two agree with it, and waits, too: so many
    // cannot have agreed if m3 had committed at once.
    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    public void Who_hears_that_enough_agree_with_what_it_waits_for_gives_way()
    {
        HandSchedule group = new(5);
        group.Propose(3);
        group.Propose(4);
        group.Send(EPaxosKind.PreAccept, 3, 2);
        group.Send(EPaxosKind.PreAccept, 4, 0);
        group.Send(EPaxosKind.PreAccept, 4, 1);
        group.LoseAll();
        group.Kill(3);

        group.BeginRecovery(2, Id(3, 1));
        group.Ask(EPaxosKind.Recover, 2, 4, Id(3, 1));
        group.Ask(EPaxosKind.Recover, 2, 0, Id(3, 1));
        group.Ask(EPaxosKind.Validate, 2, 4, Id(3, 1));
        group.Ask(EPaxosKind.Validate, 2, 0, Id(3, 1));
        Assert.Single(group[2].Kernel.Waits);
        group.LoseAll();

        group.Miss(1, 4);
        group.BeginRecovery(1, Id(4, 1));
        group.Ask(EPaxosKind.Recover, 1, 0, Id(4, 1));
        group.Ask(EPaxosKind.Recover, 1, 2, Id(4, 1));
        group.Ask(EPaxosKind.Validate, 1, 0, Id(4, 1));
        group.Ask(EPaxosKind.Validate, 1, 2, Id(4, 1));
        Assert.Single(group[1].Kernel.Waits);
        Assert.DoesNotContain("NoOp", group[2].Knows(3, 1), StringComparison.Ordinal);

        group.Send(EPaxosKind.Waiting, 1, 2, Id(4, 1));
        Assert.StartsWith("Accepted NoOp", group[2].Knows(3, 1), StringComparison.Ordinal);
        Assert.Empty(group[2].Kernel.Waits);
        group.Heal();
    }

    // An owner that is slow: its quorum has answered, and it has promised to another by then.
    [Fact]
    [Rule(EPaxosRules.StaleAttemptsEnd)]
    public void Answers_that_come_after_the_promise_of_their_owner_decide_nothing()
    {
        HandSchedule group = new(3);
        group.Propose(0);
        group.Send(EPaxosKind.PreAccept, 0, 1);
        group.Send(EPaxosKind.PreAccept, 0, 2);
        group.Miss(1, 0);
        group.BeginRecovery(1, First);
        group.Send(EPaxosKind.Recover, 1, 0);
        group.Send(EPaxosKind.PreAcceptOk, 1, 0);
        group.Send(EPaxosKind.PreAcceptOk, 2, 0);

        Assert.StartsWith("PreAccepted", group[0].Knows(0, 1), StringComparison.Ordinal);
        group.Send(EPaxosKind.RecoverOk, 0, 1);
        Assert.Equal("Accepted NoOp b1.m1 b1.m1 []", group[1].Knows(0, 1));
        group.Heal();
        Assert.Equal(1, group.Group.Audit.DeliveredCount);
    }

    // A client asks a second member because the first one does not answer.
    [Fact]
    [Rule(EPaxosRules.CyclesByOwnerAndSlot)]
    public void A_command_that_comes_to_two_members_is_executed_in_one_order_everywhere()
    {
        HandSchedule group = new(3);
        group.Propose(0);
        group.Propose(1);
        group.Ask(EPaxosKind.PreAccept, 0, 2);
        group.Ask(EPaxosKind.PreAccept, 1, 2);
        group.Heal();

        Assert.Equal(2, group.Group.Audit.DeliveredCount);
    }

    // Seeds E7: wherever its owner dies, the others finish an instance or make nothing of it.
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [Rule(EPaxosRules.DesignatedRecoverer)]
    public void An_instance_whose_owner_dies_after_so_many_answers_is_decided_by_the_others(
        int reached, bool isAnswered)
    {
        HandSchedule group = new(5);
        group.Propose(0);
        for (int member = 1; member <= reached; member++)
        {
            group.Send(EPaxosKind.PreAccept, 0, member);
            if (isAnswered)
                group.Arrive(EPaxosKind.PreAcceptOk, member, 0);
        }

        group.Kill(0);
        group.LoseAll();
        group.Propose(1);
        Assert.True(group.Group.RunUntil(
            () => group.Group.Audit.OpenCount == 0 && Enumerable.Range(1, 4).All(
                member => group[member].Knows(0, 1) is "" or ['C', ..]),
            TimeSpan.FromSeconds(10)));
        group.Heal();
    }

    // Seeds E7, after its acceptance: m1 has another command on the key, which the owner does not
    // know. What two have accepted, whoever recovers meets, since it asks three of four.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Rule(EPaxosRules.RecoveryChooses)]
    public void A_command_whose_owner_dies_when_so_many_have_accepted_it_is_decided_by_the_others(
        int accepted)
    {
        HandSchedule group = new(5);
        group.Propose(1);
        group.Send(EPaxosKind.PreAccept, 1, 2);
        group.LoseAll();
        group.Propose(0);
        group.Ask(EPaxosKind.PreAccept, 0, 2);
        group.Ask(EPaxosKind.PreAccept, 0, 3);
        Assert.StartsWith("Accepted", group[0].Knows(0, 1), StringComparison.Ordinal);
        string command = group[0].Knows(0, 1).Split(' ')[1];
        for (int member = 2; member < 2 + accepted; member++)
            group.Send(EPaxosKind.Accept, 0, member);
        group.Kill(0);

        Assert.True(group.Group.RunUntil(
            () => Enumerable.Range(1, 4).All(
                member => group[member].Knows(0, 1) is ['C', ..]),
            TimeSpan.FromSeconds(10)));
        string decided = group[1].Knows(0, 1).Split(' ')[1];
        Assert.Contains(decided, accepted == 2 ? [command] : new[] { command, "NoOp" });
        group.Heal();
        Assert.Equal(decided == command ? 2 : 1, group.Group.Audit.DeliveredCount);
    }

    // The first slots of m0 were reserved, and what was proposed in one of them is lost. What comes
    // after the restart covers them.
    [Fact]
    [Rule(EPaxosRules.SlotsAreReserved)]
    [Rule(EPaxosRules.RestartMeansNewBallot)]
    public void A_gap_of_slots_that_a_restart_leaves_is_decided_and_holds_up_nobody()
    {
        HandSchedule group = new(3, new EPaxosOptions { SlotBlock = 4 });
        group.Group.Propose(group[0], new byte[8]);
        group.Group.Crash(group[0], lucky: 1);
        group.LoseAll();
        group.Group.Restart(group[0]);
        Assert.Equal("", group[0].Knows(0, 1));

        group.Propose(0);
        group.Ask(EPaxosKind.PreAccept, 0, 1);
        group.LoseAll();
        group.Propose(1);
        Assert.EndsWith("b0 [5]", group[1].Knows(1, 1), StringComparison.Ordinal);
        group.Ask(EPaxosKind.PreAccept, 1, 0);
        Assert.DoesNotContain("executed", group[1].Knows(1, 1), StringComparison.Ordinal);

        group.Heal();
        for (int slot = 1; slot <= 4; slot++)
            Assert.StartsWith("Committed NoOp", group[1].Knows(0, slot), StringComparison.Ordinal);
        Assert.Equal(2, group.Group.Audit.DeliveredCount);
    }
}
