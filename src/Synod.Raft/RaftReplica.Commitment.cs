using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The commit index, and what it delivers.</summary>
internal sealed partial class RaftReplica
{
    // The own log counts as far as it is durable, like any other.
    [Rule(RaftRules.OwnTermCommits)]
    [Rule(RaftRules.LeaderWritesInParallel)]
    private void AdvanceCommit(RaftRole.Leading leading, Outbox outbox)
    {
        Span<long> matches = stackalloc long[_epoch.Members.Count];
        for (int member = 0; member < matches.Length; member++)
            matches[member] = leading.Peers[member].Counted.Number;
        matches[_self.Index] = _state.Durable.Number;

        LogIndex atMajority = new(_epoch.Quorums.AtMajority(matches));
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
        ReleaseReads(outbox);
    }

    private void Commit(LogIndex through, Outbox outbox)
    {
        LogIndex first = _state.Commit.Next();
        _state.CommitTo(through);
        for (LogIndex index = first; index <= through; index = index.Next())
        {
            RaftEntry entry = _state.Log[index];
            if (entry.Kind == RaftEntryKind.Command)
                outbox.Deliver(entry.Command, TakeProposal(index, entry.Command.Length));
        }
    }

    private RequestId TakeProposal(LogIndex index, int bytes)
    {
        if (_role is not RaftRole.Leading leading)
            return _forwards.Take(index);

        if (!leading.Proposals.TryPeek(out (LogIndex Index, RequestId Request) oldest)
            || oldest.Index != index)
        {
            return default;
        }

        leading.Proposals.Dequeue();
        leading.UncommittedBytes -= bytes + RaftOptions.CommandOverhead;
        return oldest.Request;
    }

    // Proposals of a former leader may still be committed by the next one; reads have done nothing.
    private void GiveUp(RaftRole.Leading former, Outbox outbox)
    {
        foreach ((LogIndex _, RequestId request) in former.Proposals)
            GiveUp(request, outbox);
        foreach ((WaitingRead read, _, _) in former.Reads)
            Refuse(read, RejectReason.NotLeader, outbox);
        foreach (WaitingRead read in former.NewReads)
            Refuse(read, RejectReason.NotLeader, outbox);
        foreach ((RequestId request, long _) in former.Cancels)
            outbox.EndTransfer(request, TransferOutcome.NotLeader);
    }
}
