using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The commit index, and what it delivers.</summary>
internal sealed partial class RaftReplica
{
    [Rule(RaftRules.OwnTermCommits)]
    [Rule(RaftRules.LeaderWritesInParallel)]
    private void AdvanceCommit(Leading leading, Outbox outbox)
    {
        LogIndex atMajority = _duties.HeldByMajority(leading);
        if (atMajority <= _state.Commit || _state.Log.TermAt(atMajority) != _state.CurrentTerm)
            return;

        Commit(atMajority, outbox);
    }

    [Rule(RaftRules.FollowerCommits)]
    private void FollowCommit(LogIndex proven, Outbox outbox)
    {
        if (proven <= _state.Commit)
            return;

        Commit(proven, outbox);
        _duties.ReleaseReads(outbox);
    }

    private void Commit(LogIndex through, Outbox outbox)
    {
        LogIndex first = _state.Commit.Next();
        _state.CommitTo(through);
        for (LogIndex index = first; index <= through; index = index.Next())
        {
            RaftEntry entry = _state.Log[index];
            if (entry.Kind == RaftEntryKind.Command)
                outbox.Deliver(entry.Command, _duties.TakeProposal(index, entry.Command.Length));
        }
    }
}
