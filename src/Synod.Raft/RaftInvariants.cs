using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Checks over the states of all members of a group, with the paper's names (figure 3).
/// For the simulator and for tests: it looks at everything.</summary>
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
                CheckLogMatching(members[left].State.Log, members[right].State.Log);
                CheckStateMachineSafety(members[left].State, members[right].State);
            }
        }
    }

    [Rule(RaftRules.ElectionSafety)]
    private static void CheckElectionSafety(RaftReplica left, RaftReplica right)
    {
        bool bothLead = left.Status.Role == KernelRole.Leading
            && right.Status.Role == KernelRole.Leading;
        Invariant.Holds(
            !bothLead || left.Status.Term != right.Status.Term, RaftRules.ElectionSafety);
    }

    [Rule(RaftRules.LogMatching)]
    private static void CheckLogMatching(RaftLog left, RaftLog right)
    {
        bool matched = false;
        for (LogIndex index = LogIndex.Min(left.Last, right.Last);
            index > LogIndex.Zero;
            index = index.Previous())
        {
            bool equal = left.TermAt(index) == right.TermAt(index);
            Invariant.Holds(!matched || equal, RaftRules.LogMatching);
            matched |= equal;
        }
    }

    [Rule(RaftRules.CommittedStays)]
    private static void CheckStateMachineSafety(RaftState left, RaftState right)
    {
        LogIndex common = LogIndex.Min(left.Commit, right.Commit);
        Invariant.Holds(
            left.Log.TermAt(common) == right.Log.TermAt(common), RaftRules.CommittedStays);
    }
}
