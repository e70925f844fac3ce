namespace Synod.TestKit;

/// <summary>A value that the first put chooses for good, until it is erased.</summary>
internal sealed class OnceModel : HistoryModel<HistoryValue>
{
    private static readonly OperationShape[] Shapes =
    [
        new("put", ValueShape.Something, ValueShape.Something),
        new("get", ValueShape.Nothing, ValueShape.Anything),
        new("erase", ValueShape.Nothing, ValueShape.Nothing),
    ];

    public override string Name => "once";

    public override HistoryValue Initial => default;

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation);

    // A put that was answered another value than its own has chosen nothing.
    public override bool IsReadOnly(Operation operation) => operation.F switch
    {
        "get" => true,
        "put" => operation.Type == OperationType.Ok && operation.Output != operation.Value,
        _ => false,
    };

    public override bool TryApply(
        HistoryValue state, Operation operation, out HistoryValue after)
    {
        after = state;
        switch (operation.F)
        {
            case "get":
                return operation.Allows(state);
            case "erase":
                after = default;
                return true;
            default:
                after = state.IsNull ? operation.Value : state;
                return operation.Allows(after);
        }
    }
}
