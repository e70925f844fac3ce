namespace Synod.TestKit;

/// <summary>A list that only grows; the indexes grow too, not always by one.</summary>
internal sealed class LogModel : HistoryModel<LogState>
{
    private static readonly OperationShape[] Shapes =
    [
        new("append", ValueShape.Anything, ValueShape.Count),
        new("read", ValueShape.Nothing, ValueShape.List),
    ];

    public override string Name => "log";

    public override LogState Initial => LogState.Empty;

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation);

    public override bool IsReadOnly(Operation operation) => operation.F == "read";

    // As with the tokens of a lock, the least index that an unknown success can have allows the
    // most later on.
    public override bool TryApply(LogState state, Operation operation, out LogState after)
    {
        after = state;
        if (operation.F == "read")
            return operation.Type != OperationType.Ok || state.HasValues(operation.Output);

        long least = state.Index == long.MaxValue ? state.Index : state.Index + 1;
        long index = operation.Output.TryGetInt64(out long known) ? known : least;
        if (index <= state.Index)
            return false;

        after = state.Append(operation.Value, index);
        return true;
    }

    internal override void Narrow(Narrowing narrowing) => new LogNarrowing(narrowing).Apply();
}
