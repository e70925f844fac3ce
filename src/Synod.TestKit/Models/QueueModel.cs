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

    internal override void Narrow(Narrowing narrowing) => new QueueNarrowing(narrowing).Apply();
}
