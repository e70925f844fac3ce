namespace Synod.TestKit;

/// <summary>Transactions over all keys, one after the other.</summary>
internal sealed class TransactionModel : HistoryModel<TransactionState>
{
    private const int PartsCount = 3;

    private static readonly ValueShape Steps = new(
        "a list of [\"r\", key, null], [\"w\", key, value] and [\"append\", key, value]",
        static value => value.Kind == HistoryKind.List && value.AsList().All(IsStep));

    private static readonly OperationShape[] Shapes = [new("txn", Steps, Steps)];

    public override string Name => "txn";

    public override bool IsPartitioned => false;

    public override TransactionState Initial => TransactionState.Empty;

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation)
        ?? (operation.Type == OperationType.Ok && !IsSame(operation)
            ? $"out is {operation.Output}: it must repeat {operation.Value} with the values read"
            : null);

    public override bool IsReadOnly(Operation operation) =>
        operation.Value.AsList().All(static step => step.AsList()[0] == "r");

    public override bool TryApply(
        TransactionState state, Operation operation, out TransactionState after)
    {
        after = state;
        IReadOnlyList<HistoryValue> steps = operation.Value.AsList();
        for (int place = 0; place < steps.Count; place++)
        {
            IReadOnlyList<HistoryValue> step = steps[place].AsList();
            string key = step[1].AsString();
            HistoryValue value = after[key];
            switch (step[0].AsString())
            {
                case "r" when operation.Type == OperationType.Ok:
                    if (operation.Output.AsList()[place].AsList()[2] != value)
                        return false;
                    break;
                case "w":
                    after = after.With(key, step[2]);
                    break;
                case "append" when value.Kind is HistoryKind.Null or HistoryKind.List:
                    after = after.With(key, Appended(value, step[2]));
                    break;
                case "append":
                    return false;
            }
        }

        return true;
    }

    internal override void Narrow(Narrowing narrowing)
    {
        Dictionary<string, RegisterNarrowing> registers = [];
        for (int place = 0; place < narrowing.Operations.Length; place++)
        {
            foreach (TransactionAccess access in TransactionAccess.Of(narrowing.Operations[place]))
            {
                if (!registers.TryGetValue(access.Key, out RegisterNarrowing? register))
                    registers[access.Key] = register = new RegisterNarrowing(narrowing);
                if (access.Read is HistoryValue read)
                    register.Read(place, read);
                if (access.Written is HistoryValue written)
                    register.Write(place, written);
            }
        }

        foreach (RegisterNarrowing register in registers.Values)
            register.Apply();
    }

    private static HistoryValue Appended(HistoryValue list, HistoryValue item) => list.IsNull
        ? HistoryValue.List(item)
        : HistoryValue.List([.. list.AsList(), item]);

    private static bool IsStep(HistoryValue value) => value.Kind == HistoryKind.List
        && value.AsList() is { Count: PartsCount } step
        && step[1].Kind == HistoryKind.Text
        && (step[0] == "r" || step[0] == "w" || step[0] == "append");

    private static bool IsSame(Operation operation)
    {
        IReadOnlyList<HistoryValue> asked = operation.Value.AsList();
        IReadOnlyList<HistoryValue> answered = operation.Output.AsList();
        return asked.Count == answered.Count
            && asked.Zip(answered).All(static pair => IsSameStep(
                pair.First.AsList(), pair.Second.AsList()));
    }

    private static bool IsSameStep(
        IReadOnlyList<HistoryValue> asked, IReadOnlyList<HistoryValue> answered) =>
        asked[0] == answered[0]
        && asked[1] == answered[1]
        && (asked[0] == "r" || asked[2] == answered[2]);
}
