namespace Synod.TestKit;

/// <summary>The operations of one search, by number: first those that must happen, in the order of
/// their calls, then those that may, in the order of theirs. Never changes.</summary>
internal sealed class SearchSpace
{
    private const int RoundsMax = 16;

    /// <summary>Creates a space of operations, some of which are weakened to what may
    /// happen.</summary>
    public SearchSpace(
        IEnumerable<Operation> operations,
        IReadOnlySet<Operation> weakened,
        HistoryModel model,
        SearchScope scope)
    {
        (Operation Source, Operation Actual)[] pairs = [.. operations
            .Select(source => (source, weakened.Contains(source) ? source.Weakened() : source))
            .Where(pair => pair.Item2.Type == OperationType.Ok || !model.IsReadOnly(pair.Item2))];
        Narrowing narrowing = new(
            [.. pairs.Select(static pair => pair.Actual)],
            [.. pairs.Select(static pair => pair.Source.Type != pair.Actual.Type)],
            scope.Until);
        if (scope.IsFromInitial)
            IsNarrowed = Narrow(model, narrowing);

        int[] order = [.. Enumerable.Range(0, pairs.Length)
            .Where(place => !narrowing.IsUseless[place])
            .OrderBy(place => narrowing.IsRequired[place] ? 0 : 1)
            .ThenBy(place => narrowing.Call[place])
            .ThenBy(place => narrowing.Return[place])];
        Sources = [.. order.Select(place => pairs[place].Source)];
        Operations = [.. order.Select(place => pairs[place].Actual)];
        RequiredCount = order.Count(place => narrowing.IsRequired[place]);
        Call = [.. order.Select(place => narrowing.Call[place])];
        Return = [.. order.Select(place => narrowing.Return[place])];
        IsReadOnly = [.. Operations.Select(
            (operation, number) => number < RequiredCount && model.IsReadOnly(operation))];
        ByReturn = [.. Enumerable.Range(0, RequiredCount).OrderBy(index => Return[index])];
        IsImpossible = narrowing.IsImpossible;
        Until = scope.Until;
        (Earlier, Later) = FindOrder(narrowing, order);
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

    /// <summary>For each operation, those for which it must wait.</summary>
    public int[][] Earlier { get; }

    /// <summary>For each operation, those after which it can no more happen.</summary>
    public int[][] Later { get; }

    /// <summary>Operations that may happen and are alike are in one group.</summary>
    public int[] Group { get; }

    /// <summary>Whether anything is known beyond calls and returns.</summary>
    public bool IsNarrowed { get; }

    /// <summary>Whether no order is left even before the search.</summary>
    public bool IsImpossible { get; }

    /// <summary>The search has come to its goal when all that return before this have happened;
    /// null for all that must.</summary>
    public long? Until { get; }

    // Each round tells more to the next. Where it ends early, less is known, and the search finds
    // out the rest.
    private static bool Narrow(HistoryModel model, Narrowing narrowing)
    {
        bool isNarrowed = false;
        for (int round = 0; round < RoundsMax && !narrowing.IsImpossible; round++)
        {
            narrowing.HasChanged = false;
            model.Narrow(narrowing);
            narrowing.Propagate();
            if (!narrowing.HasChanged)
                break;
            isNarrowed = true;
        }

        return isNarrowed || narrowing.IsImpossible;
    }

    // One that need not happen keeps nobody waiting, but is too late when the other has happened.
    private static (int[][] Earlier, int[][] Later) FindOrder(Narrowing narrowing, int[] order)
    {
        int[] numbers = new int[narrowing.Operations.Length];
        Array.Fill(numbers, -1);
        for (int number = 0; number < order.Length; number++)
            numbers[order[number]] = number;
        List<int>?[] earlier = new List<int>?[order.Length];
        List<int>?[] later = new List<int>?[order.Length];
        foreach ((int first, int second) in narrowing.Order)
        {
            int one = numbers[first];
            int other = numbers[second];
            if (one < 0 || other < 0)
                continue;
            if (narrowing.IsCertain[first])
                (earlier[other] ??= []).Add(one);
            else
                (later[one] ??= []).Add(other);
        }

        return (ArraysOf(earlier), ArraysOf(later));
    }

    private static int[][] ArraysOf(List<int>?[] lists) =>
        [.. lists.Select(static list => list is null ? [] : list.ToArray())];

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
