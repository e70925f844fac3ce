namespace Synod.TestKit;

/// <summary>The models that come with Synod.</summary>
public static class HistoryModels
{
    /// <summary><c>incr</c> delta → the new value; <c>get</c> → the value, 0 at first.</summary>
    public static HistoryModel Counter { get; } = new CounterModel();

    /// <summary><c>get</c> → the value or null; <c>put</c> v → null; <c>cas</c> [from, to] →
    /// whether it was from; <c>delete</c> → whether there was a value, or {"prev": it};
    /// <c>add</c> v → whether there was none.</summary>
    public static HistoryModel KeyValue { get; } = new KeyValueModel();

    /// <summary><c>enq</c> v → the length before; <c>deq</c> → the oldest value, or null when
    /// empty; <c>len</c> → the length.</summary>
    public static HistoryModel Queue { get; } = new QueueModel();

    /// <summary><c>put</c> v → the chosen value, which the first put chooses; <c>get</c> → it or
    /// null; <c>erase</c> → null, after which a put chooses anew.</summary>
    public static HistoryModel Once { get; } = new OnceModel();

    /// <summary><c>put</c> [v, owner] → the chosen value, or false if the owner has ended by then;
    /// <c>get</c> → it or null; <c>end</c> owner → null: what it owns is gone, and it never owns
    /// anything again.</summary>
    public static HistoryModel Owned { get; } = new OwnedModel();

    /// <summary><c>acquire</c> owner → a token that is higher than all before, or false when it is
    /// held; <c>release</c> owner → whether the owner held it; <c>expire</c> owner.</summary>
    public static HistoryModel Lock { get; } = new LockModel();

    /// <summary><c>append</c> v → an index that is higher than all before; <c>read</c> → the whole
    /// list.</summary>
    public static HistoryModel Log { get; } = new LogModel();

    /// <summary><c>txn</c> [["r", k, null], ["w", k, x], ["append", k, x]] → the same with what
    /// was read, over all keys at once.</summary>
    public static HistoryModel Transactions { get; } = new TransactionModel();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HistoryModel> All { get; } =
        [Counter, KeyValue, Queue, Once, Owned, Lock, Log, Transactions];

    internal static IEnumerable<string> Names => All.Select(static model => model.Name);

    /// <summary>The model of this name; null if there is none.</summary>
    public static HistoryModel? Find(string name) =>
        All.FirstOrDefault(model => model.Name == name);
}
