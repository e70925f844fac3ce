namespace Synod.TestKit;

/// <summary>A lock that one owner holds, with fencing tokens that grow.</summary>
internal sealed class LockModel : HistoryModel<LockState>
{
    private static readonly ValueShape TokenOrFalse = new(
        "a token from 0, or false",
        static value => ValueShape.Count.Holds(value) || value == false);

    private static readonly OperationShape[] Shapes =
    [
        new("acquire", ValueShape.Something, TokenOrFalse),
        new("release", ValueShape.Something, ValueShape.Boolean),
        new("expire", ValueShape.Something, ValueShape.Nothing.Or(ValueShape.Boolean)),
    ];

    public override string Name => "lock";

    public override LockState Initial { get; } = new(default, -1);

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation);

    public override bool IsReadOnly(Operation operation) =>
        operation.Type == OperationType.Ok && operation.Output == false;

    public override bool TryApply(LockState state, Operation operation, out LockState after)
    {
        if (operation.F == "acquire")
            return TryAcquire(state, operation, out after);

        bool isOwner = state.Owner == operation.Value;
        after = isOwner ? state with { Owner = default } : state;
        return operation.Allows(isOwner)
            || (operation.F == "expire" && operation.Output.IsNull);
    }

    // Nobody knows the token of an unknown success. The least that it can be allows the most later
    // on, so that no other need be tried.
    private static bool TryAcquire(LockState state, Operation operation, out LockState after)
    {
        after = state;
        if (!state.Owner.IsNull)
            return operation.Allows(false);
        if (operation.Type == OperationType.Ok && operation.Output == false)
            return false;

        long least = state.Token == long.MaxValue ? state.Token : state.Token + 1;
        long token = operation.Output.TryGetInt64(out long known) ? known : least;
        after = new LockState(operation.Value, token);
        return state.Token < token;
    }
}
