namespace Synod.TestKit;

/// <summary>A model as a sequential machine: what each operation does to a state, one after the
/// other. Its methods are called very often and must not change a state that they are given.
/// A model holds no state and is safe for use from several threads.</summary>
/// <typeparam name="TState">The state: immutable, equal by content, with a matching hash.
/// </typeparam>
public abstract class HistoryModel<TState> : HistoryModel
    where TState : notnull, IEquatable<TState>
{
    /// <summary>The state before the first operation.</summary>
    public abstract TState Initial { get; }

    /// <summary>Does an operation: whether it may happen in this state with the answer it had, and
    /// the state after it. If its outcome is unknown, every answer is allowed
    /// (<see cref="Operation.Allows"/>).</summary>
    public abstract bool TryApply(TState state, Operation operation, out TState after);

    /// <summary>A state in words, for those who read why a history is wrong.</summary>
    public virtual string Describe(TState state) => state.ToString() ?? "";

    internal sealed override PartitionResult Check(
        IReadOnlyList<Operation> operations, SearchBudget budget) =>
        new PartitionCheck<TState>(this, operations, budget).Run();
}
