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

    /// <summary>Whether an operation with its answer leaves every state as it was, whenever it may
    /// happen. To say no is always right; to say yes makes checks much faster.</summary>
    public virtual bool IsReadOnly(Operation operation) => false;

    /// <summary>Enters what the answers tell about the order of operations. Asked again until it
    /// tells nothing new.</summary>
    internal virtual void Narrow(Narrowing narrowing)
    {
    }

    internal abstract PartitionResult Check(
        IReadOnlyList<Operation> operations, SearchBudget budget);
}
