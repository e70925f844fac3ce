namespace Synod.TestKit;

/// <summary>Finds the smallest window that fails: from every configuration that can be reached
/// before the call of the offending operation, it tries the operations that overlap it, and weakens
/// one after the other to "may have happened, with any answer" while there is still no
/// order.</summary>
internal sealed class WindowFinder<TState>(
    HistoryModel<TState> model, IReadOnlyList<Operation> operations, SearchBudget budget)
    where TState : notnull, IEquatable<TState>
{
    private const int ConfigurationsMax = 2000;
    private const int StatesMax = 32;
    private const int BeforeMax = 6;

    private readonly HashSet<Operation> _weakened = new(ReferenceEqualityComparer.Instance);
    private readonly List<Configuration<TState>> _configurations = [];
    private bool _isComplete = true;

    public Violation Find(Operation offending)
    {
        CollectConfigurations(offending.Call);
        Operation[] window = [.. operations.Where(operation => Overlaps(operation, offending))];
        foreach (Operation operation in window.Where(other => IsOk(other) && other != offending))
        {
            if (!_isComplete)
                break;
            Weaken(operation, window);
        }

        ILookup<bool, Operation> kept = window
            .OrderBy(static operation => operation.Call)
            .ToLookup(operation => IsOk(operation) && !_weakened.Contains(operation));
        return new Violation
        {
            Model = model.Name,
            Key = model.IsPartitioned ? offending.Key : null,
            Offending = offending,
            Window = [.. kept[true]],
            Bystanders = [.. kept[false].Where(IsBystander)],
            Before = [.. LastBefore(offending)],
            States = [.. _configurations
                .Select(static configuration => configuration.State)
                .Distinct()
                .Take(StatesMax)
                .Select(model.Describe)],
            IsMinimal = _isComplete,
        };
    }

    private static bool IsOk(Operation operation) => operation.Type == OperationType.Ok;

    // Without an answer, a read can neither help nor harm.
    private bool IsBystander(Operation operation) => !model.IsReadOnly(operation.Weakened());

    private static bool Overlaps(Operation operation, Operation offending) =>
        operation.Call <= offending.Return
        && (operation.Return ?? long.MaxValue) >= offending.Call;

    // Only what was called before the time can have happened by then; what had returned must have.
    private void CollectConfigurations(long time)
    {
        SearchSpace space = new(
            operations.Where(operation => operation.Call < time),
            _weakened,
            model,
            new SearchScope(IsFromInitial: true, time));
        Search<TState> search = new(model, space, budget)
        {
            Collect = (state, done) => Collect(space, state, done),
        };
        SearchOutcome outcome = search.Run([new Configuration<TState>(model.Initial, [])]);
        _isComplete &= outcome == SearchOutcome.Exhausted;
    }

    private bool Collect(SearchSpace space, TState state, DoneSet done)
    {
        if (_configurations.Count == ConfigurationsMax)
        {
            _isComplete = false;
            return false;
        }

        _configurations.Add(new Configuration<TState>(
            state,
            [.. space.Sources.Where((source, number) => done.Contains(number)
                && !(source.Return < space.Until))]));
        return true;
    }

    private void Weaken(Operation operation, Operation[] window)
    {
        _weakened.Add(operation);
        SearchSpace space = new(window, _weakened, model, default);
        SearchOutcome outcome = new Search<TState>(model, space, budget).Run(_configurations);
        if (outcome != SearchOutcome.Exhausted)
            _weakened.Remove(operation);
        _isComplete &= outcome != SearchOutcome.Undecided;
    }

    private IEnumerable<Operation> LastBefore(Operation offending) => operations
        .Where(operation => IsOk(operation) && operation.Return < offending.Call)
        .OrderByDescending(static operation => operation.Return)
        .Take(BeforeMax)
        .Reverse();
}
