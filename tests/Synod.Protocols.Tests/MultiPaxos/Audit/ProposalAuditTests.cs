using Synod.Kernel;
using Synod.MultiPaxos;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos.Audit;

/// <summary>The audit finds proposals, acceptances and choices that must not be.</summary>
public class ProposalAuditTests
{
    private static readonly Ballot First = B(1, 0);

    [Fact]
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public void Two_commands_in_one_slot_and_ballot()
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(MultiPaxosRules.OneValuePerBallot, AuditScene.RuleOf(() => scene.Store(
            scene.M0, Value(2), [9, 9, 9, 9, 9, 9, 9, 9])));
    }

    [Fact]
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public void A_value_that_nobody_proposed()
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(MultiPaxosRules.OneValuePerBallot, AuditScene.RuleOf(
            () => scene.Store(scene.M1, Value(3), new byte[8])));
        Assert.Equal(MultiPaxosRules.OneValuePerBallot, AuditScene.RuleOf(() => scene.Leaves(
            scene.M0, scene.M1, new Proposal(First) { First = 3, Commands = ["x"] }.Frame())));
    }

    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void A_value_under_a_name_that_is_not_its_own()
    {
        MultiPaxosBallots ballots = new(new Quorums(3));
        LogIndex slot = new(1);
        ballots.Begin(First, LogIndex.Zero);
        ballots.Propose(
            slot, MultiPaxosSlotHead.First(First, MultiPaxosValueKind.Command, 1));
        ballots.Begin(B(2, 1), LogIndex.Zero);
        MultiPaxosSlotHead again = new(B(2, 1), First, MultiPaxosValueKind.Command, 1);
        ballots.Propose(slot, again);
        ballots.Meet(new Member(1), slot, again);
        ballots.Begin(B(3, 2), LogIndex.Zero);

        string[] rules =
        [
            AuditScene.RuleOf(() => ballots.Meet(
                new Member(1), slot, again with { Origin = B(2, 1) })),
            AuditScene.RuleOf(() => ballots.Propose(
                slot, new MultiPaxosSlotHead(B(3, 2), B(2, 1), again.Kind, 1))),
        ];
        Assert.All(rules, static rule => Assert.Equal(MultiPaxosRules.OriginNamesValue, rule));
    }

    // Equal bytes of another leader: a majority has them, and nothing is chosen by it.
    [Fact]
    [Rule(MultiPaxosRules.MajorityChooses)]
    [Rule(MultiPaxosRules.ChosenStays)]
    public void What_is_chosen_by_its_origin_is_proposed_by_it_in_higher_ballots()
    {
        MultiPaxosBallots ballots = new(new Quorums(3));
        LogIndex slot = new(1);
        ballots.Begin(First, LogIndex.Zero);
        ballots.Propose(slot, MultiPaxosSlotHead.First(First, MultiPaxosValueKind.NoOp, 0));
        ballots.Vote(new Member(0), slot, First);
        Assert.Null(ballots.ChosenAt(slot));
        ballots.Vote(new Member(1), slot, First);
        Assert.Equal(First, ballots.ChosenAt(slot));
        ballots.Begin(B(2, 1), LogIndex.Zero);

        Assert.Equal(MultiPaxosRules.ChosenStays, AuditScene.RuleOf(() => ballots.Propose(
            slot, MultiPaxosSlotHead.First(B(2, 1), MultiPaxosValueKind.NoOp, 0))));
    }

    [Fact]
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    public void An_acceptance_below_what_the_disk_has_promised()
    {
        AuditScene scene = AuditScene.Led();

        Assert.Equal(MultiPaxosRules.AcceptUnlessPromised, AuditScene.RuleOf(
            () => scene.Audit.Durable(scene.M2.Self, new RecordNumber(1), Encode(Value(1)))));
        Assert.Equal(MultiPaxosRules.AcceptUnlessPromised, AuditScene.RuleOf(
            () => scene.Audit.Durable(
                scene.M2.Self,
                new RecordNumber(1),
                Encode(new BallotRecord(new LogIndex(1), new LogIndex(1), First)))));
    }

    [Fact]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    public void An_answer_of_what_is_written_and_not_durable()
    {
        AuditScene scene = AuditScene.Led();
        scene.Group.Propose(scene.M0, new byte[8]);
        scene.Group.Settle(scene.M0);
        scene.Group.Deliver(scene.Group.Flights.Last(flight => flight.To == scene.M1));
        scene.Leaves(scene.M1, scene.M0, Accepted(First, through: 1));

        Assert.Equal(MultiPaxosRules.DurableBeforeAnswer, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M0, Accepted(First, through: 2))));
        Assert.Equal(MultiPaxosRules.OneValuePerBallot, AuditScene.RuleOf(
            () => scene.Leaves(scene.M1, scene.M2, Accepted(First, through: 1))));
    }

    [Fact]
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    public void A_choice_without_a_majority_of_disks()
    {
        AuditScene scene = AuditScene.Written();

        Assert.Equal(MultiPaxosRules.OwnBallotIsChosen, AuditScene.RuleOf(() =>
        {
            scene.Forge(scene.M1, scene.M0, Accepted(First, through: 2));
            scene.Forge(scene.M2, scene.M0, Accepted(First, through: 2));
        }));
    }

    // It was proposed in b1.m0 and is chosen in b2.m1: who tells it as of b1.m0 misleads others.
    [Fact]
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    [Rule(MultiPaxosRules.ChosenStays)]
    public void A_mark_on_a_disk_whose_slot_is_below_the_ballot_of_its_choice()
    {
        LogIndex slot = new(1);
        Ballot second = B(2, 1);
        MultiPaxosBallots ballots = new(new Quorums(3));
        ballots.Begin(First, LogIndex.Zero);
        ballots.Propose(slot, MultiPaxosSlotHead.First(First, MultiPaxosValueKind.Command, 1));
        ballots.Begin(second, LogIndex.Zero);
        ballots.Propose(
            slot, new MultiPaxosSlotHead(second, First, MultiPaxosValueKind.Command, 1));
        ballots.Propose(
            slot.Next(), MultiPaxosSlotHead.First(second, MultiPaxosValueKind.NoOp, 0));
        ballots.Vote(new Member(0), slot, second);
        ballots.Vote(new Member(1), slot, second);
        BallotRecord raised = new(slot, slot, second);
        ValueRecord next = new(
            slot.Next(), second, second, MultiPaxosValueKind.NoOp, slot);

        Began(Encode(raised), Encode(next));
        Assert.Equal(
            MultiPaxosRules.OwnBallotIsChosen, AuditScene.RuleOf(() => Began(Encode(next))));

        void Began(params byte[][] records)
        {
            MultiPaxosReplica held = MultiPaxosMember.Of(2, 3).OnDisk;
            byte[] value = [.. Encode(Value(1)), 1];
            byte[][] all = [Encode(new PromiseRecord(second, default)), value, .. records];
            foreach ((int record, byte[] body) in all.Index())
                Assert.True(held.Recover(new RecordNumber(record + 1), body));
            new MultiPaxosDurability(ballots, 3).Began(new Member(2), held, held);
        }
    }

    [Fact]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void A_lesson_of_what_is_not_chosen_and_an_index_beyond_what_is()
    {
        AuditScene scene = AuditScene.Written();
        Told[] slots = [new(First, $"{(char)2}\0\0\0\0\0\0\0")];

        Assert.Equal(MultiPaxosRules.OwnBallotIsChosen, AuditScene.RuleOf(() => scene.Leaves(
            scene.M1, scene.M2, new Lesson(First) { From = 2, Slots = slots }.Frame())));
        Assert.Equal(MultiPaxosRules.MajorityChooses, AuditScene.RuleOf(() => scene.Leaves(
            scene.M0, scene.M1, new Proposal(First) { First = 3, Chosen = 2, Last = 2 }.Frame())));
    }

    [Fact]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    public void A_proposal_beyond_the_window()
    {
        AuditScene scene = AuditScene.Led(new MultiPaxosOptions { SlotsAheadMax = 4 });
        scene.Stepped(scene.M0, Proposing(scene.M0, 5));

        Assert.Equal(MultiPaxosRules.SlotsAheadAreBounded, AuditScene.RuleOf(
            () => scene.Stepped(scene.M0, Proposing(scene.M0, 6))));
    }

    [Fact]
    [Rule(MultiPaxosRules.AppliedInOrder)]
    public void What_is_delivered_twice_or_not_at_all()
    {
        AuditScene scene = AuditScene.Led();
        Payload command = scene.M0.Kernel.State.Slots[new LogIndex(1)].Command;
        Outbox outbox = AuditScene.OutboxOf(scene.M0);
        outbox.Deliver(command);
        Assert.Equal(
            MultiPaxosRules.AppliedInOrder,
            AuditScene.RuleOf(() => scene.Stepped(scene.M0, outbox)));

        MultiPaxosMember other = scene.M1;
        Proposal beat = new(First) { First = 2, Chosen = 1, Last = 1 };
        scene.Forge(scene.M0, other, beat.Frame());
        Outbox none = AuditScene.OutboxOf(other);
        scene.Stepped(other, none);
        Assert.Equal(new LogIndex(1), other.Chosen);
    }

    [Fact]
    [Rule(MultiPaxosRules.LeaderWritesInParallel)]
    public void Anything_but_proposals_that_leaves_at_once()
    {
        AuditScene scene = AuditScene.Led();
        Outbox outbox = AuditScene.OutboxOf(scene.M1);
        outbox.SendAtOnce(
            MemberSet.Of(scene.M0.Self),
            new Nack(First),
            MultiPaxosRules.LeaderWritesInParallel);

        Assert.Equal(
            MultiPaxosRules.LeaderWritesInParallel,
            AuditScene.RuleOf(() => scene.Stepped(scene.M1, outbox)));
    }

    [Fact]
    [Rule(MultiPaxosRules.LeaseRead)]
    public void A_lease_beside_the_leader_of_a_higher_ballot()
    {
        AuditScene scene = AuditScene.Leased();
        scene.Group.PeerDown(scene.M1, scene.M0);

        Assert.Equal(
            MultiPaxosRules.LeaseRead,
            AuditScene.RuleOf(() => scene.Elect(scene.M1, scene.M2)));
    }

    [Fact]
    [Rule(MultiPaxosRules.TransferVoidsLease)]
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    public void A_transfer_that_keeps_the_lease_or_asks_one_who_lacks_something()
    {
        AuditScene scene = AuditScene.Led();
        Assert.Equal(MultiPaxosRules.LeadershipTransfer, AuditScene.RuleOf(
            () => scene.Leaves(scene.M0, scene.M2, TimeoutNow(First, last: 1, transfer: 1))));

        AuditScene leased = AuditScene.Leased();
        leased.Stepped(leased.M0, AuditScene.OutboxOf(leased.M0));
        leased.Leaves(leased.M0, leased.M1, TimeoutNow(First, last: 0, transfer: 1));
        Assert.Equal(MultiPaxosRules.TransferVoidsLease, AuditScene.RuleOf(
            () => leased.Stepped(leased.M0, AuditScene.OutboxOf(leased.M0))));
    }

    private static ValueRecord Value(long slot) =>
        new(new LogIndex(slot), First, First, MultiPaxosValueKind.Command, LogIndex.Zero);

    private static Outbox Proposing(MultiPaxosMember leader, long slot)
    {
        Outbox outbox = AuditScene.OutboxOf(leader);
        Payload command = outbox.Persist(Value(slot), Payload.Transient(0, 8));
        leader.Kernel.State.Slots.Set(
            new LogIndex(slot),
            new MultiPaxosValue(
                First, First, MultiPaxosValueKind.Command, command, outbox.Appended));
        return outbox;
    }
}
