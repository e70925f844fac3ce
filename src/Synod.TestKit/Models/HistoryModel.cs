namespace Synod.TestKit;

/// <summary>What a system promises: which answers each operation may have. Derive from
/// <see cref="HistoryModel{TState}"/> to check a machine of your own. A model holds no state and is
/// safe for use from several threads.</summary>
public abstract class HistoryModel
{
    private protected HistoryModel()
    {
    }

    /// <summary>Its name, as in the header of a history.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the operations on one key never depend on those on another, so that each
    /// key is checked by itself. True unless a model says otherwise.</summary>
    public virtual bool IsPartitioned => true;

    /// <summary>What is wrong with the shape of an operation: a name, a value or an answer that the
    /// model does not know. Null if nothing is. Asked once for each operation, before all
    /// else.</summary>
    public virtual string? Fault(Operation operation) => null;

    internal abstract PartitionResult Check(
        IReadOnlyList<Operation> operations, SearchBudget budget);
}
