using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Damaged members and their repair.</summary>
internal sealed partial class MultiPaxosAudit
{
    // It was hurt, and says that it has lost nothing. More may be there than was certain.
    [Rule(MultiPaxosRules.DamagedIsSilent)]
    private void CheckNothingIsLost(Member member, MultiPaxosReplica held)
    {
        foreach (MultiPaxosReplica ghost in _durability.GhostsOf(member))
        {
            Invariant.Holds(
                ghost.State.Promised <= held.State.Promised,
                MultiPaxosRules.DamagedIsSilent,
                $"{member} has lost its promise and does not know it");
            CheckRepair(member, ghost.State, held.State);
        }

        _durability.Repaired(member);
    }

    private void Promised(MultiPaxosSeat seat, in PromiseRecord promise)
    {
        _durability.Promised(seat.Member, promise);
        bool isWhole = promise.Damage.Health == KernelHealth.Whole;
        if (!isWhole || _durability.HeldBy(seat.Member) is not MultiPaxosReplica held)
            return;

        foreach (MultiPaxosReplica ghost in _durability.GhostsOf(seat.Member))
            CheckRepair(seat.Member, ghost.State, held.State);
        _durability.Repaired(seat.Member);
    }

    // What it had of all that is chosen it has again; what is chosen later with its old acceptance,
    // the checks of what is proposed later find.
    [Rule(MultiPaxosRules.RepairCoversAll)]
    private void CheckRepair(Member member, MultiPaxosState before, MultiPaxosState after)
    {
        LogIndex last = LogIndex.Min(before.Slots.Last, Chosen);
        for (LogIndex slot = new(1); slot <= last; slot = slot.Next())
        {
            Invariant.Holds(
                !_ballots.IsChosen(slot, before.Slots[slot].Ballot)
                    || _ballots.IsChosen(slot, after.Slots[slot].Ballot),
                MultiPaxosRules.RepairCoversAll,
                $"{member} says that it is repaired and has not {slot}");
        }
    }
}
