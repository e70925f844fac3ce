namespace Synod.TestKit;

/// <summary>A value that the first put chooses, until its owner ends. An owner is of one
/// key.</summary>
internal sealed class OwnedModel : HistoryModel<OwnedState>
{
    private static readonly OperationShape[] Shapes =
    [
        new("put", ValueShape.Pair, ValueShape.Something),
        new("get", ValueShape.Nothing, ValueShape.Anything),
        new("end", ValueShape.Something, ValueShape.Nothing),
    ];

    public override string Name => "owned";

    public override OwnedState Initial { get; } = new(default, default, HistoryValue.EmptyList);

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation);

    // A put that was answered another value than its own has chosen nothing.
    public override bool IsReadOnly(Operation operation) => operation.F switch
    {
        "get" => true,
        "put" => operation.Type == OperationType.Ok
            && operation.Output != false
            && operation.Output != operation.Value.AsList()[0],
        _ => false,
    };

    public override bool TryApply(OwnedState state, Operation operation, out OwnedState after)
    {
        after = state;
        switch (operation.F)
        {
            case "get":
                return operation.Allows(state.Value);
            case "end":
                after = state.Without(operation.Value);
                return true;
            default:
                return TryPut(state, operation, out after);
        }
    }

    // One that was refused may have been there for a while: its owner has ended before it was
    // answered, so it comes before that end or changes nothing.
    private static bool TryPut(OwnedState state, Operation operation, out OwnedState after)
    {
        IReadOnlyList<HistoryValue> asked = operation.Value.AsList();
        bool isFree = state.Value.IsNull && !state.HasEnded(asked[1]);
        after = isFree ? state with { Value = asked[0], Owner = asked[1] } : state;
        bool isRefused = operation.Type == OperationType.Ok && operation.Output == false;
        return isRefused || operation.Type != OperationType.Ok
            || operation.Output == after.Value;
    }
}
