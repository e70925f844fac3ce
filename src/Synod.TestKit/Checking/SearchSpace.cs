namespace Synod.TestKit;

/// <summary>The operations of one search, by number: first those that must happen, in the order of
/// their calls, then those that may, in the order of theirs. Never changes.</summary>
internal sealed class SearchSpace
{
    private const int None = -1;

    /// <summary>Creates a space of operations, some of which are weakened to what may
    /// happen.</summary>
    public SearchSpace(
        IEnumerable<Operation> operations,
        IReadOnlySet<Operation> weakened,
        Func<Operation, bool> isReadOnly)
    {
        (Operation Source, Operation Actual)[] pairs = [.. operations
            .Select(source => (source, weakened.Contains(source) ? source.Weakened() : source))
            .Where(pair => IsRequired(pair.Item2) || !isReadOnly(pair.Item2))
            .OrderBy(static pair => IsRequired(pair.Item2) ? 0 : 1)
            .ThenBy(static pair => pair.Item2.Call)
            .ThenBy(static pair => pair.Item2.Return)];
        Sources = [.. pairs.Select(static pair => pair.Source)];
        Operations = [.. pairs.Select(static pair => pair.Actual)];
        RequiredCount = Operations.Count(IsRequired);
        Call = [.. Operations.Select(static operation => operation.Call)];
        Return = [.. Operations.Select(static operation => operation.Return ?? long.MaxValue)];
        IsReadOnly = [.. Operations.Select(
            operation => IsRequired(operation) && isReadOnly(operation))];
        ByReturn = [.. Enumerable.Range(0, RequiredCount).OrderBy(index => Return[index])];
        Before = FindBefore();
        Group = FindGroups();
    }

    /// <summary>The operations as they were given.</summary>
    public Operation[] Sources { get; }

    /// <summary>The operations as they are searched for.</summary>
    public Operation[] Operations { get; }

    /// <summary>How many must happen.</summary>
    public int RequiredCount { get; }

    public long[] Call { get; }

    public long[] Return { get; }

    public bool[] IsReadOnly { get; }

    /// <summary>The numbers of those that must happen, in the order of their returns.</summary>
    public int[] ByReturn { get; }

    /// <summary>The operation of the same process that returned at the very tick of the call. All
    /// others that touch may come in either order. None is -1.</summary>
    public int[] Before { get; }

    /// <summary>Operations that may happen and are alike are in one group.</summary>
    public int[] Group { get; }

    /// <summary>For each operation, a span that must come after those that end before it begins;
    /// null if nothing is known beyond their calls and returns.</summary>
    public (long Begin, long End)[]? Spans { get; private set; }

    /// <summary>The search has come to its goal when all that return before this have happened;
    /// null for all that must.</summary>
    public long? Until { get; init; }

    public SearchSpace With((long Begin, long End)[]? spans)
    {
        Spans = spans;
        return this;
    }

    /// <summary>What should be tried first, the least before all others.</summary>
    public long OrderOf(int operation) => Spans is null || Spans[operation].End == long.MaxValue
        ? Return[operation]
        : Spans[operation].End;

    public long BeginOf(int operation) => Spans is null ? long.MinValue : Spans[operation].Begin;

    private static bool IsRequired(Operation operation) => operation.Type == OperationType.Ok;

    // A process has no operation after an unknown one, but it has some after a weakened one.
    private int[] FindBefore()
    {
        Dictionary<int, int> last = [];
        int[] before = new int[Operations.Length];
        for (int index = 0; index < before.Length; index++)
        {
            int process = Operations[index].Process;
            bool isKnown = last.TryGetValue(process, out int found)
                && Return[found] == Call[index]
                && Sources[index].Type == Operations[index].Type;
            before[index] = isKnown ? found : None;
            if (index < RequiredCount)
                last[process] = index;
        }

        return before;
    }

    private int[] FindGroups()
    {
        Dictionary<(string F, HistoryValue Value), int> groups = [];
        int[] group = new int[Operations.Length];
        for (int index = RequiredCount; index < group.Length; index++)
        {
            (string, HistoryValue) kind = (Operations[index].F, Operations[index].Value);
            if (!groups.TryGetValue(kind, out group[index]))
                groups[kind] = group[index] = groups.Count;
        }

        return group;
    }
}
