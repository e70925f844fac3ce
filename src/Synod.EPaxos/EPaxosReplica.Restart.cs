using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>A new life from what is on the disk, and from nothing else; and a damaged
/// one.</summary>
internal sealed partial class EPaxosReplica
{
    private readonly List<(RecordNumber From, RecordNumber Through)> _lost = [];
    private readonly List<(RecordNumber From, RecordNumber Through)> _repaired = [];
    private bool _hidesStatement;

    public bool Recover(RecordNumber number, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        EPaxosKind kind = EPaxosCodec.ReadHead(ref reader);
        if (kind == EPaxosKind.HeldRecord)
            return reader.IsValid;
        if (kind is < EPaxosKind.PreAcceptedRecord or > EPaxosKind.LearnedRecord)
            return TryTake(kind, ref reader);

        InstanceRecord record = InstanceRecord.ReadFrom(kind, ref reader);
        if (!reader.IsValid || reader.Remaining != record.Value.Carried
            || record.Id.Owner.Index >= _state.Members)
        {
            return false;
        }

        Take(record, number, Payload.Logged(number, reader.Position, reader.Remaining));
        return true;
    }

    // What is of no single instance.
    private bool TryTake(EPaxosKind kind, ref FrameReader reader)
    {
        if (kind == EPaxosKind.StateRecord)
        {
            StateRecord state = StateRecord.ReadFrom(ref reader);
            if (reader.IsComplete)
                _state.Take(state);
            _hidesStatement &= !reader.IsComplete;
        }
        else if (kind == EPaxosKind.RepairedRecord)
        {
            _repaired.AddRange(RepairedRecord.ReadFrom(ref reader).Lost);
        }
        else if (kind == EPaxosKind.TruncatedRecord)
        {
            EPaxosConflictsPage page = TruncatedRecord.ReadFrom(ref reader).Page;
            _state.TruncatedConflicts.Add(page);
            _state.Conflicts.Add(page);
        }
        else
        {
            return false;
        }

        return reader.IsComplete;
    }

    [Rule(EPaxosRules.DamagedIsSilent)]
    public void Lost(RecordNumber from, RecordNumber through, bool hidesStatement)
    {
        _hidesStatement |= hidesStatement;
        if (from <= through)
            _lost.Add((from, through));
    }

    // Nobody goes on in ballot 0 of what a former life has proposed, and no slot is used twice.
    [Rule(EPaxosRules.RestartMeansNewBallot)]
    [Rule(EPaxosRules.SlotsAreReserved)]
    public void Start(in Turn turn, Outbox outbox)
    {
        _durable = outbox.Appended;
        ConcludeDamage(outbox);
        BeginTruncation();

        // It serves from the start, and nobody will elect it: this is all the news there is.
        outbox.RoleChanged();
        _nextSlot = _state.Reserved + 1;
        foreach (EPaxosInstance instance in _state.All().ToArray())
        {
            if (instance.IsCommitted)
                _executor.Committed(instance);
            else
                _alarms.Set(instance.Id, turn.Now + FirstLook(instance.Id));
        }

        long next = _state.CommittedThrough(_self.Index) + 1;
        for (long slot = next; slot <= _state.Reserved && !_state.IsVoiceless; slot++)
        {
            InstanceId id = new(_self, slot);
            if (_state.Find(id) is null)
                _alarms.Set(id, turn.Now + FirstLook(id));
        }

        BeginRepair(turn);
        _differing = _state.Known > 0 || _state.IsVoiceless ? _others : default;
        ScheduleCompare(turn);
        GoOn(turn, outbox);
    }

    // Which instances the lost records told of nobody knows, so it does not know of any what it has
    // promised. What is committed it goes on to take in and to tell. If a reservation may be lost
    // it does not know either which slots it has used, and nothing repairs that; nor if what it
    // knew of truncated instances may be.
    [Rule(EPaxosRules.DamagedIsSilent)]
    private void ConcludeDamage(Outbox outbox)
    {
        bool isHopeless =
            _hidesStatement || !_state.Truncated.IsEmpty || _others.IsEmpty;
        KernelHealth health = isHopeless ? KernelHealth.Voiceless : KernelHealth.Damaged;
        if (!HasLost || health <= _state.Health)
            return;

        StateRecord damaged = _state.Statement with { Health = health };
        outbox.PersistStatement(damaged);
        _state.Take(damaged);
    }

    // A record whose command is lost is as good as lost.
    private void Take(in InstanceRecord record, RecordNumber number, Payload behind)
    {
        bool isElsewhere = record.Value is { Length: > 0, IsCarried: false };
        if (isElsewhere && IsLost(record.Command))
            return;

        bool isDone = _state.IsCommitted(record.Id);
        if (!isDone)
            _state.Take(record, number, isElsewhere ? record.Command : (EPaxosCommands)behind);
    }

    private bool IsLost(in EPaxosCommands command)
    {
        for (int place = 0; place < command.Count; place++)
        {
            if (IsLost(command.PlaceAt(place).Record))
                return true;
        }

        return false;
    }

    private bool IsLost(RecordNumber number)
    {
        foreach ((RecordNumber from, RecordNumber through) in _lost)
        {
            if (from <= number && number <= through)
                return true;
        }

        return false;
    }

    // The same gap is found again in every life.
    [Rule(EPaxosRules.RepairCoversAll)]
    private bool IsRepaired((RecordNumber From, RecordNumber Through) lost)
    {
        RecordNumber next = lost.From;
        while (next <= lost.Through)
        {
            int place = _repaired.FindIndex(one => one.From <= next && next <= one.Through);
            if (place < 0)
                return false;

            next = _repaired[place].Through.Next();
        }

        return true;
    }

    private TimeSpan FirstLook(InstanceId id) => id.Owner == _self
        ? _random.Below(_options.RecoverDelay)
        : Jittered(_options.RecoverAfter);
}
