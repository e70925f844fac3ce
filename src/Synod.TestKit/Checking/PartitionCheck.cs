namespace Synod.TestKit;

/// <summary>Checks the operations on one key, or all of them where keys depend on each
/// other.</summary>
internal sealed class PartitionCheck<TState>(
    HistoryModel<TState> model, IReadOnlyList<Operation> operations, SearchBudget budget)
    where TState : notnull, IEquatable<TState>
{
    private static readonly HashSet<Operation> None = new(ReferenceEqualityComparer.Instance);

    private readonly Operation[] _possible =
        [.. operations.Where(static operation => operation.Type != OperationType.Fail)];

    public PartitionResult Run()
    {
        SearchSpace space = SpaceOf(_possible, None);
        Search<TState> search = SearchIn(space);
        SearchOutcome outcome = search.Run(Roots);
        if (outcome != SearchOutcome.Exhausted)
            return new PartitionResult(outcome, null);

        budget.AllowExplanation();
        Operation offending = !space.IsNarrowed && search.Farthest is Operation farthest
            ? farthest
            : FindOffending(space.IsImpossible);
        Violation violation = new WindowFinder<TState>(model, _possible, budget).Find(offending);
        return new PartitionResult(outcome, violation);
    }

    private IEnumerable<Configuration<TState>> Roots =>
        [new Configuration<TState>(model.Initial, [])];

    private Search<TState> SearchIn(SearchSpace space) => new(model, space, budget);

    private SearchSpace SpaceOf(
        IEnumerable<Operation> possible, IReadOnlySet<Operation> weakened) =>
        new(possible, weakened, model, new SearchScope(IsFromInitial: true));

    // What is known from later answers stops a search long before the operation that is wrong. That
    // is the one with whose return the history up to then has no order any more; what is not
    // answered by then is unknown. What was refuted without a search needs none here either.
    private Operation FindOffending(bool isRefuted)
    {
        Operation[] byReturn = [.. _possible
            .Where(static operation => operation.Return is not null)
            .OrderBy(static operation => operation.Return)];
        int good = -1;
        int bad = byReturn.Length - 1;
        while (bad - good > 1)
        {
            int middle = good + ((bad - good) / 2);
            if (HasOrderUntil(byReturn[middle].Return, isRefuted))
                good = middle;
            else
                bad = middle;
        }

        return byReturn[bad];
    }

    private bool HasOrderUntil(long? time, bool isRefuted)
    {
        Operation[] called = [.. _possible.Where(operation => operation.Call <= time)];
        HashSet<Operation> open = new(ReferenceEqualityComparer.Instance);
        open.UnionWith(called.Where(operation => operation.Return > time));
        SearchSpace space = SpaceOf(called, open);
        return !space.IsImpossible
            && (isRefuted || SearchIn(space).Run(Roots) != SearchOutcome.Exhausted);
    }
}
