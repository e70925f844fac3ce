using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Checks over the states of all members of a group, with the paper's names. Run now and
/// then by <see cref="MultiPaxosAudit"/>: it looks at everything.</summary>
internal static class MultiPaxosInvariants
{
    /// <summary>Throws if a property does not hold.</summary>
    public static void Check(IReadOnlyList<MultiPaxosReplica> members)
    {
        for (int left = 0; left < members.Count; left++)
        {
            for (int right = left + 1; right < members.Count; right++)
            {
                CheckOneProposer(members[left], members[right]);
                CheckOneValue(members[left], members[right]);
            }
        }
    }

    [Rule(MultiPaxosRules.OneValuePerBallot)]
    private static void CheckOneProposer(MultiPaxosReplica left, MultiPaxosReplica right)
    {
        bool bothLead = left.Status.Role == KernelRole.Leading
            && right.Status.Role == KernelRole.Leading;
        Invariant.Holds(
            !bothLead || left.State.Promised != right.State.Promised,
            MultiPaxosRules.OneValuePerBallot,
            $"{left.Self} and {right.Self} lead {left.State.Promised}");
    }

    // In one ballot a slot has one value, and what both know to be chosen is the same.
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    [Rule(MultiPaxosRules.ChosenStays)]
    private static void CheckOneValue(MultiPaxosReplica left, MultiPaxosReplica right)
    {
        (MultiPaxosState mine, MultiPaxosState other) = (left.State, right.State);
        LogIndex both = LogIndex.Min(mine.Slots.Last, other.Slots.Last);
        for (LogIndex slot = new(1); slot <= both; slot = slot.Next())
        {
            (MultiPaxosValue here, MultiPaxosValue there) = (mine.Slots[slot], other.Slots[slot]);
            bool areChosen = slot <= mine.Chosen && slot <= other.Chosen;
            bool areOne = here.Kind == there.Kind && here.Command.Length == there.Command.Length;
            Invariant.Holds(
                areOne || (!areChosen && here.Ballot != there.Ballot),
                areChosen ? MultiPaxosRules.ChosenStays : MultiPaxosRules.OneValuePerBallot,
                $"{left.Self} and {right.Self} differ at {slot}: {here} and {there}");
        }
    }
}
