using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos.Audit;

/// <summary>The audit finds what no correct member says, records or leaves undone.</summary>
public class EPaxosAuditTests
{
    [Fact]
    [Feature("A10")]
    [Rule(EPaxosRules.CommitIsDurable)]
    public void A_command_that_is_called_decided_and_is_not()
    {
        AuditScene scene = AuditScene.Fresh();
        scene.Group.Propose(scene.M0, new byte[8]);

        Assert.Equal(
            EPaxosRules.CommitIsDurable,
            scene.RuleOfStep(scene.M0, outbox => outbox.Committed(new(1), outbox.Appended)));
    }

    [Fact]
    [Feature("A10")]
    [Rule(EPaxosRules.CommitIsDurable)]
    public void A_command_that_is_called_decided_before_its_record_or_twice_or_in_vain()
    {
        AuditScene scene = AuditScene.Waiting();
        Outbox sound = AuditScene.OutboxOf(scene.M0);
        sound.Committed(new RequestId(99), sound.Appended);
        scene.Stepped(scene.M0, sound);

        string[] rules =
        [
            scene.RuleOfStep(scene.M0, static outbox => outbox.Committed(new(98), default)),
            scene.RuleOfStep(scene.M0, outbox => outbox.Committed(new(99), outbox.Appended)),
            scene.RuleOfStep(
                scene.M0, static outbox => outbox.Reject(new(99), RejectReason.NoQuorum)),
        ];
        Assert.All(rules, static rule => Assert.Equal(EPaxosRules.CommitIsDurable, rule));
    }

    [Fact]
    [Feature("C05")]
    [Rule(EPaxosRules.DamagedIsSilent)]
    public void A_damaged_member_that_begins_with_a_voice()
    {
        AuditScene scene = AuditScene.Fresh();
        EPaxosReplica held = EPaxosMember.Of(1, 3).Kernel;
        held.Lost(new RecordNumber(1), new RecordNumber(1), hidesStatement: false);
        scene.Audit.Ended(scene.M1.Self);
        scene.Audit.Damaged(scene.M1.Self);

        Assert.Equal(EPaxosRules.DamagedIsSilent, AuditScene.RuleOf(
            () => scene.Audit.Began(scene.M1.Self, scene.M1.Kernel, held)));
    }

    [Fact]
    [Feature("C05")]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void A_damaged_member_that_is_whole_before_all_is_decided_that_it_had_voted_for()
    {
        AuditScene scene = AuditScene.Fresh();
        scene.Forge(scene.M0, scene.M1, PreAccept(Id(0, 1), "a"));
        scene.Finish(scene.M1);
        Outbox damaged = AuditScene.OutboxOf(scene.M1);
        damaged.PersistStatement(new StateRecord(0, KernelHealth.Damaged));
        scene.Stepped(scene.M1, damaged);

        Assert.Equal(EPaxosRules.RepairCoversAll, scene.RuleOfStep(
            scene.M1, static outbox => outbox.PersistStatement(new StateRecord(0))));
    }

    // What it has forgotten it does not know: the owners do.
    [Fact]
    [Feature("C05")]
    [Rule(EPaxosRules.RepairCoversAll)]
    public void A_damaged_member_that_is_whole_before_each_other_has_answered_this_life()
    {
        foreach (byte[][] others in (byte[][][])[[], [Used(0, life: 9)], [Used(1)]])
        {
            Assert.Equal(
                EPaxosRules.RepairCoversAll,
                AuditScene.RuleOf(() => BecomeWhole([Used(0), .. others])));
        }

        BecomeWhole([Used(0), Used(0)]);
    }

    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    public void A_snapshot_of_more_than_is_executed_and_a_truncation_of_more_than_is_in_them()
    {
        AuditScene scene = AuditScene.Fresh();
        StateRecord saved = new(0) { Saved = Cover(1) };

        Assert.Equal(EPaxosRules.TruncatedBehindSnapshots, scene.RuleOfStep(
            scene.M1, outbox => outbox.PersistStatement(saved)));
        Assert.Equal(EPaxosRules.TruncatedBehindSnapshots, AuditScene.RuleOf(
            () => scene.Audit.Durable(
                scene.M1.Self,
                new RecordNumber(1),
                Encode(saved with { Truncated = Cover(1) }))));
    }

    // Whoever lacks it and meets it everywhere is told so; nothing that is promised breaks.
    [Fact]
    [Feature("C19")]
    [Rule(EPaxosRules.TruncatedIsSaid)]
    public void A_group_truncates_while_one_is_away()
    {
        AuditScene scene = AuditScene.Fresh();
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Work(scene.M0, scene.M1);
        scene.Group.Flights.Clear();
        scene.M0.Snapshot();
        scene.M1.Snapshot();
        scene.Work(scene.M0, scene.M1);
        Assert.Equal("", scene.M0.Knows(0, 1));
        Assert.Equal("", scene.M1.Knows(0, 1));

        scene.Group.Propose(scene.M2, new byte[8]);
        scene.Work(scene.M0, scene.M1, scene.M2);
        Assert.Equal("Committed", scene.M2.Knows(2, 1)[..9]);
        for (int wakes = 0; wakes < 3; wakes++)
        {
            scene.M2.WakeWhenDue();
            scene.Work(scene.M0, scene.M1, scene.M2);
        }

        scene.Group.Protocol.Check();
        Assert.Equal("", scene.M2.Knows(0, 1));
        Assert.DoesNotContain("executed", scene.M2.Knows(2, 1), StringComparison.Ordinal);
        Assert.Contains("executed", scene.M1.Knows(2, 1), StringComparison.Ordinal);
    }

