namespace Synod.TestKit;

/// <summary>What every history keeps, and what its model asks of each operation.</summary>
internal static class HistoryRules
{
    /// <exception cref="HistoryException">A rule is broken.</exception>
    public static void Check(History history, HistoryModel model)
    {
        IReadOnlyList<Operation> operations = history.Operations;
        for (int index = 0; index < operations.Count; index++)
        {
            string? fault = TimeFault(operations[index]) ?? model.Fault(operations[index]);
            if (fault is not null)
                throw new HistoryException(history.LineOf(index), fault);
        }

        CheckProcesses(history);
    }

    private static string? TimeFault(Operation operation) => operation switch
    {
        { Type: OperationType.Info, Return: not null } =>
            "type is info, so that ret must be null: it may happen at any later time",
        { Type: OperationType.Info } => null,
        { Return: null } => $"type is {HistoryWriter.NameOf(operation.Type)}, but ret is missing",
        { Return: long time } when time < operation.Call =>
            $"call is {operation.Call}, after ret, which is {time}",
        _ => null,
    };

    private static void CheckProcesses(History history)
    {
        int[] order = [.. Enumerable.Range(0, history.Operations.Count)
            .OrderBy(index => history.Operations[index].Process)
            .ThenBy(index => history.Operations[index].Call)
            .ThenBy(index => history.Operations[index].Return ?? long.MaxValue)];
        for (int place = 1; place < order.Length; place++)
            CheckSequence(history, order[place - 1], order[place]);
    }

    private static void CheckSequence(History history, int before, int after)
    {
        Operation first = history.Operations[before];
        Operation second = history.Operations[after];
        if (first.Process != second.Process)
            return;

        string earlier = $"line {history.LineOf(before)}";
        if (first.Return is not long end)
        {
            throw new HistoryException(
                history.LineOf(after),
                $"process {first.Process} is used again after its unknown outcome in {earlier}");
        }

        if (second.Call < end)
        {
            throw new HistoryException(
                history.LineOf(after),
                $"process {first.Process} overlaps itself: it is called at {second.Call}, before "
                + $"{end}, when its operation in {earlier} returns");
        }
    }
}
