using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What a member keeps of a slot: a value, or by name that the value which is there was
/// proposed in another ballot; and how a full disk does with little.</summary>
internal sealed partial class MultiPaxosReplica
{
    /// <summary>The most command bytes, 64 for each command included, that a full disk takes of
    /// what a new leader has to propose again, until there is room: a small part of what is left
    /// then.</summary>
    internal const int TakenWhileFullMax = 1 << 16;

    private const int WaitsLongerMax = 8;

    private int _waysGiven;
    private long _takenWhileFull;

    /// <summary>Whether the disk of this member is full.</summary>
    internal bool IsFull => _duties.Pressure == StoragePressure.Full;

    /// <summary>Whether it has left it to others to campaign, and none has led since.</summary>
    internal bool HasGivenWay => _waysGiven > 0;

    // What is chosen is never touched; what is there in this ballot already is the same. Slots may
    // come in any order: a hole is seen by the answer.
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    private void TryStore(in Accept message, Outbox outbox)
    {
        LogIndex slot = message.First;
        LogIndex last = _state.Chosen + _options.SlotsAheadMax;
        int offset = message.CommandsOffset;
        Run named = default;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            bool isNew = slot > _state.Chosen
                && slot <= last
                && _state.Slots[slot].Ballot < message.Ballot;
            if (isNew && _state.Slots[slot].IsThatOf(head))
                Raise(slot, head.Ballot, ref named, outbox);
            else if (isNew && (FitsFull(head) || TryTake(head)))
                Store(slot, head, Payload.Transient(offset, head.Length), outbox);
            slot = slot.Next();
            offset += head.Length;
        }

