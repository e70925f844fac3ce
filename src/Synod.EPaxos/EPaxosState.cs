using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What a member knows of all instances, as its records say it, and what it has executed
/// of them. A record and a live handler do the same to it.</summary>
internal sealed class EPaxosState
{
    private readonly List<EPaxosInstance?>[] _instances;
    private readonly long[] _executed;
    private readonly long[] _committed;
    private readonly long[] _lastCommitted;
    private readonly long[] _truncated;
    private EPaxosFrontier _restored = EPaxosFrontier.Empty;

    public EPaxosState(int members)
    {
        Members = members;
        Conflicts = new EPaxosConflicts(members);
        TruncatedConflicts = new EPaxosConflicts(members);
        _truncated = new long[members];
        _executed = new long[members];
        _committed = new long[members];
        _lastCommitted = new long[members];
        _instances = new List<EPaxosInstance?>[members];
        for (int owner = 0; owner < members; owner++)
            _instances[owner] = [];
    }

    public int Members { get; }

    public EPaxosConflicts Conflicts { get; }

    /// <summary>What is truncated and no no-op.</summary>
    public EPaxosConflicts TruncatedConflicts { get; }

    /// <summary>What a durable snapshot has in it, whichever this life has begun with.</summary>
    public EPaxosCover Saved { get; private set; }

    /// <summary>What is forgotten: all of it is decided, executed and in that snapshot.</summary>
    public EPaxosCover Truncated { get; private set; }

    /// <summary>All of the small durable state.</summary>
    public StateRecord Statement =>
        new(Reserved, Health) { Saved = Saved, Truncated = Truncated };

    /// <summary>Up to here the own slots may have been used.</summary>
    public long Reserved { get; private set; }

    /// <summary>What damage of its records has left of its voice.</summary>
    public KernelHealth Health { get; private set; }

    /// <summary>Whether it may have forgotten what it has promised.</summary>
    public bool IsVoiceless => Health != KernelHealth.Whole;

    /// <summary>How many instances are known.</summary>
    public long Known { get; private set; }

    /// <summary>How many instances are committed.</summary>
    public long Committed { get; private set; }

    /// <summary>A hash of all that are committed, whatever the order in which they were.</summary>
    public long CommittedSum { get; private set; }

    /// <summary>Of each owner the slot up to which all is committed.</summary>
    public EPaxosCover CommittedThroughAll() => EPaxosCover.Of(_committed);

    /// <summary>Of each owner the highest slot that is committed.</summary>
    public EPaxosCover LastCommitted() => EPaxosCover.Of(_lastCommitted);

    /// <summary>Up to which slot of an owner all is executed.</summary>
    public long ExecutedThrough(int owner) => _executed[owner];

    /// <summary>Up to which slot of an owner all is committed.</summary>
    public long CommittedThrough(int owner) => _committed[owner];

    /// <summary>The highest slot of an owner that is known.</summary>
    public long LastOf(int owner) => _truncated[owner] + _instances[owner].Count;

    /// <summary>Whether it is forgotten because all is known of it.</summary>
    public bool IsTruncated(InstanceId id) => id.Slot <= _truncated[id.Owner.Index];

    /// <summary>Whether it is known to be decided.</summary>
    public bool IsCommitted(InstanceId id) =>
        IsTruncated(id) || Find(id) is { IsCommitted: true };

    public EPaxosInstance? Find(InstanceId id) => At(id.Owner.Index, id.Slot);

    public EPaxosInstance FindOrAdd(InstanceId id)
    {
        Invariant.Holds(
            !IsTruncated(id), EPaxosRules.TruncatedIsSaid, $"{id} is truncated and begun anew");
        List<EPaxosInstance?> ofOwner = _instances[id.Owner.Index];
        int index = (int)(id.Slot - 1 - _truncated[id.Owner.Index]);
        while (ofOwner.Count <= index)
            ofOwner.Add(null);
        ref EPaxosInstance? place =
            ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ofOwner)[index];
        if (place is null)
        {
            place = new EPaxosInstance(id);
            Known++;
        }

