using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Ballot 0: the owner's side, and that of the others.</summary>
internal sealed partial class EPaxosReplica
{
    private const int SlotsAhead = 16;

    private readonly Dictionary<InstanceId, OwnBatch> _requests = [];
    private readonly Queue<(RecordNumber, InstanceId Id, Ballot Ballot, EPaxosKind Kind)> _own = [];
    private readonly EPaxosWindows _windows = new();
    private long _nextSlot = 1;
    private RecordNumber _reservation;
    private (long Through, RecordNumber Record) _reservedBefore;
    private RecordNumber _durable;
    private long _unexecutedBytes;

    public void Propose(
        in Turn turn, RequestId request, Payload command, in Footprint footprint, Outbox outbox)
    {
        if (ObjectionTo(command.Length) is RejectReason objection)
        {
            outbox.Reject(request, objection);
            return;
        }

        EPaxosValue value = new(EPaxosValueKind.Command, footprint, command.Length);
        Submit(turn, new OwnRequest(request, value, command), outbox);
        GoOn(turn, outbox);
    }

    [Rule(EPaxosRules.PreAcceptOnce)]
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    public void Receive(in Turn turn, Member from, in PreAccept message, Outbox outbox)
    {
        if (message.Id.Owner != from || !message.Value.IsSubmitted || message.Id.Owner == _self)
        {
            outbox.Violated(EPaxosRules.OwnerProposes, from);
            return;
        }

        EPaxosInstance? instance = _state.Find(message.Id);
        if (AnswersCommitted(message.Id, from, outbox) || _state.IsVoiceless)
            return;
        if (instance is not null && instance.Promised > Ballot.Zero)
        {
            outbox.Send(
                MemberSet.Of(from), new Nack { Id = message.Id, Ballot = instance.Promised });
            return;
        }

        bool isNew = instance is null or { Phase: EPaxosPhase.Initial };
        if (isNew && _pressure == StoragePressure.Full)
            return;

        instance = isNew ? PreAccept(message, outbox) : instance;
        _alarms.Set(message.Id, turn.Now + PatienceWith(from));
        if (instance is { Phase: EPaxosPhase.PreAccepted })
        {
            _parcels.Add(
                MemberSet.Of(from),
                new PreAcceptOk { Id = message.Id, Dep = instance.Dep },
                default,
                outbox);
        }
    }

