namespace Synod.TestKit;

/// <summary>A queue: first in, first out.</summary>
internal sealed class QueueModel : HistoryModel<QueueState>
{
    private static readonly OperationShape[] Shapes =
    [
        new("enq", ValueShape.Something, ValueShape.Count),
        new("deq", ValueShape.Nothing, ValueShape.Anything),
        new("len", ValueShape.Nothing, ValueShape.Count),
    ];

    public override string Name => "queue";

    public override QueueState Initial => QueueState.Empty;

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation);

    public override bool IsReadOnly(Operation operation) => operation.F switch
    {
        "len" => true,
        "deq" => operation.Type == OperationType.Ok && operation.Output.IsNull,
        _ => false,
    };

    public override bool TryApply(QueueState state, Operation operation, out QueueState after)
    {
        after = state;
        switch (operation.F)
        {
            case "len":
                return operation.Allows(state.Count);
            case "enq":
                bool fits = operation.Allows(state.Count);
                after = fits ? state.Enqueue(operation.Value) : state;
                return fits;
            default:
                bool isOldest = operation.Allows(state.Oldest);
                after = isOldest && state.Count > 0 ? state.Dequeue() : state;
                return isOldest;
        }
    }

    // In which order values were put in is seen only when they are taken out, long after. A value
    // that was put in once went in before all that were taken out later, or not at all.
    internal override (long Begin, long End)[]? Spans(Operation[] operations, long? until)
    {
        Dictionary<HistoryValue, int> put = [];
        Dictionary<HistoryValue, (long, long)> taken = [];
        bool isAllKnown = until is null;
        foreach (Operation operation in operations)
        {
            if (operation.F == "enq")
                put[operation.Value] = put.GetValueOrDefault(operation.Value) + 1;
            else if (operation is { F: "deq", Return: long end } && !(end >= until))
                taken[operation.Output] = (operation.Call, end);
            else if (operation.F == "deq")
                isAllKnown = false;
        }

        return [.. operations.Select(Span)];

        (long, long) Span(Operation operation)
        {
            bool isUnique = operation.F == "enq" && put[operation.Value] == 1;
            long begin = isAllKnown ? long.MaxValue : long.MinValue;
            return isUnique
                ? taken.GetValueOrDefault(operation.Value, (begin, long.MaxValue))
                : (long.MinValue, long.MaxValue);
        }
    }
}
