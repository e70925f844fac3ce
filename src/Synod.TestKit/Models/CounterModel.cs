namespace Synod.TestKit;

/// <summary>A number to which is added.</summary>
internal sealed class CounterModel : HistoryModel<long>
{
    private static readonly OperationShape[] Shapes =
    [
        new("incr", ValueShape.Number, ValueShape.Number),
        new("get", ValueShape.Nothing, ValueShape.Number),
    ];

    public override string Name => "counter";

    public override long Initial => 0;

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation);

    public override bool IsReadOnly(Operation operation) => operation.F == "get";

    public override bool TryApply(long state, Operation operation, out long after)
    {
        after = state;
        if (operation.F == "get")
            return operation.Allows(state);

        long delta = operation.Value.AsInt64();
        after = unchecked(state + delta);
        bool isBeyondRange = (delta < 0) != (after < state);
        return !isBeyondRange && operation.Allows(after);
    }
}
