namespace Synod.TestKit;

/// <summary>What a transaction does to one key: which value it has seen, if that is known, and
/// which it leaves, if any. A list stands for its last item, since that tells which append has made
/// it.</summary>
internal readonly record struct TransactionAccess(
    string Key, HistoryValue? Read, HistoryValue? Written)
{
    public static IEnumerable<TransactionAccess> Of(Operation operation)
    {
        bool isKnown = operation.Type == OperationType.Ok;
        Dictionary<string, TransactionAccess> accesses = [];
        foreach (HistoryValue item in (isKnown ? operation.Output : operation.Value).AsList())
        {
            IReadOnlyList<HistoryValue> step = item.AsList();
            string key = step[1].AsString();
            bool isFirst = !accesses.TryGetValue(key, out TransactionAccess access);
            accesses[key] = step[0].AsString() switch
            {
                "r" when isFirst && isKnown => new(key, Mark(step[2]), null),
                "r" => access with { Key = key },
                "w" => access with { Key = key, Written = Mark(step[2]) },
                _ => access with { Key = key, Written = MarkLast(step[2]) },
            };
        }

        return accesses.Values;
    }

    private static HistoryValue Mark(HistoryValue value) =>
        value.Kind == HistoryKind.List && value.AsList() is [.., HistoryValue last]
            ? MarkLast(last)
            : value;

    private static HistoryValue MarkLast(HistoryValue item) => HistoryValue.List(item);
}
