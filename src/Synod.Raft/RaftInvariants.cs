using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Checks over the states of all members of a group, with the paper's names (figure 3).
/// Run now and then by <see cref="RaftAudit"/>: it looks at everything.</summary>
internal static class RaftInvariants
{
    /// <summary>Throws if a property of figure 3 does not hold.</summary>
    public static void Check(IReadOnlyList<RaftReplica> members)
    {
        for (int left = 0; left < members.Count; left++)
        {
            for (int right = left + 1; right < members.Count; right++)
            {
                CheckElectionSafety(members[left], members[right]);
                CheckLogMatching(members[left], members[right]);
                CheckStateMachineSafety(members[left], members[right]);
            }
        }
    }

    [Rule(RaftRules.ElectionSafety)]
    private static void CheckElectionSafety(RaftReplica left, RaftReplica right)
    {
        bool bothLead = left.Status.Role == KernelRole.Leading
            && right.Status.Role == KernelRole.Leading;
        Invariant.Holds(
            !bothLead || left.Status.Term != right.Status.Term,
            RaftRules.ElectionSafety,
            $"{left.Self} and {right.Self} lead {left.State.CurrentTerm}");
    }

    [Rule(RaftRules.LogMatching)]
    private static void CheckLogMatching(RaftReplica left, RaftReplica right)
    {
        (RaftLog mine, RaftLog other) = (left.State.Log, right.State.Log);
        bool matched = false;
        for (LogIndex index = LogIndex.Min(mine.Last, other.Last);
            index > LogIndex.Zero;
            index = index.Previous())
        {
            bool equal = mine.TermAt(index) == other.TermAt(index);
            Invariant.Holds(
                !matched || equal,
                RaftRules.LogMatching,
                $"{left.Self} and {right.Self} differ at {index} and agree above");
            matched |= equal;
        }
    }

    [Rule(RaftRules.CommittedStays)]
    private static void CheckStateMachineSafety(RaftReplica left, RaftReplica right)
    {
        LogIndex common = LogIndex.Min(left.State.Commit, right.State.Commit);
        Invariant.Holds(
            left.State.Log.TermAt(common) == right.State.Log.TermAt(common),
            RaftRules.CommittedStays,
            $"{left.Self} and {right.Self} committed different entries at {common}");
    }
}