        Raise(named, outbox);
    }

    // What is known of a slot afterwards is the proposal with the highest ballot of all that were
    // told; what another has as chosen is chosen. It may have come to know that between two pages:
    // then what is before it here was told as merely accepted, and it is kept as that as well.
    [Rule(MultiPaxosRules.HighestBallotWins)]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    private bool TryStore(in Promise message, Outbox outbox)
    {
        if (!IsSound(message))
            return false;

        LogIndex slot = message.From;
        int offset = message.CommandsOffset;
        Run named = default;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            Payload command = Payload.Transient(offset, head.Length);
            if (slot <= message.Chosen && slot == _state.Chosen.Next())
                LearnChosen((slot, head), command, ref named, outbox);
            else if (IsNews(slot, head) && _state.Slots[slot].IsThatOf(head))
                Raise(slot, head.Ballot, ref named, outbox);
            else if (IsNews(slot, head))
                StoreBehind(ref named, (slot, head), command, outbox);
            slot = slot.Next();
            offset += head.Length;
        }

        Raise(named, outbox);
        return true;
    }

    // All of it is looked at before any of it is taken.
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    private static bool IsSound(in Promise message)
    {
        LogIndex slot = message.From;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            bool isUnknown = head.Kind == MultiPaxosValueKind.None;
            if (head.Ballot >= message.Ballot || (isUnknown && slot <= message.Chosen))
                return false;
            slot = slot.Next();
        }

        return true;
    }

    [Rule(MultiPaxosRules.HighestBallotWins)]
    private bool IsNews(LogIndex slot, in MultiPaxosSlotHead head) =>
        slot > _state.Chosen && head.Ballot > _state.Slots[slot].Ballot;

    // A full disk takes what costs no more than a vote: a no-op, by which a new leader fills a
    // hole. Without it that leader would never answer a read.
    [Rule(MultiPaxosRules.StorageReserve)]
    private bool FitsFull(in MultiPaxosSlotHead head) =>
        !IsFull || head.Kind == MultiPaxosValueKind.NoOp;

    // What was under way when the last leader went is not much, and no read is answered before it
    // is chosen. New commands are of the ballot itself.
    [Rule(MultiPaxosRules.FullTakesLittle)]
    private bool TryTake(in MultiPaxosSlotHead head) =>
        head.Origin < head.Ballot && TryTake(head.Length + LeaderOptions.CommandOverhead);

    // Another one may have all of it, or room for it; it gets its turn first. If none has, all
    // disks may be full, and somebody must lead so that reads go on.
    [Rule(MultiPaxosRules.FullGivesWay)]
    [Rule(MultiPaxosRules.FullTakesLittle)]
    private bool TryTake(in Promise message)
    {
        long bytes = IsFull ? LackedOf(message) : 0;
        return bytes == 0 || (HasGivenWay && TryTake(bytes));
    }

    private bool TryTake(long bytes)
    {
        if (_takenWhileFull + bytes > TakenWhileFullMax)
            return false;

        _takenWhileFull += bytes;
        return true;
    }

    private long LackedOf(in Promise message)
    {
        long bytes = 0;
        LogIndex slot = message.From;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            bool isLacked = IsNews(slot, head)
                && !FitsFull(head)
                && !_state.Slots[slot].IsThatOf(head);
            if (isLacked)
                bytes += head.Length + LeaderOptions.CommandOverhead;
            slot = slot.Next();
        }

        return bytes;
    }

    // Others may make a majority without the one that told it. If not, whoever has just promised
    // asks before this member does; and each campaign costs a record on each of their disks, so it
    // waits twice as long each time.
    [Rule(MultiPaxosRules.FullGivesWay)]
    private void GiveWay(
        in Turn turn, MultiPaxosCampaigning campaigning, Member teller, Outbox outbox)
    {
        campaigning.Refused = campaigning.Refused.With(teller);
        if (!_duties.IsHopeless(campaigning.Promised, campaigning.Refused))
            return;

        _duties.Follow(turn, null, outbox);
        _duties.ElectionDue += _options.ElectionTimeout * (1 << _waysGiven);
        _waysGiven = Math.Min(_waysGiven + 1, WaitsLongerMax);
    }

    // Somebody leads, or this member has room to.
    private void EndWaiting() => _waysGiven = 0;

    [Rule(MultiPaxosRules.FullGivesWay)]
    [Rule(MultiPaxosRules.FullTakesLittle)]
    private void TakePressure(in Turn turn, StoragePressure pressure)
    {
        _duties.Pressure = pressure;
        if (IsFull)
            return;

        if (HasGivenWay)
            _duties.HurryElection(turn, _options.CampaignDelay);
        EndWaiting();
        _takenWhileFull = 0;
    }

    // The mark that goes with it says what is chosen by now; at most the slot itself.
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private void Store(
        LogIndex slot, in MultiPaxosSlotHead head, Payload command, Outbox outbox)
    {
        LogIndex chosen = LogIndex.Min(_state.Chosen, slot);
        ValueRecord record = new(slot, head.Ballot, head.Origin, head.Kind, chosen);
        Payload logged = outbox.Persist(record, command);
        _state.Mark(chosen);
        _state.Slots.Set(
            slot,
            new MultiPaxosValue(
                head.Ballot, head.Origin, head.Kind, logged, outbox.Appended));
    }

    // The mark that goes with a value rests on the ballots of all slots that it covers. Of those
    // the last were perhaps learned by name just now: their record comes first, or a crash between
    // the two would leave what is chosen with a ballot below that of another value.
    [Rule(MultiPaxosRules.ChosenStays)]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    private void StoreBehind(
        ref Run named,
        in (LogIndex Slot, MultiPaxosSlotHead Head) told,
        Payload command,
        Outbox outbox)
    {
        Raise(named, outbox);
        named = default;
        Store(told.Slot, told.Head, command, outbox);
    }

    // One record for all that are one behind the other: it is written when the run ends.
    [Rule(MultiPaxosRules.OriginNamesValue)]
    private void Raise(LogIndex slot, Ballot ballot, ref Run run, Outbox outbox)
    {
        bool goesOn = run.Ballot == ballot && run.Last.Next() == slot;
        if (!goesOn)
            Raise(run, outbox);
        run = goesOn ? run with { Last = slot } : new Run(slot, slot, ballot);
    }

    // Values that are there already are accepted by name. The record is behind theirs in the log,
    // so it is durable only if they are.
    [Rule(MultiPaxosRules.OriginNamesValue)]
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private void Raise(in Run run, Outbox outbox)
    {
        if (run.Ballot == Ballot.Zero)
            return;

        outbox.Persist(new BallotRecord(run.First, run.Last, run.Ballot));
        for (LogIndex slot = run.First; slot <= run.Last; slot = slot.Next())
            _state.Slots.Raise(slot, run.Ballot, outbox.Appended);
    }

    /// <summary>Slots one behind the other whose values get the same ballot.</summary>
    private readonly record struct Run(LogIndex First, LogIndex Last, Ballot Ballot);
}
