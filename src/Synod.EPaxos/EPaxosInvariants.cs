using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Checks over the states of all members of a group. Run now and then by
/// <see cref="EPaxosAudit"/>: it looks at everything.</summary>
internal static class EPaxosInvariants
{
    /// <summary>Throws if a property does not hold.</summary>
    public static void Check(IReadOnlyList<EPaxosReplica> members)
    {
        foreach (EPaxosReplica member in members)
        {
            foreach (EPaxosInstance instance in member.State.All())
                Check(member, instance);
        }
    }

    [Rule(EPaxosRules.PromiseKeepsVote)]
    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    private static void Check(EPaxosReplica member, EPaxosInstance instance)
    {
        Invariant.Holds(
            instance.AcceptedIn <= instance.Promised,
            EPaxosRules.PromiseKeepsVote,
            $"{member.Self} has {instance}");
        Invariant.Holds(
            instance.IsCommitted || !instance.IsExecuted,
            EPaxosRules.ExecutionNeverBlocks,
            $"{member.Self} has executed {instance}");
        Invariant.Holds(
            instance.Met == 0,
            EPaxosRules.ExecutionNeverBlocks,
            $"{member.Self} has left a search at {instance}");
        Invariant.Holds(
            !instance.IsCommitted
                || instance.IsExecuted
                || IsBlocked(member, instance),
            EPaxosRules.ExecutionNeverBlocks,
            $"{member.Self} waits with {instance} for {instance.BlockedOn}, which waits for "
            + "nothing");
    }

    // At the end of what waits for each other there is something that is not decided.
    private static bool IsBlocked(EPaxosReplica member, EPaxosInstance instance)
    {
        EPaxosInstance? last = instance;
        for (long steps = 0; last is { IsCommitted: true }; steps++)
        {
            if (last.IsExecuted || last.BlockedOn.IsNone || steps > member.State.Known)
                return false;

            last = member.State.Find(last.BlockedOn);
        }

        return true;
    }
}
