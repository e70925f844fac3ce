using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Reads, as far as effects show them: that they see what was acknowledged before is
/// checked by histories of clients.</summary>
internal sealed partial class RaftAudit
{
    [Rule(RaftRules.ReadIndex)]
    private static void CheckRead(Seat seat, RaftReplica live)
    {
        RaftState state = live.State;
        Invariant.Holds(
            live.Status.Role == KernelRole.Leading
                && state.Log.TermAt(state.Commit) == state.CurrentTerm,
            RaftRules.ReadIndex,
            $"{seat.Member} reads in {state.CurrentTerm} at {state.Commit}, {live.Status.Role}");
    }
}