    // Who answers after a promise to another, or to a former life, counts for nothing.
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.SlowPath)]
    public void Receive(in Turn turn, Member from, in PreAcceptOk message, Outbox outbox)
    {
        if (message.Id.Owner != _self)
        {
            outbox.Violated(EPaxosRules.OwnerProposes, from);
            return;
        }

        if (Going(message.Id, Ballot.Zero) is EPaxosAttempt attempt)
            CountPreAccept(turn, attempt, (from, message.Dep), outbox);
    }

    [Rule(EPaxosRules.NoQuorumAtOnce)]
    [Rule(EPaxosRules.StorageReserve)]
    [Rule(EPaxosRules.DamagedIsSilent)]
    private RejectReason? ObjectionTo(int bytes)
    {
        if (!HasQuorum || _state.IsVoiceless || IsBehind)
            return RejectReason.NoQuorum;
        if (_pressure != StoragePressure.None)
            return RejectReason.StorageFull;

        // A command that is larger than the bound still passes when nothing else waits.
        bool fits = _unexecutedBytes == 0
            || _unexecutedBytes + bytes + EPaxosOptions.CommandOverhead
                <= _options.UnexecutedBytesMax;
        return fits ? null : RejectReason.Overloaded;
    }

    // The proposal leaves beside the own record: who restarts uses no slot that it may have used.
    [Rule(EPaxosRules.SlotsAreReserved)]
    [Rule(EPaxosRules.OwnerWritesInParallel)]
    private void Propose(in Turn turn, OwnBatch own, Outbox outbox)
    {
        Reserve(outbox);
        InstanceId id = new(_self, _nextSlot++);
        EPaxosValue value = own.ToValue();
        EPaxosCover conflicts = _state.Conflicts.Of(value.Footprint);
        EPaxosInstance instance = Record(
            new InstanceRecord
            {
                Kind = EPaxosKind.PreAcceptedRecord,
                Id = id,
                Value = value,
                Initial = conflicts,
                Dep = conflicts,
            },
            own.ToCommands(),
            outbox);
        own.MovedTo(instance.Command);
        _requests.Add(id, own);
        EPaxosAttempt attempt = new(id, Ballot.Zero)
        {
            Stage = EPaxosStage.PreAccepting,
            Holders = MemberSet.Of(_self),
            Asked = QuorumOf(turn, _quorums.Fast),
            Dep = conflicts,
        };
        _attempts.Add(id, attempt);
        _own.Enqueue((outbox.Appended, id, Ballot.Zero, EPaxosKind.PreAccept));
        _alarms.Set(id, turn.Now + _options.ResendAfter);
        SendPreAccept(instance, attempt.Asked, outbox);
    }

    private void SendPreAccept(EPaxosInstance instance, MemberSet to, Outbox outbox) =>
        _parcels.Add(
            (to, ReservationOf(instance.Id.Slot), EPaxosRules.OwnerWritesInParallel),
            new PreAccept
            {
                Id = instance.Id,
                Value = instance.Submitted with { IsCarried = true },
                Initial = instance.InitialDep,
            },
            instance.Command,
            outbox);

    // The next slots are reserved while half of the last are left, so that no proposal waits for
    // the disk; each waits for the reservation of its own slot. The busier, the more: whoever
    // restarts has to recover all that are left.
    [Rule(EPaxosRules.SlotsAreReserved)]
    private void Reserve(Outbox outbox)
    {
        int block = Math.Min(_options.SlotBlock, SlotsAhead + (2 * _requests.Count));
        long left = _state.Reserved - _nextSlot + 1;
        if (left > 0 && left >= block / 2)
            return;

        StateRecord next = _state.Statement with { Reserved = _state.Reserved + block };
        _reservedBefore = (_state.Reserved, _reservation);
        _reservation = outbox.PersistStatement(next);
        _state.Take(next);
    }

    private RecordNumber ReservationOf(long slot) =>
        slot <= _reservedBefore.Through ? _reservedBefore.Record : _reservation;

    private EPaxosInstance PreAccept(in PreAccept message, Outbox outbox)
    {
        EPaxosCover dep = _state.Conflicts.Of(message.Value.Footprint, message.Initial);
        return Record(
            new InstanceRecord
            {
                Kind = EPaxosKind.PreAcceptedRecord,
                Id = message.Id,
                Value = message.Value,
                Initial = message.Initial,
                Dep = dep,
            },
            message.Command,
            outbox);
    }

    // The command is written once: later records say where it is, and what it is as the first one
    // did, whatever a message says.
    private EPaxosInstance Record(
        in InstanceRecord record, in EPaxosCommands command, Outbox outbox, bool canWait = false)
    {
        EPaxosInstance? known = _state.Find(record.Id);
        bool isSubmitted = record.Value.IsSubmitted;
        (EPaxosValue value, EPaxosCommands at) = isSubmitted && known is { IsKnown: true }
            ? (known.Submitted, known.Command)
            : (record.Value, command);
        at = value.Length > 0 ? at : default;
        bool isCarried = isSubmitted && at.IsTransient && value.Length > 0;
        InstanceRecord written = record with
        {
            Value = isSubmitted ? value with { IsCarried = isCarried } : value,
            Command = isCarried ? default : at,
        };
        Payload carried = isCarried ? at.Together : default;
        Payload logged = canWait
            ? outbox.PersistUnhurried(written, carried)
            : outbox.Persist(written, carried);
        EPaxosInstance instance =
            _state.Take(written, outbox.Appended, at.IsTransient ? (EPaxosCommands)logged : at);
        bool isLearned = known is not { IsKnown: true } && instance.IsKnown;
        if (isLearned && _executor.IsMissed(record.Id))
            _executor.Learned(record.Id);
        return instance;
    }

    // What goes on in a ballot that is still the highest here.
    [Rule(EPaxosRules.StaleAttemptsEnd)]
    private EPaxosAttempt? Going(InstanceId id, Ballot ballot)
    {
        bool isGoing = _attempts.TryGetValue(id, out EPaxosAttempt? attempt)
            && attempt.Ballot == ballot
            && _state.Find(id) is { IsCommitted: false } instance
            && instance.Promised == ballot;
        return isGoing ? attempt : null;
    }

    // The owner counts itself when its record is durable, and never goes without itself.
    [Rule(EPaxosRules.FastQuorum)]
    [Rule(EPaxosRules.SlowPath)]
    private void CountPreAccept(
        in Turn turn, EPaxosAttempt attempt, (Member From, EPaxosCover Dep) answer, Outbox outbox)
    {
        attempt.Holders = attempt.Holders.With(answer.From);
        Answers(answer.From);
        if (attempt.Stage != EPaxosStage.PreAccepting || attempt.Answered.Contains(answer.From))
            return;

        EPaxosInstance instance = _state.FindOrAdd(attempt.Id);
        attempt.Answered = attempt.Answered.With(answer.From);
        attempt.Equal += answer.Dep == instance.InitialDep ? 1 : 0;
        attempt.Dep = attempt.Dep.Union(answer.Dep);
        int count = attempt.Answered.Count;
        if (!attempt.Answered.Contains(_self) || count < _quorums.Slow)
            return;

        if (attempt.Equal >= _quorums.Fast)
            Decide(turn, (instance, Ballot.Zero, instance.Holds, instance.InitialDep), outbox);
        else if (attempt.Equal == count && count < _state.Members)
            _alarms.Hasten(attempt.Id, turn.Now + _options.FastWait);
        else
            GoSlow(turn, attempt, outbox);
    }

    [Rule(EPaxosRules.SlowPath)]
    private void GoSlow(in Turn turn, EPaxosAttempt attempt, Outbox outbox) => Accept(
        turn,
        attempt,
        (_state.FindOrAdd(attempt.Id).Submitted.Kind, attempt.Dep),
        outbox);

    // The own votes count, like those of others, when their records are durable.
    [Rule(EPaxosRules.DurableBeforeAnswer)]
    private void CountOwn(in Turn turn, Outbox outbox)
    {
        while (_own.TryPeek(out (RecordNumber Record, InstanceId, Ballot, EPaxosKind) own)
            && own.Record <= _durable)
        {
            (_, InstanceId id, Ballot ballot, EPaxosKind kind) = _own.Dequeue();
            if (Going(id, ballot) is EPaxosAttempt attempt)
                CountOwn(turn, attempt, kind, outbox);
        }
    }

    private void CountOwn(in Turn turn, EPaxosAttempt attempt, EPaxosKind kind, Outbox outbox)
    {
        if (kind == EPaxosKind.PreAccept)
        {
            EPaxosInstance instance = _state.FindOrAdd(attempt.Id);
            CountPreAccept(turn, attempt, (_self, instance.InitialDep), outbox);
        }
        else if (kind == EPaxosKind.Accept)
        {
            CountAccept(turn, attempt, _self, outbox);
        }
        else if (kind == EPaxosKind.Recover)
        {
            TakeReport(turn, attempt, (_self, ReportOf(attempt.Id, attempt.Ballot)), outbox);
        }
        else if (kind == EPaxosKind.Validate)
        {
            CountValidation(turn, attempt, _self, outbox);
        }
    }
}
