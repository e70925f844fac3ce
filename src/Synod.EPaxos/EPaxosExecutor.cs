using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Finds the order in which committed instances are executed: what an instance depends on
/// before it, those that depend on each other by owner and slot (protocols §1.5c). A search that
/// meets something undecided ends there and goes on when that is decided; it has a stack of its
/// own, so that no chain is too long.</summary>
/// <remarks>What waits for the undecided waits for the first on the way to it, and is looked at
/// again when that is executed: so a chain is gone along once, in whatever order it becomes known.
/// Of what an owner has covered the newest is looked at first, since it waits for the
/// others.</remarks>
internal sealed class EPaxosExecutor(EPaxosState state)
{
    private readonly Dictionary<InstanceId, List<EPaxosInstance>> _waiting = [];
    private readonly Queue<EPaxosInstance> _roots = [];
    private readonly List<Frame> _path = [];
    private readonly List<EPaxosInstance> _open = [];
    private int _met;
    private long _releases = 1;

    /// <summary>What is to be executed, in order, and the record that must be durable before: all
    /// of a cycle is behind the newest commit in it. Whoever takes it out clears it.</summary>
    public List<(EPaxosInstance Instance, RecordNumber Gate)> Ready { get; } = [];

    /// <summary>What something waits for since it was last cleared.</summary>
    public List<InstanceId> Missed { get; } = [];

    /// <summary>How often a dependency was looked at, in all.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether something waits for the instance.</summary>
    public bool IsMissed(InstanceId id) => _waiting.ContainsKey(id);

    /// <summary>An instance is committed.</summary>
    public void Committed(EPaxosInstance instance)
    {
        if (instance.IsNoOp)
            Execute(instance, instance.CommittedBy);
        _roots.Enqueue(instance);
        Release(instance.Id);
        Search();
    }

    /// <summary>What was submitted as an instance is known: perhaps nobody need wait for
    /// it.</summary>
    public void Learned(InstanceId id)
    {
        Release(id);
        Search();
    }

    // Who waits for something else by now was searched on its way.
    private void Release(InstanceId id)
    {
        if (!_waiting.Remove(id, out List<EPaxosInstance>? waiting))
            return;

        _releases++;
        foreach (EPaxosInstance instance in waiting)
        {
            if (instance.BlockedOn != id)
                continue;

            instance.BlockedOn = default;
            _roots.Enqueue(instance);
        }
    }

    private void Search()
    {
        while (_roots.TryDequeue(out EPaxosInstance? root))
        {
            if (!root.IsExecuted && root.BlockedOn.IsNone)
                Search(root);
        }
    }

    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    private void Search(EPaxosInstance root)
    {
        _met = 0;
        Open(root);
        while (_path.Count > 0)
        {
            Frame frame = _path[^1];
            (Step step, EPaxosInstance? next, InstanceId missing) = Advance(ref frame);
            _path[^1] = frame;
            if (step == Step.Blocked)
            {
                Block(frame.Instance, next?.Id ?? missing, missing);
                return;
            }

            if (step == Step.Open && next is not null)
                Open(next);
            else if (step == Step.Done)
                Close(frame.Instance);
        }
    }

    private void Open(EPaxosInstance instance)
    {
        instance.Met = instance.Low = ++_met;
        instance.BlockedOn = default;
        _open.Add(instance);
        _path.Add(new Frame(instance));
    }

    // The edges of an instance: what it covers, is not executed and conflicts with it. What nobody
    // has told of may conflict.
    private (Step Step, EPaxosInstance? Next, InstanceId Missing) Advance(ref Frame frame)
    {
        EPaxosInstance instance = frame.Instance;
        for (; frame.Owner < state.Members; frame = frame.NextOwner())
        {
            long slot = Math.Min(frame.Slot, instance.Dep[frame.Owner]);
            for (; slot > state.ExecutedThrough(frame.Owner); slot--)
            {
                Steps++;
                InstanceId id = new(new Member((byte)frame.Owner), slot);
                EPaxosInstance? other = state.Find(id);
                if (other is not null && IsNoEdge(instance, other))
                    continue;

                frame = frame with { Slot = slot };
                if (other is not { IsCommitted: true })
                    return (Step.Blocked, null, id);
                if (other.Met == 0)
                {
                    return TryFindMissing(other, out InstanceId missing)
                        ? (Step.Blocked, other, missing)
                        : (Step.Open, other, default);
                }

                instance.Low = Math.Min(instance.Low, other.Met);
            }
        }

        return (Step.Done, null, default);
    }

