using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Finds the order in which committed instances are executed: what an instance depends on
/// before it, those that depend on each other by owner and slot (protocols §1.5c). A search that
/// meets something undecided ends there and goes on when that is decided; it has a stack of its
/// own, so that no chain is too long.</summary>
internal sealed class EPaxosExecutor(EPaxosState state)
{
    private readonly Dictionary<InstanceId, List<EPaxosInstance>> _waiting = [];
    private readonly Queue<EPaxosInstance> _roots = [];
    private readonly List<Frame> _path = [];
    private readonly List<EPaxosInstance> _open = [];
    private int _met;

    /// <summary>What is to be executed, in order, and the record that must be durable before: all
    /// of a cycle is behind the newest commit in it. Whoever takes it out clears it.</summary>
    public List<(EPaxosInstance Instance, RecordNumber Gate)> Ready { get; } = [];

    /// <summary>What something waits for since it was last cleared.</summary>
    public List<InstanceId> Missed { get; } = [];

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

    private void Release(InstanceId id)
    {
        if (!_waiting.Remove(id, out List<EPaxosInstance>? waiting))
            return;

        foreach (EPaxosInstance instance in waiting)
        {
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
                Block(missing);
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
            long last = instance.Dep[frame.Owner];
            long slot = Math.Max(frame.Slot, state.ExecutedThrough(frame.Owner) + 1);
            for (; slot <= last; slot++)
            {
                InstanceId id = new(new Member((byte)frame.Owner), slot);
                EPaxosInstance? other = state.Find(id);
                if (other is not null && IsNoEdge(instance, other))
                    continue;

                frame = frame with { Slot = slot };
                if (other is not { IsCommitted: true })
                    return (Step.Blocked, null, id);
                if (!other.BlockedOn.IsNone)
                    return (Step.Blocked, null, other.BlockedOn);
                if (other.Met == 0)
                    return (Step.Open, other, default);

                instance.Low = Math.Min(instance.Low, other.Met);
            }
        }

        return (Step.Done, null, default);
    }

    private static bool IsNoEdge(EPaxosInstance instance, EPaxosInstance other) =>
        other.IsExecuted
        || other == instance
        || (other.IsKnown && !instance.ConflictsWith(other));

    // All that is on the way to what is missing waits for it; what is closed stays executed.
    private void Block(InstanceId missing)
    {
        if (!_waiting.TryGetValue(missing, out List<EPaxosInstance>? waiting))
        {
            _waiting[missing] = waiting = [];
            Missed.Add(missing);
        }

        foreach (EPaxosInstance instance in _open)
        {
            instance.Met = 0;
            instance.BlockedOn = missing;
            waiting.Add(instance);
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

        int first = _open.LastIndexOf(instance);
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
    }

    private enum Step
    {
        Open,
        Blocked,
        Done,
    }

    private readonly record struct Frame(EPaxosInstance Instance, int Owner = 0, long Slot = 0)
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
