using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What is chosen, how the others learn it, and what is delivered.</summary>
internal sealed partial class MultiPaxosReplica
{
    private Instant _asksForChosenAgain = new(long.MinValue);

    // Whoever knows what is chosen may say it; it needs no ballot.
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void Receive(in Turn turn, Member from, in Learn message, Outbox outbox)
    {
        if (message.From > _state.Chosen)
            return;

        (int count, _) = Gather(message.From, _state.Chosen);
        Learned page = new()
        {
            Ballot = _state.Promised,
            From = message.From,
            Chosen = _state.Chosen,
            Slots = _heads.AsSpan(0, count),
        };
        outbox.SendAtOnce(
            MemberSet.Of(from),
            page,
            MultiPaxosRules.LearnedFromAny,
            _commands.AsSpan(0, count));
    }

    // It is certain that a value is chosen, whatever is promised here. What is there by that name
    // costs nothing; what a full disk does not take comes again later.
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void Receive(in Turn turn, Member from, in Learned message, Outbox outbox)
    {
        LogIndex before = _state.Chosen;
        LogIndex slot = message.From;
        int offset = message.CommandsOffset;
        bool isTaken = true;
        Run named = default;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            isTaken = FitsFull(head) || _state.Slots[slot].IsThatOf(head);
            if (!isTaken)
                break;

            // It was led, or nothing would be chosen in it: whoever goes by what it knows is in it.
            if (slot == _state.Chosen.Next() && head.Ballot > _state.Promised)
                Adopt(turn, head.Ballot, outbox);
            Payload command = Payload.Transient(offset, head.Length);
            LearnChosen((slot, head), command, ref named, outbox);
            slot = slot.Next();
            offset += head.Length;
        }

        Raise(named, outbox);
        _duties.ReleaseReads(outbox);

        // One page that brings nothing asks for none: it came twice, and others are on their way.
        bool isMore = isTaken && before < _state.Chosen && _state.Chosen < message.Chosen;
        if (isMore && _duties.Role is Following)
            AskForChosen(turn, from, outbox);
    }

    // A slot of the leader's log up to its base will not be proposed in its ballot; all others are
    // on their way. A full disk takes only what is there already.
    private void AskForChosen(in Turn turn, in Accept message, Outbox outbox)
    {
        bool isNeeded = _state.Chosen < message.Base
            && (!IsFull || _state.Slots[_state.Chosen.Next()].Kind != MultiPaxosValueKind.None);
        if (isNeeded && turn.Now >= _asksForChosenAgain)
            AskForChosen(turn, message.Ballot.Proposer, outbox);
    }

    [Rule(MultiPaxosRules.LearnedFromAny)]
    private void AskForChosen(in Turn turn, Member from, Outbox outbox)
    {
        _asksForChosenAgain =
            turn.Now + (IsFull ? _options.ElectionTimeout : _options.HeartbeatInterval);
        outbox.SendAtOnce(
            MemberSet.Of(from),
            new Learn(_state.Promised, _state.Chosen.Next()),
            MultiPaxosRules.LearnedFromAny);
    }

    // The own acceptor counts as far as its records are durable, like any other. All these slots
    // were accepted in one and the same ballot, the own.
    [Rule(MultiPaxosRules.MajorityChooses)]
    [Rule(MultiPaxosRules.LeaderWritesInParallel)]
    private void AdvanceChosen(Leading leading, Outbox outbox)
    {
        ChooseThrough(_duties.HeldByMajority(leading), outbox);
    }

    // An older ballot's value may be another one: the leader has proposed all above its base
    // itself, and so what has its ballot here is what it counts.
    [Rule(MultiPaxosRules.OwnBallotIsChosen)]
    private void FollowChosen(in Accept message, Outbox outbox)
    {
        LogIndex through = _state.Chosen;
        while (through < message.Chosen
            && _state.Slots[through.Next()].Ballot == message.Ballot)
        {
            through = through.Next();
        }

        ChooseThrough(through, outbox);
        _duties.ReleaseReads(outbox);
    }

    // What has a higher ballot here than what was learned is the same value, since it was proposed
    // when that was chosen. So whoever tells of a chosen value must tell of the ballot in which it
    // was chosen, or of a higher one: a lower one may be below that of another value. Hence what
    // is here by name gets that ballot.
    [Rule(MultiPaxosRules.ChosenStays)]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    private void LearnChosen(
        in (LogIndex Slot, MultiPaxosSlotHead Head) told,
        Payload command,
        ref Run named,
        Outbox outbox)
    {
        (LogIndex slot, MultiPaxosSlotHead head) = told;
        if (slot != _state.Chosen.Next())
            return;

        MultiPaxosValue held = _state.Slots[slot];
        if (head.Ballot > held.Ballot && held.IsThatOf(head))
            Raise(slot, head.Ballot, ref named, outbox);
        else if (head.Ballot > held.Ballot)
            StoreBehind(ref named, told, command, outbox);
        ChooseThrough(slot, outbox);
    }

    [Rule(MultiPaxosRules.AppliedInOrder)]
    private void ChooseThrough(LogIndex through, Outbox outbox)
    {
        while (_state.Chosen < through)
        {
            LogIndex slot = _state.Chosen.Next();
            _state.Choose(slot);
            MultiPaxosValue value = _state.Slots[slot];
            if (value.Kind == MultiPaxosValueKind.Command)
                outbox.Deliver(value.Command, _duties.TakeProposal(slot, value.Command.Length));
        }
    }
}
