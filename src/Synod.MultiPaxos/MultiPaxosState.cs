using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>The state of acceptor and learner: what the records rebuild after a restart, and below
/// it what it learns anew.</summary>
internal sealed class MultiPaxosState
{
    /// <summary>Durable: the highest ballot that this acceptor has promised, for all
    /// slots.</summary>
    public Ballot Promised { get; private set; }

    /// <summary>Durable: what damage has done to this member.</summary>
    public MultiPaxosDamage Damage { get; private set; }

    /// <summary>Durable: the slots.</summary>
    public MultiPaxosSlots Slots { get; } = new();

    /// <summary>Durable: up to here the own records say that what the slots hold is chosen; it
    /// follows <see cref="Chosen"/>.</summary>
    public LogIndex Marked { get; private set; }

    /// <summary>Volatile: up to here the slots hold what is chosen; all of it was
    /// delivered.</summary>
    public LogIndex Chosen { get; private set; }

    /// <summary>Volatile: of the own reign, the highest slot that is accepted here durably, with
    /// all before it.</summary>
    public LogIndex Durable { get; private set; }

    /// <summary>Takes a promise, as persisted.</summary>
    [Rule(MultiPaxosRules.PromisesGrow)]
    public void Promise(Ballot ballot)
    {
        Invariant.Holds(Promised <= ballot, MultiPaxosRules.PromisesGrow);
        Promised = ballot;
    }

    /// <summary>Takes what damage has done, as persisted with the promise.</summary>
    public void SetDamage(in MultiPaxosDamage damage) => Damage = damage;

    /// <summary>Forgets all that is not certain.</summary>
    [Rule(MultiPaxosRules.DamageForgets)]
    public void KeepUpTo(LogIndex certain)
    {
        Slots.CutAfter(certain);
        Marked = LogIndex.Min(Marked, certain);
        Chosen = LogIndex.Min(Chosen, certain);
    }

    /// <summary>Takes a mark, as persisted.</summary>
    public void Mark(LogIndex chosen) => Marked = LogIndex.Max(Marked, chosen);

    /// <summary>Moves <see cref="Chosen"/> forward by one.</summary>
    [Rule(MultiPaxosRules.ChosenStays)]
    public void Choose(LogIndex slot)
    {
        Invariant.Holds(slot == Chosen.Next(), MultiPaxosRules.AppliedInOrder);
        Invariant.Holds(
            Slots[slot].Kind != MultiPaxosValueKind.None, MultiPaxosRules.AppliedInOrder);
        Chosen = slot;
    }

    /// <summary>A reign begins: the slots above <paramref name="below"/> are proposed in
    /// it.</summary>
    public void Lead(LogIndex below) => Durable = below;

    /// <summary>Moves <see cref="Durable"/> over all slots whose records are durable.</summary>
    public void DurableThrough(RecordNumber record)
    {
        while (Durable < Slots.Last && Slots[Durable.Next()].Record <= record)
            Durable = Durable.Next();
    }
}
