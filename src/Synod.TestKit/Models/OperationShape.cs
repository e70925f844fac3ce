namespace Synod.TestKit;

/// <summary>What one operation of a model looks like.</summary>
/// <param name="F">Its name.</param>
/// <param name="Value">What is given to it.</param>
/// <param name="Output">What it answers.</param>
internal sealed record OperationShape(string F, ValueShape Value, ValueShape Output)
{
    /// <summary>What is wrong with an operation; null if nothing is.</summary>
    public static string? Fault(
        string model, IReadOnlyList<OperationShape> shapes, Operation operation)
    {
        OperationShape? shape = shapes.FirstOrDefault(shape => shape.F == operation.F);
        if (shape is null)
        {
            return $"f is \"{operation.F}\": the model {model} has "
                + string.Join(", ", shapes.Select(static known => known.F));
        }

        if (!shape.Value.Holds(operation.Value))
            return $"value of {operation.F} is {operation.Value}: use {shape.Value.Name}";

        return operation.Type == OperationType.Ok && !shape.Output.Holds(operation.Output)
            ? $"out of {operation.F} is {operation.Output}: use {shape.Output.Name}"
            : null;
    }
}
