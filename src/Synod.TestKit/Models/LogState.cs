namespace Synod.TestKit;

/// <summary>The values of a log and the least that its highest index can be. A new state shares
/// its values with the old one.</summary>
internal sealed class LogState : IEquatable<LogState>
{
    private readonly LogState? _before;
    private readonly HistoryValue _value;
    private readonly int _count;

    // The hash that a list of the same values has.
    private readonly ulong _hash;

    private LogState(LogState? before, HistoryValue value, long index)
    {
        _before = before;
        _value = value;
        Index = index;
        _count = before is null ? 0 : before._count + 1;
        _hash = before is null
            ? HistoryValue.EmptyListHash
            : HistoryValue.ListHash(before._hash, value);
    }

    public static LogState Empty { get; } = new(null, default, -1);

    public long Index { get; }

    public LogState Append(HistoryValue value, long index) => new(this, value, index);

    public bool HasValues(HistoryValue list)
    {
        if (!list.IsListOf(_hash))
            return false;

        IReadOnlyList<HistoryValue> values = list.AsList();
        if (values.Count != _count)
            return false;

        LogState state = this;
        for (int place = _count - 1; place >= 0; place--)
        {
            if (state._value != values[place])
                return false;
            state = state._before ?? Empty;
        }

        return true;
    }

    public bool Equals(LogState? other) => other is not null
        && _hash == other._hash
        && Index == other.Index
        && _count == other._count
        && HasSameValues(other);

    public override bool Equals(object? obj) => Equals(obj as LogState);

    public override int GetHashCode() => unchecked((int)_hash ^ (int)Index);

    public override string ToString() => HistoryValue.List([.. Values().Reverse()]).ToString();

    private bool HasSameValues(LogState other)
    {
        LogState? mine = this;
        LogState? theirs = other;
        while (mine is not null && theirs is not null && !ReferenceEquals(mine, theirs))
        {
            if (mine._value != theirs._value)
                return false;
            mine = mine._before;
            theirs = theirs._before;
        }

        return true;
    }

    internal IEnumerable<HistoryValue> Values()
    {
        for (LogState state = this; state._before is LogState before; state = before)
            yield return state._value;
    }
}
