using System.Collections.Immutable;
using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>The values of all keys. A new state shares most of its memory with the old
/// one.</summary>
internal sealed class TransactionState : IEquatable<TransactionState>
{
    private readonly ImmutableSortedDictionary<string, HistoryValue> _values;

    // Does not depend on the order of the keys, so that one key changes it in one step.
    private readonly ulong _hash;

    private TransactionState(ImmutableSortedDictionary<string, HistoryValue> values, ulong hash)
    {
        _values = values;
        _hash = hash;
    }

    public static TransactionState Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, HistoryValue>(StringComparer.Ordinal), 0);

    public HistoryValue this[string key] => _values.GetValueOrDefault(key);

    public TransactionState With(string key, HistoryValue value)
    {
        HistoryValue old = this[key];
        if (old == value)
            return this;

        ulong hash = _hash ^ HashOf(key, old) ^ HashOf(key, value);
        return new TransactionState(
            value.IsNull ? _values.Remove(key) : _values.SetItem(key, value), hash);
    }

    public bool Equals(TransactionState? other) => other is not null
        && _hash == other._hash
        && (ReferenceEquals(_values, other._values) || _values.SequenceEqual(other._values));

    public override bool Equals(object? obj) => Equals(obj as TransactionState);

    public override int GetHashCode() => unchecked((int)_hash);

    public override string ToString() => HistoryValue.Map(_values).ToString();

    private static ulong HashOf(string key, HistoryValue value) => value.IsNull
        ? 0
        : StableHash.Combine(HistoryValue.FromString(key).Hash, value.Hash);
}