        return place;
    }

    /// <summary>All that are known, by owner and slot.</summary>
    public IEnumerable<EPaxosInstance> All()
    {
        foreach (List<EPaxosInstance?> ofOwner in _instances)
        {
            foreach (EPaxosInstance? instance in ofOwner)
            {
                if (instance is not null)
                    yield return instance;
            }
        }
    }

    public void Take(in StateRecord record)
    {
        Reserved = record.Reserved;
        Health = record.Health;
        Saved = record.Saved;
        for (int owner = 0; owner < Members; owner++)
            Truncate(owner, record.Truncated[owner]);
        Truncated = record.Truncated;
    }

    /// <summary>A life begins with a snapshot: what is in it is executed.</summary>
    public void Restore(EPaxosFrontier frontier) => _restored = frontier;

    /// <summary>Whether it has begun with a snapshot.</summary>
    public bool IsRestored => _restored != EPaxosFrontier.Empty;

    /// <summary>What is executed.</summary>
    public EPaxosFrontier Executed()
    {
        List<SlotRange> beyond = [];
        for (byte owner = 0; owner < Members; owner++)
        {
            for (long slot = _executed[owner] + 1; slot <= LastOf(owner); slot++)
            {
                InstanceId id = new(new Member(owner), slot);
                if (Find(id) is { IsExecuted: true })
                    beyond.Add(new SlotRange(id, slot));
            }
        }

        return new EPaxosFrontier(EPaxosCover.Of(_executed), beyond);
    }

    /// <summary>What has happened to an instance.</summary>
    /// <param name="record">What.</param>
    /// <param name="number">The number of the record.</param>
    /// <param name="command">Where the command is; empty if the record names none.</param>
    public EPaxosInstance Take(
        in InstanceRecord record, RecordNumber number, in EPaxosCommands command)
    {
        EPaxosInstance instance = FindOrAdd(record.Id);
        if (instance.First == default)
            instance.First = number;
        Learn(instance, record, command);
        switch (record.Kind)
        {
            case EPaxosKind.PreAcceptedRecord:
                instance.Phase = EPaxosPhase.PreAccepted;
                instance.Holds = record.Value.Kind;
                instance.HasInitial = true;
                instance.InitialDep = record.Initial;
                instance.Dep = record.Dep;
                break;
            case EPaxosKind.AcceptedRecord:
                instance.Phase = EPaxosPhase.Accepted;
                instance.Promised = instance.AcceptedIn = record.Ballot;
                instance.Holds = record.Value.Kind;
                instance.Dep = record.Dep.SharedWith(instance.Dep);
                break;
            case EPaxosKind.PromisedRecord:
                instance.Promised = record.Ballot;
                break;
            case EPaxosKind.ValidatedRecord:
                instance.Promised = record.Ballot;
                instance.Holds = record.Value.Kind;
                instance.HasInitial = true;
                instance.InitialDep = record.Dep;
                break;
            case EPaxosKind.CommittedRecord:
                Commit(instance, record, number);
                break;
        }

        return instance;
    }

    public void Execute(EPaxosInstance instance)
    {
        instance.IsExecuted = true;
        int owner = instance.Id.Owner.Index;
        while (At(owner, _executed[owner] + 1) is { IsExecuted: true })
            _executed[owner]++;
    }

    public void Digest(ref StateHash hash)
    {
        hash.Add(Reserved);
        hash.Add((long)Health);
        Saved.AddTo(ref hash);
        Truncated.AddTo(ref hash);
        foreach (EPaxosInstance instance in All())
        {
            hash.Add(instance.Id.Owner.Index);
            hash.Add(instance.Id.Slot);
            hash.Add((long)instance.Phase);
            hash.Add((long)instance.Holds);
            hash.Add(instance.Promised.Number);
            hash.Add(instance.AcceptedIn.Number);
            hash.Add(instance.HasInitial ? 1 : 0);
            for (int place = 0; place < instance.Command.Count; place++)
                hash.Add(instance.Command.PlaceAt(place).Record.Number);
            instance.Dep.AddTo(ref hash);
            instance.InitialDep.AddTo(ref hash);
        }
    }

    // What is voted for must be in the conflicts from the same step on, whatever becomes of it: a
    // no-op of which nobody has told what it would replace may be revived as anything.
    [Rule(EPaxosRules.IndexedWithThePayload)]
    [Rule(EPaxosRules.UndecidedNoOpConflicts)]
    private void Learn(
        EPaxosInstance instance, in InstanceRecord record, in EPaxosCommands command)
    {
        EPaxosValue value = record.Value;
        bool isDecided = record.Kind == EPaxosKind.CommittedRecord;
        if (value.IsSubmitted && !instance.IsKnown)
        {
            instance.Submitted = value;
            instance.Command = command;
            Conflicts.Add(instance.Id, value.Footprint);
        }
        else if (value.Kind == EPaxosValueKind.NoOp && !instance.IsKnown && !isDecided)
        {
            Conflicts.AddUnknown(instance.Id);
        }
    }

    [Rule(EPaxosRules.CommitRaisesBallot)]
    private void Commit(EPaxosInstance instance, in InstanceRecord record, RecordNumber number)
    {
        Invariant.Holds(
            !instance.IsCommitted, EPaxosRules.CommittedStays, $"{instance} is committed again");
        instance.Phase = EPaxosPhase.Committed;
        instance.Holds = record.Value.Kind;
        instance.Dep = record.Dep.SharedWith(instance.Dep);
        instance.CommittedBy = number;
        if (instance.Promised < record.Ballot)
            instance.Promised = record.Ballot;
        if (instance.AcceptedIn < record.Ballot)
            instance.AcceptedIn = record.Ballot;
        CountCommitted(instance.Id.Owner.Index, instance.Id.Slot);
        if (_restored.Covers(instance.Id))
            Execute(instance);
    }

    private void CountCommitted(int owner, long slot)
    {
        Committed++;
        _lastCommitted[owner] = Math.Max(_lastCommitted[owner], slot);
        StateHash hash = default;
        hash.Add(owner);
        hash.Add(slot);
        CommittedSum = unchecked(CommittedSum + (long)hash.Value);
        while (At(owner, _committed[owner] + 1) is { IsCommitted: true })
            _committed[owner]++;
    }

    // Of what is decided it may have no records any more: it has, or had, executed it. What
    // conflicts with it stays known.
    [Rule(EPaxosRules.TruncatedBehindSnapshots)]
    private void Truncate(int owner, long last)
    {
        List<EPaxosInstance?> ofOwner = _instances[owner];
        for (long slot = _truncated[owner] + 1; slot <= last; slot++)
        {
            EPaxosInstance? one = At(owner, slot);
            Known += one is null ? 1 : 0;
            if (one is not { IsCommitted: true })
                CountCommitted(owner, slot);
            if (one is { IsKnown: true, IsNoOp: false })
                TruncatedConflicts.Add(one.Id, one.Submitted.Footprint);
        }

        int count = (int)Math.Min(ofOwner.Count, Math.Max(0, last - _truncated[owner]));
        ofOwner.RemoveRange(0, count);
        _truncated[owner] = Math.Max(_truncated[owner], last);
        _committed[owner] = Math.Max(_committed[owner], last);
        _executed[owner] = Math.Max(_executed[owner], last);
        while (At(owner, _committed[owner] + 1) is { IsCommitted: true })
            _committed[owner]++;
        while (At(owner, _executed[owner] + 1) is { IsExecuted: true })
            _executed[owner]++;
    }

    private EPaxosInstance? At(int owner, long slot)
    {
        List<EPaxosInstance?> ofOwner = _instances[owner];
        long index = slot - 1 - _truncated[owner];
        return index >= 0 && index < ofOwner.Count ? ofOwner[(int)index] : null;
    }
}
