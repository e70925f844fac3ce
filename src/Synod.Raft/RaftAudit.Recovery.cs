using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Damaged members and their repair.</summary>
internal sealed partial class RaftAudit
{
    // It was hurt, and says that it has lost nothing. More may be there than was certain.
    [Rule(RaftRules.DamagedIsSilent)]
    private void CheckNothingIsLost(Member member, RaftReplica held)
    {
        foreach (RaftReplica ghost in _durability.GhostsOf(member))
        {
            (RaftState before, RaftState after) = (ghost.State, held.State);
            bool hasVote = before.CurrentTerm < after.CurrentTerm
                || before.VotedFor is null
                || before.VotedFor == after.VotedFor;
            bool hasLog = before.Log.LastTerm < after.Log.LastTerm
                || (before.Log.LastTerm == after.Log.LastTerm && before.Log.Last <= after.Log.Last);
            Invariant.Holds(
                before.CurrentTerm <= after.CurrentTerm && hasVote && hasLog,
                RaftRules.DamagedIsSilent,
                $"{member} has lost records and does not know it");
            CheckRepair(member, before.Log, after.Log);
        }

        _durability.Repaired(member);
    }

    private void Voted(RaftSeat seat, in VoteRecord vote)
    {
        _durability.Voted(seat.Member, vote);
        bool isWhole = vote.Damage.Health == KernelHealth.Whole;
        if (!isWhole || _durability.HeldBy(seat.Member)?.State.Log is not RaftLog log)
            return;

        foreach (RaftReplica ghost in _durability.GhostsOf(seat.Member))
            CheckRepair(seat.Member, ghost.State.Log, log);
        _durability.Repaired(seat.Member);
        CheckCommittedIsHeld(seat, log);
    }

    // What it had of all that is committed it has again; what is committed later with its old
    // acknowledgement, the checks of what a majority holds find.
    [Rule(RaftRules.RepairCoversAll)]
    private void CheckRepair(Member member, RaftLog before, RaftLog after)
    {
        LogIndex last = LogIndex.Min(before.Last, Committed);
        for (LogIndex index = new(1); index <= last; index = index.Next())
        {
            Term term = CommittedAt(index);
            Invariant.Holds(
                before.TermAt(index) != term
                    || (index <= after.Last && after.TermAt(index) == term),
                RaftRules.RepairCoversAll,
                $"{member} says that it is repaired and has not {index} {term}");
        }
    }
}
