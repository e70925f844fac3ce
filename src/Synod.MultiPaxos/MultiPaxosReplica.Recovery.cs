using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>A new life from what is on the disk, and from nothing else; and a damaged
/// one.</summary>
internal sealed partial class MultiPaxosReplica
{
    private bool _hasLost;
    private bool _hidesPromise;
    private Ballot _repairBallot;
    private LogIndex _repairAt;

    public bool Recover(RecordNumber number, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        switch (MultiPaxosCodec.ReadHead(ref reader, out Ballot ballot))
        {
            case MultiPaxosKind.PromiseRecord:
                PromiseRecord promise = PromiseRecord.ReadFrom(ballot, ref reader);
                return reader.IsComplete && RecoverPromise(promise);
            case MultiPaxosKind.ValueRecord:
                ValueRecord value = ValueRecord.ReadFrom(ballot, ref reader);
                Payload command = Payload.Logged(number, reader.Position, reader.Remaining);
                return reader.IsValid && RecoverValue(value, command);
            case MultiPaxosKind.BallotRecord:
                BallotRecord raised = BallotRecord.ReadFrom(ballot, ref reader);
                return reader.IsComplete && RecoverBallot(raised, number);
            case MultiPaxosKind.Probe:
            case MultiPaxosKind.ProbeReply:
            case MultiPaxosKind.Prepare:
            case MultiPaxosKind.Promise:
            case MultiPaxosKind.Nack:
            case MultiPaxosKind.Accept:
            case MultiPaxosKind.Rest:
            case MultiPaxosKind.Accepted:
            case MultiPaxosKind.Learn:
            case MultiPaxosKind.Learned:
            default:
                return false;
        }
    }

    // Among the lost may be a newer value of any slot that was not chosen by then.
    [Rule(MultiPaxosRules.DamageForgets)]
    public void Lost(RecordNumber from, RecordNumber through, bool hidesStatement)
    {
        _hasLost = true;
        _hidesPromise |= hidesStatement;
        _state.KeepUpTo(_state.Marked);
    }

    // What the records mark as chosen is: it was when they were written.
    [Rule(MultiPaxosRules.PromiseOutlivesRestart)]
    public void Start(in Turn turn, Outbox outbox)
    {
        ConcludeDamage(outbox);
        ChooseThrough(_state.Marked, outbox);
        _duties.Start(turn, outbox);
    }

    public KernelHealth Health => _state.Damage.Health;

    // What a life could not read may be readable now, also a promise above all of that life. It has
    // no voice since, so it breaks none; the highest one counts here.
    private bool RecoverPromise(in PromiseRecord promise)
    {
        bool isVoiceless = promise.Damage.Health == KernelHealth.Voiceless;
        bool isBelow = promise.Ballot < _state.Promised && !isVoiceless;
        if (isBelow || promise.Damage.Number < _state.Damage.Number)
            return false;

        // The life that wrote it had found what is lost before it; unless more is lost by now.
        if (promise.Concludes)
        {
            _state.KeepUpTo(promise.Damage.Certain);
            _hasLost &= _state.Marked < promise.Damage.Certain;
        }

        if (promise.Ballot > _state.Promised)
            _state.Promise(promise.Ballot);
        _state.SetDamage(promise.Damage);
        _hidesPromise = false;
        return true;
    }

    // A mark tells of the slots before it, which are there unless they are lost. Whatever a member
    // stores is of a ballot that it has promised, what it learns as chosen, too.
    private bool RecoverValue(in ValueRecord value, Payload command)
    {
        if (!_hasLost && value.Ballot > _state.Promised)
            return false;
        if (value.Ballot < _state.Slots[value.Slot].Ballot)
            return _hasLost;

        _state.Slots.Set(
            value.Slot,
            new MultiPaxosValue(
                value.Ballot, value.Origin, value.Kind, command, command.Record));
        RecoverMark(value.Chosen);
        return true;
    }

    // It names values that were there when it was written. Unless records are lost they are there,
    // also after the damage of an earlier life: the record that concludes it leaves the slots as
    // they were for that life.
    private bool RecoverBallot(in BallotRecord raised, RecordNumber number)
    {
        if (raised.Ballot > _state.Promised && !_hasLost)
            return false;

        for (LogIndex slot = raised.First; slot <= raised.Last; slot = slot.Next())
        {
            MultiPaxosValue value = _state.Slots[slot];
            bool isThere = value.Kind != MultiPaxosValueKind.None && value.Ballot <= raised.Ballot;
            if (isThere)
                _state.Slots.Raise(slot, raised.Ballot, number);
            else if (!_hasLost)
                return false;
        }

        return true;
    }

    private void RecoverMark(LogIndex chosen)
    {
        LogIndex through = _state.Marked;
        while (through < chosen && _state.Slots[through.Next()].Kind != MultiPaxosValueKind.None)
            through = through.Next();
        _state.Mark(through);
    }

    // Said in a record of its own before anything else of this life, and all that leaves waits for
    // it: the next life may find new records where this one found nothing, and must not take them
    // for all that there ever was.
    [Rule(MultiPaxosRules.DamagedIsSilent)]
    [Rule(MultiPaxosRules.DamageForgets)]
    private void ConcludeDamage(Outbox outbox)
    {
        bool isVoiceless = _hidesPromise || Health == KernelHealth.Voiceless;
        if (!_hasLost && Health == KernelHealth.Whole)
            return;

        KernelHealth health = isVoiceless ? KernelHealth.Voiceless : KernelHealth.Damaged;
        _state.KeepUpTo(_state.Marked);
        _state.SetDamage(MultiPaxosDamage.Of(_life, health, _state.Marked));
        outbox.PersistStatement(
            new PromiseRecord(_state.Promised, _state.Damage, Concludes: true));
        outbox.RoleChanged();
    }

    // Of the leader's messages only those count that were sent when it knew of this damage: then
    // all that this member has accepted from it before was proposed before, and all that it has
    // accepted in lower ballots and matters was told of in the phase 1 of that leader. So whoever
    // has accepted all that the leader had proposed then has all that can matter.
    [Rule(MultiPaxosRules.RepairCoversAll)]
    private void TryBecomeWhole(in Accept message, LogIndex through, Outbox outbox)
    {
        if (Health != KernelHealth.Damaged || message.Damage != _state.Damage.Number)
            return;

        bool isFirst = _repairBallot != message.Ballot;
        _repairBallot = message.Ballot;
        _repairAt = isFirst ? message.Last : LogIndex.Min(_repairAt, message.Last);
        if (through < _repairAt || _state.Chosen < message.Base)
            return;

        _state.SetDamage(_state.Damage.Repaired());
        PersistPromise(_state.Promised, outbox);
        outbox.RoleChanged();
    }
}
