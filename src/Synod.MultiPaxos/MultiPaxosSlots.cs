using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>The slots as this member has them, from 1 on: handles to commands. There may be
/// holes.</summary>
internal sealed class MultiPaxosSlots
{
    private readonly ChunkedList<MultiPaxosValue> _values = new();

    /// <summary>The highest slot that has a value.</summary>
    public LogIndex Last => new(_values.Count);

    /// <summary>What is known of a slot; nothing beyond the last.</summary>
    public MultiPaxosValue this[LogIndex slot] =>
        slot <= Last ? _values[checked((int)slot.Number - 1)] : default;

    /// <summary>Takes a proposal; it is in no lower ballot than what is there.</summary>
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void Set(LogIndex slot, in MultiPaxosValue value)
    {
        Invariant.Holds(this[slot].Ballot <= value.Ballot, MultiPaxosRules.HighestBallotWins);
        while (Last < slot)
            _values.Add(default);
        _values[checked((int)slot.Number - 1)] = value;
    }

    /// <summary>The same value is accepted in another ballot.</summary>
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void Raise(LogIndex slot, Ballot ballot, RecordNumber record) =>
        Set(slot, this[slot] with { Ballot = ballot, Record = record });

    /// <summary>Forgets what is above a slot.</summary>
    [Rule(MultiPaxosRules.DamageForgets)]
    public void CutAfter(LogIndex slot)
    {
        if (slot < Last)
            _values.CutTo(checked((int)slot.Number));
    }
}
