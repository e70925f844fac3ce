namespace Synod.TestKit;

/// <summary>Checks the operations on one key, or all of them where keys depend on each
/// other.</summary>
internal sealed class PartitionCheck<TState>(
    HistoryModel<TState> model, IReadOnlyList<Operation> operations, SearchBudget budget)
    where TState : notnull, IEquatable<TState>
{
    private static readonly HashSet<Operation> None = new(ReferenceEqualityComparer.Instance);

    public PartitionResult Run()
    {
        Operation[] possible =
            [.. operations.Where(static operation => operation.Type != OperationType.Fail)];
        SearchSpace space = new(possible, None, model.IsReadOnly);
        Search<TState> search = new(model, space, budget);
        SearchOutcome outcome = search.Run([new Configuration<TState>(model.Initial, [])]);
        if (outcome != SearchOutcome.Exhausted || search.Farthest is not Operation offending)
            return new PartitionResult(outcome, null);

        budget.AllowExplanation();
        Violation violation = new WindowFinder<TState>(model, possible, budget).Find(offending);
        return new PartitionResult(outcome, violation);
    }
}
