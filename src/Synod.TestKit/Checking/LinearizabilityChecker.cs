namespace Synod.TestKit;

/// <summary>Checks whether one order of all operations, which respects real time, explains every
/// answer. What certainly failed is left out; what is unknown may have taken effect at any time
/// after its call, or never. Safe for use from several threads.</summary>
public static class LinearizabilityChecker
{
    /// <summary>Checks a history against the model that it names.</summary>
    /// <exception cref="HistoryException">The history is malformed.</exception>
    public static CheckResult Check(History history, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        HistoryModel model = HistoryModels.Find(history.Model)
            ?? throw new HistoryException(1, $"model is \"{history.Model}\", which is not known");
        return Check(history, model, options);
    }

    /// <summary>Checks a history against a model, whatever it names.</summary>
    /// <exception cref="HistoryException">The history is malformed.</exception>
    public static CheckResult Check(
        History history, HistoryModel model, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(model);
        HistoryRules.Check(history, model);
        SearchBudget budget = new(options ?? new CheckOptions());
        IEnumerable<IReadOnlyList<Operation>> parts = model.IsPartitioned
            ? history.Operations
                .GroupBy(static operation => operation.Key)
                .Select(static key => key.ToArray())
                .OrderBy(static key => key.Length)
            : [history.Operations];
        return Check(parts, model, budget, history.Operations.Count);
    }

    // A violation of one key is certain, also when another key is undecided. Small ones come first,
    // since they are soon done.
    private static CheckResult Check(
        IEnumerable<IReadOnlyList<Operation>> parts,
        HistoryModel model,
        SearchBudget budget,
        int count)
    {
        string? undecided = null;
        foreach (IReadOnlyList<Operation> part in parts)
        {
            PartitionResult result = model.Check(part, budget);
            if (result.Violation is Violation violation)
            {
                return new CheckResult.NotLinearizable(violation)
                {
                    Operations = count,
                    Elapsed = budget.Elapsed,
                };
            }

            undecided ??= budget.SpentReason;
        }

        return undecided is null
            ? new CheckResult.Linearizable { Operations = count, Elapsed = budget.Elapsed }
            : new CheckResult.Undecided(undecided)
            {
                Operations = count,
                Elapsed = budget.Elapsed,
            };
    }
}
