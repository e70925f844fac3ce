namespace Synod.TestKit;

/// <summary>One key of a key-value store: a value, or null for none.</summary>
internal sealed class KeyValueModel : HistoryModel<HistoryValue>
{
    private static readonly ValueShape NothingOrPrevious =
        ValueShape.Nothing.Or(ValueShape.Previous);

    private static readonly OperationShape[] Shapes =
    [
        new("get", ValueShape.Nothing, ValueShape.Anything),
        new("put", ValueShape.Something, NothingOrPrevious),
        new("cas", ValueShape.Pair, ValueShape.Boolean),
        new("delete", ValueShape.Nothing, ValueShape.Boolean.Or(ValueShape.Previous)),
        new("add", ValueShape.Something, ValueShape.Boolean),
    ];

    public override string Name => "kv";

    public override HistoryValue Initial => default;

    public override string? Fault(Operation operation) =>
        OperationShape.Fault(Name, Shapes, operation);

    // A swap or an addition that did not happen is a read.
    public override bool IsReadOnly(Operation operation) => operation.F switch
    {
        "get" => true,
        "put" => false,
        _ => operation.Type == OperationType.Ok && operation.Output == false,
    };

    public override bool TryApply(
        HistoryValue state, Operation operation, out HistoryValue after)
    {
        after = state;
        switch (operation.F)
        {
            case "get":
                return operation.Allows(state);
            case "put":
                after = operation.Value;
                return operation.Output.IsNull || AllowsPrevious(operation, state);
            case "cas":
                IReadOnlyList<HistoryValue> pair = operation.Value.AsList();
                bool isSwapped = state == pair[0];
                after = isSwapped ? pair[1] : state;
                return operation.Allows(isSwapped);
            case "add":
                after = state.IsNull ? operation.Value : state;
                return operation.Allows(state.IsNull);
            default:
                after = default;
                return operation.Output.Kind == HistoryKind.Map
                    ? AllowsPrevious(operation, state)
                    : operation.Allows(!state.IsNull);
        }
    }

    internal override void Narrow(Narrowing narrowing)
    {
        RegisterNarrowing register = new(narrowing);
        for (int place = 0; place < narrowing.Operations.Length; place++)
            Enter(register, place, narrowing.Operations[place]);
        register.Apply();
    }

    // What is unknown may have written. If it is found out that it has, then it has read too.
    private static void Enter(RegisterNarrowing register, int place, Operation operation)
    {
        bool isKnown = operation.Type == OperationType.Ok;
        bool isFalse = isKnown && operation.Output == false;
        if (isKnown && operation.F != "get" && operation.Output.Kind == HistoryKind.Map)
            register.Read(place, operation.Output.AsMap()["prev"]);
        switch (operation.F)
        {
            case "get":
                register.Read(place, operation.Output);
                break;
            case "put":
                register.Write(place, operation.Value);
                break;
            case "cas" when !isFalse:
                register.Read(place, operation.Value.AsList()[0]);
                register.Write(place, operation.Value.AsList()[1]);
                break;
            case "add" when !isFalse:
                register.Read(place, default);
                register.Write(place, operation.Value);
                break;
            case "delete" when !isFalse:
                register.Write(place, default);
                break;
            case "delete":
                register.Read(place, default);
                break;
        }
    }

    private static bool AllowsPrevious(Operation operation, HistoryValue state) =>
        operation.Type != OperationType.Ok || operation.Output.AsMap()["prev"] == state;
}
