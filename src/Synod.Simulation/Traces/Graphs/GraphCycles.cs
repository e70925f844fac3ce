namespace Synod.Simulation;

/// <summary>Finds the instances that depend on each other: the strongly connected components of
/// what is decided in a run, by Tarjan's search with a stack of its own.</summary>
/// <param name="known">All instances, by owner, then by slot.</param>
internal sealed class GraphCycles(IReadOnlyList<SortedList<long, GraphInstance>> known)
{
    private readonly Dictionary<GraphInstance, (int Met, int Low)> _seen = [];
    private readonly Stack<(GraphInstance Instance, IEnumerator<GraphInstance> Edges)> _path = [];
    private readonly List<GraphInstance> _open = [];
    private readonly HashSet<GraphInstance> _closed = [];
    private readonly List<GraphInstance[]> _cycles = [];

    /// <summary>All of two or more, each by owner and slot, which is how it is executed; in the
    /// order in which the last of each was decided.</summary>
    public IReadOnlyList<GraphInstance[]> Find()
    {
        foreach (SortedList<long, GraphInstance> ofOwner in known)
        {
            foreach (GraphInstance instance in ofOwner.Values)
            {
                if (IsNode(instance) && !_seen.ContainsKey(instance))
                    Search(instance);
            }
        }

        return [.. _cycles.OrderBy(static cycle => cycle.Max(static one => one.DecidedAt))];
    }

    private static bool IsNode(GraphInstance instance) =>
        instance is { Decided: not null, IsNoOp: false };

    private void Search(GraphInstance root)
    {
        Open(root);
        while (_path.TryPeek(out (GraphInstance Instance, IEnumerator<GraphInstance> Edges) top))
        {
            if (!top.Edges.MoveNext())
                Close(top.Instance);
            else if (!_seen.TryGetValue(top.Edges.Current, out (int Met, int Low) next))
                Open(top.Edges.Current);
            else if (!_closed.Contains(top.Edges.Current))
                Lower(top.Instance, next.Met);
        }
    }

    private void Open(GraphInstance instance)
    {
        _seen[instance] = (_seen.Count, _seen.Count);
        _open.Add(instance);
        _path.Push((instance, EdgesOf(instance).GetEnumerator()));
    }

    private void Lower(GraphInstance instance, int low)
    {
        (int met, int before) = _seen[instance];
        _seen[instance] = (met, Math.Min(before, low));
    }

    private void Close(GraphInstance instance)
    {
        (int met, int low) = _seen[instance];
        _path.Pop();
        if (_path.TryPeek(out (GraphInstance Instance, IEnumerator<GraphInstance>) below))
            Lower(below.Instance, low);
        if (low != met)
            return;

        int first = _open.LastIndexOf(instance);
        GraphInstance[] cycle =
            [.. _open.Skip(first).OrderBy(static one => one.Id)];
        _open.RemoveRange(first, _open.Count - first);
        _closed.UnionWith(cycle);
        if (cycle.Length > 1)
            _cycles.Add(cycle);
    }

    private IEnumerable<GraphInstance> EdgesOf(GraphInstance instance)
    {
        for (int owner = 0; owner < Math.Min(known.Count, instance.Decided?.Count ?? 0); owner++)
        {
            foreach (GraphInstance other in known[owner].Values)
            {
                if (other.Id.Slot > instance.Decided?[owner])
                    break;
                if (IsNode(other) && instance.DependsOn(other))
                    yield return other;
            }
        }
    }
}
