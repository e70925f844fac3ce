namespace Synod.TestKit;

/// <summary>A value, its owner, and the owners that have ended, in the order of their
/// names.</summary>
internal readonly record struct OwnedState(
    HistoryValue Value, HistoryValue Owner, HistoryValue Ended)
{
    public bool HasEnded(HistoryValue owner) => Ended.AsList().Contains(owner);

    public OwnedState Without(HistoryValue owner)
    {
        if (HasEnded(owner))
            return this;

        HistoryValue[] ended = [.. Ended.AsList()
            .Append(owner)
            .OrderBy(static one => one.ToString(), StringComparer.Ordinal)];
        bool isGone = Owner == owner;
        return new OwnedState(
            isGone ? default : Value, isGone ? default : Owner, HistoryValue.List(ended));
    }
}
