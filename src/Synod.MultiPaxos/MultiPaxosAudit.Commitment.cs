using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What is chosen, and what is delivered of it.</summary>
internal sealed partial class MultiPaxosAudit
{
    /// <summary>Up to where some member has known what is chosen.</summary>
    private LogIndex Chosen { get; set; }

    [Rule(MultiPaxosRules.ChosenStays)]
    private void CheckChosen(MultiPaxosSeat seat, MultiPaxosReplica live)
    {
        MultiPaxosState state = live.State;
        Invariant.Holds(
            seat.Chosen <= state.Chosen,
            MultiPaxosRules.ChosenStays,
            $"{seat.Member} goes back from {seat.Chosen} to {state.Chosen}");
        for (LogIndex slot = seat.Chosen.Next(); slot <= state.Chosen; slot = slot.Next())
            CheckChosen(seat.Member, slot, state.Slots[slot].Ballot);
        Chosen = LogIndex.Max(Chosen, state.Chosen);
    }

    // The disks of a majority hold, or held, that it was accepted in one ballot.
    [Rule(MultiPaxosRules.MajorityChooses)]
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    private void CheckChosen(Member member, LogIndex slot, Ballot ballot) => Invariant.Holds(
        _ballots.IsChosen(slot, ballot),
        MultiPaxosRules.OwnBallotIsChosen,
        $"{member} takes {slot} {ballot} for chosen; chosen is {_ballots.ChosenAt(slot)}");

    // What it tells is chosen; who asks says nothing.
    [Rule(MultiPaxosRules.LearnedFromAny)]
    private void LeavesOfCommitment(
        Member from, (MultiPaxosKind Kind, Ballot Ballot) head, ReadOnlySpan<byte> frame)
    {
        if (head.Kind == MultiPaxosKind.Learn)
            return;

        FrameReader reader = new(frame);
        MultiPaxosCodec.ReadHead(ref reader, out _);
        Learned learned = _codec.ReadLearned(head.Ballot, ref reader);
        MeetSlots(from, learned.From, learned.Slots, frame[learned.CommandsOffset..]);
        LogIndex slot = learned.From;
        foreach (MultiPaxosSlotHead value in learned.Slots)
        {
            CheckChosen(from, slot, value.Ballot);
            slot = slot.Next();
        }
    }

    [Rule(MultiPaxosRules.ChosenStays)]
    private void CheckChosenIsOnAMajority()
    {
        if (Chosen == LogIndex.Zero)
            return;

        MemberSet holders = _durability.HoldersOf(Chosen);
        Invariant.Holds(
            Epoch.Quorums.IsMajority(holders),
            MultiPaxosRules.ChosenStays,
            $"{Chosen} is chosen and on the disks of {holders}");
    }

    [Rule(MultiPaxosRules.AppliedInOrder)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    protected override void CheckDelivery(MultiPaxosSeat seat, in Effect effect)
    {
        MultiPaxosReplica live = seat.Alive;
        SkipNoOps(seat, live);
        LogIndex slot = seat.Delivered.Next();
        Invariant.Holds(
            slot <= live.State.Chosen,
            MultiPaxosRules.AppliedInOrder,
            $"{seat.Member} delivers more than is chosen: {slot}");
        Payload command = live.State.Slots[slot].Command;
        Invariant.Holds(
            command.Record <= effect.Record,
            MultiPaxosRules.DurableBeforeAnswer,
            $"{seat.Member} delivers {slot} behind {effect.Record} and not {command.Record}");
        Invariant.Holds(
            command == effect.Command,
            MultiPaxosRules.AppliedInOrder,
            $"{seat.Member} delivers {effect.Command} as {slot}, which is {command}");
        seat.Delivered = slot;
    }

    [Rule(MultiPaxosRules.AppliedInOrder)]
    private static void CheckAllIsDelivered(MultiPaxosSeat seat, MultiPaxosReplica live)
    {
        SkipNoOps(seat, live);
        Invariant.Holds(
            seat.Delivered == live.State.Chosen,
            MultiPaxosRules.AppliedInOrder,
            $"{seat.Member} knows {live.State.Chosen} and delivers up to {seat.Delivered}");
    }

    private static void SkipNoOps(MultiPaxosSeat seat, MultiPaxosReplica live)
    {
        LogIndex next = seat.Delivered.Next();
        while (next <= live.State.Chosen
            && live.State.Slots[next].Kind == MultiPaxosValueKind.NoOp)
        {
            seat.Delivered = next;
            next = next.Next();
        }
    }
}