    // Protocols §1.8(8): the no-op may be revived as anything.
    [Fact]
    [Rule(EPaxosRules.IndexedWithThePayload)]
    [Rule(EPaxosRules.UndecidedNoOpConflicts)]
    public void A_vote_that_leaves_out_a_conflict_or_an_undecided_no_op()
    {
        AuditScene scene = AuditScene.Fresh();
        scene.Forge(scene.M0, scene.M1, PreAccept(Id(0, 1), "a"));
        scene.Forge(scene.M2, scene.M1, AcceptNoOp(Id(0, 2), B(1, 2)));

        string[] rules =
        [
            scene.RuleOfStep(scene.M1, outbox => outbox.Persist(Vote(K, Cover()))),
            scene.RuleOfStep(scene.M1, outbox => outbox.Persist(Vote(K, Cover(1)))),
            scene.RuleOfStep(scene.M1, outbox => outbox.Persist(Vote(L, Cover(1)))),
        ];
        Assert.All(rules, static rule => Assert.Equal(EPaxosRules.IndexedWithThePayload, rule));
        Assert.Equal(
            EPaxosRules.ValidateIsNoVote,
            scene.RuleOfStep(scene.M1, outbox => outbox.Persist(Vote(L, Cover(2)))));
    }

    // B2: what the records say is a vote and what the kernel takes for one is the same.
    [Fact]
    [Rule(EPaxosRules.ValidateIsNoVote)]
    public void A_vote_that_no_record_says()
    {
        AuditScene scene = AuditScene.Fresh();
        scene.Forge(scene.M2, scene.M1, Recover(Id(0, 1), B(1, 2)));
        EPaxosInstance instance = scene.M1.Kernel.State.FindOrAdd(Id(0, 1));
        instance.Phase = EPaxosPhase.PreAccepted;

        Assert.Equal(EPaxosRules.ValidateIsNoVote, scene.RuleOfStep(
            scene.M1, static outbox => outbox.Persist(new InstanceRecord
            {
                Kind = EPaxosKind.ValidatedRecord,
                Id = Id(0, 1),
                Ballot = B(1, 2),
                Value = Command("a"),
            })));
    }

    [Fact]
    [Rule(EPaxosRules.GatherRead)]
    public void A_read_that_too_few_have_answered_in_this_life()
    {
        AuditScene scene = AuditScene.Fresh();
        scene.Group.Read(scene.M0);
        scene.Audit.Arrives(
            scene.M1.Self, scene.M0.Self, Gathered(1, default, life: 9));

        Assert.Equal(
            EPaxosRules.GatherRead,
            scene.RuleOfStep(scene.M0, static outbox => outbox.ReadReady(new RequestId(1))));
    }

    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    public void A_recovery_that_waits_on_when_it_has_heard_what_ends_it()
    {
        AuditScene scene = AuditScene.Fresh(5);
        scene.Group.PeerDown(scene.M0, scene.Of(4));
        scene.Forge(scene.M1, scene.M0, TryRecover(Id(4, 1)));
        scene.M0.WakeWhenDue();
        scene.Finish(scene.M0);
        foreach (EPaxosMember voter in (EPaxosMember[])[scene.M1, scene.M2])
        {
            scene.Forge(
                voter, scene.M0, PreAccepted(Id(4, 1), B(1, 0), "a", (default, default)));
        }

        scene.Finish(scene.M0);
        scene.Forge(scene.M1, scene.M0, ValidateOk(Id(4, 1), B(1, 0)));
        UncoveredInstance open = new(Id(3, 1), IsCommitted: false);
        scene.Forge(scene.M2, scene.M0, ValidateOk(Id(4, 1), B(1, 0), open));
        Assert.Single(scene.M0.Kernel.Waits);

        scene.Audit.Arrives(scene.M1.Self, scene.M0.Self, Waiting(Id(3, 1), 2));
        Assert.Equal(
            EPaxosRules.WaitingEndsCycles, scene.RuleOfStep(scene.M0, static _ => { }));
    }

    // What m0 and m2 have answered.
    private static void BecomeWhole(byte[][] answers)
    {
        AuditScene scene = AuditScene.Fresh();
        Outbox damaged = AuditScene.OutboxOf(scene.M1);
        damaged.PersistStatement(new StateRecord(0, KernelHealth.Damaged));
        damaged.SendAtOnce(
            MemberSet.Of(scene.M0.Self).With(scene.M2.Self),
            new AskUsed(new GatherTicket(1, 1, 0)),
            EPaxosRules.RepairCoversAll);
        scene.Stepped(scene.M1, damaged);
        foreach ((int place, byte[] answer) in answers.Index())
            scene.Audit.Arrives(scene.Of(2 * place).Self, scene.M1.Self, answer);

        Outbox whole = AuditScene.OutboxOf(scene.M1);
        whole.PersistStatement(new StateRecord(0));
        scene.Stepped(scene.M1, whole);
    }

    private static InstanceRecord Vote(Footprint footprint, EPaxosCover dep) => new()
    {
        Kind = EPaxosKind.PreAcceptedRecord,
        Id = Id(2, 1),
        Value = Command("x", footprint),
        Initial = dep,
        Dep = dep,
    };
}
