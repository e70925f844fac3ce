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

    /// <summary>Whether an operation with its answer leaves every state as it was, whenever it may
    /// happen. To say no is always right; to say yes makes checks much faster.</summary>
    public virtual bool IsReadOnly(Operation operation) => false;

    /// <summary>A state in words, for those who read why a history is wrong.</summary>
    public virtual string Describe(TState state) => state.ToString() ?? "";

    /// <summary>What the answers to other operations say about the order of these: an operation
    /// must come after all those whose span ends before its own begins. Null if nothing.</summary>
    /// <param name="operations">All that can happen from the first state on.</param>
    /// <param name="until">What returns at or after it need not have happened; null if there is
    /// no such time.</param>
    internal virtual (long Begin, long End)[]? Spans(Operation[] operations, long? until) => null;

    internal sealed override PartitionResult Check(
        IReadOnlyList<Operation> operations, SearchBudget budget) =>
        new PartitionCheck<TState>(this, operations, budget).Run();
}