    private static bool IsNoEdge(EPaxosInstance instance, EPaxosInstance other) =>
        other.IsExecuted
        || other == instance
        || (other.IsKnown && !instance.ConflictsWith(other));

    // Along what one waits for to what is not decided. If it comes to something that waits for
    // nothing, or is searched right now, that may be executed, and all that waits for it.
    private bool TryFindMissing(EPaxosInstance first, out InstanceId missing)
    {
        missing = default;
        EPaxosInstance last = first;
        while (missing.IsNone)
        {
            Steps++;
            if (last.Met != 0 || last.BlockedOn.IsNone)
                return false;

            EPaxosInstance? next = state.Find(last.BlockedOn);
            if (last.MissingSince == _releases)
                missing = last.Missing;
            else if (next is { IsCommitted: true })
                last = next;
            else
                missing = last.BlockedOn;
        }

        EPaxosInstance? one = first;
        while (one is { IsCommitted: true } && one.MissingSince != _releases)
        {
            (one.Missing, one.MissingSince) = (missing, _releases);
            one = state.Find(one.BlockedOn);
        }

        return true;
    }

    // All that is on the way waits for the first that is blocked; what is closed stays executed.
    private void Block(EPaxosInstance first, InstanceId blockedOn, InstanceId missing)
    {
        if (blockedOn == missing && !_waiting.ContainsKey(missing))
            Missed.Add(missing);
        foreach (EPaxosInstance instance in _open)
        {
            InstanceId before = instance == first ? blockedOn : first.Id;
            if (!_waiting.TryGetValue(before, out List<EPaxosInstance>? waiting))
                _waiting[before] = waiting = [];
            waiting.Add(instance);
            instance.Met = 0;
            instance.BlockedOn = before;
            (instance.Missing, instance.MissingSince) = (missing, _releases);
        }

        _open.Clear();
        _path.Clear();
    }

    [Rule(EPaxosRules.CyclesByOwnerAndSlot)]
    private void Close(EPaxosInstance instance)
    {
        _path.RemoveAt(_path.Count - 1);
        if (_path.Count > 0)
        {
            EPaxosInstance below = _path[^1].Instance;
            below.Low = Math.Min(below.Low, instance.Low);
        }

        if (instance.Low != instance.Met)
            return;

        int first = _open.Count - 1;
        while (_open[first] != instance)
            first--;
        if (_open.Count - first > 1)
            _open.Sort(first, _open.Count - first, ByOwnerAndSlot.Instance);
        RecordNumber gate = default;
        for (int place = first; place < _open.Count; place++)
            gate = gate < _open[place].CommittedBy ? _open[place].CommittedBy : gate;
        for (int place = first; place < _open.Count; place++)
        {
            _open[place].Met = 0;
            Execute(_open[place], gate);
        }

        _open.RemoveRange(first, _open.Count - first);
    }

    private void Execute(EPaxosInstance instance, RecordNumber gate)
    {
        if (instance.IsExecuted)
            return;

        state.Execute(instance);
        Ready.Add((instance, gate));
        Release(instance.Id);
    }

    private enum Step
    {
        Open,
        Blocked,
        Done,
    }

    private readonly record struct Frame(
        EPaxosInstance Instance, int Owner = 0, long Slot = long.MaxValue)
    {
        public Frame NextOwner() => new(Instance, Owner + 1);
    }

    private sealed class ByOwnerAndSlot : IComparer<EPaxosInstance>
    {
        public static ByOwnerAndSlot Instance { get; } = new();

        public int Compare(EPaxosInstance? x, EPaxosInstance? y) =>
            x is null || y is null ? 0 : x.Id.CompareTo(y.Id);
    }
}
