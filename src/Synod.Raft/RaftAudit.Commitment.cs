using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What is committed, and what is delivered of it.</summary>
internal sealed partial class RaftAudit
{
    // By index; the term in which it was first known to be committed never falls.
    private readonly List<(Term Term, Term KnownIn)> _committed = [];

    public LogIndex Committed => new(_committed.Count);

    private Term CommittedAt(LogIndex index) =>
        index == LogIndex.Zero ? Term.Zero : _committed[checked((int)index.Number - 1)].Term;

    [Rule(RaftRules.CommittedStays)]
    private void CheckCommit(RaftSeat seat, RaftReplica live)
    {
        RaftState state = live.State;
        Invariant.Holds(
            seat.Commit <= state.Commit,
            RaftRules.CommittedStays,
            $"{seat.Member} goes back from {seat.Commit} to {state.Commit}");
        if (seat.Commit == state.Commit)
            return;

        if (live.Status.Role == KernelRole.Leading)
            CheckLeadersCommit(seat, state);
        for (LogIndex index = seat.Commit.Next(); index <= state.Commit; index = index.Next())
            CheckCommit(seat, live, index);
        if (state.Commit == Committed)
            CheckLaterLeaderHas(seat, state);
    }

    [Rule(RaftRules.FollowerCommits)]
    [Rule(RaftRules.CommittedStays)]
    private void CheckCommit(RaftSeat seat, RaftReplica live, LogIndex index)
    {
        Term term = live.State.Log.TermAt(index);
        if (index > Committed)
        {
            Invariant.Holds(
                live.Status.Role == KernelRole.Leading,
                RaftRules.FollowerCommits,
                $"{seat.Member} follows and commits {index} {term}, which no leader has");
            _committed.Add((term, live.State.CurrentTerm));
            foreach (RaftSeat holder in Seats)
                ExtendHeld(holder);
        }

        Invariant.Holds(
            CommittedAt(index) == term,
            RaftRules.CommittedStays,
            $"{seat.Member} commits {index} {term}, which is committed with {CommittedAt(index)}");
    }

    [Rule(RaftRules.OwnTermCommits)]
    [Rule(RaftRules.DurableBeforeAnswer)]
    private void CheckLeadersCommit(RaftSeat seat, RaftState state)
    {
        Term term = state.Log.TermAt(state.Commit);
        Invariant.Holds(
            term == state.CurrentTerm,
            RaftRules.OwnTermCommits,
            $"{seat.Member} commits {state.Commit} {term} in {state.CurrentTerm}");
        MemberSet holders = _durability.HoldersOf(state.Commit, term);
        Invariant.Holds(
            Epoch.Quorums.IsMajority(holders),
            RaftRules.DurableBeforeAnswer,
            $"{seat.Member} commits {state.Commit} {term}; the disks of {holders} hold it");
    }

    // A leader of an older term may be the last to hear what was acknowledged to it.
    [Rule(RaftRules.CommittedStays)]
    private void CheckLaterLeaderHas(RaftSeat seat, RaftState state)
    {
        Term term = state.Log.TermAt(state.Commit);
        Invariant.Holds(
            _reigns.Newest <= state.CurrentTerm
                || _reigns.IsInLogOf(_reigns.Newest, state.Commit, term),
            RaftRules.CommittedStays,
            $"{seat.Member} commits {state.Commit} {term}, not so {_reigns.Newest}");
    }

    [Rule(RaftRules.CommittedStays)]
    private void CheckCompleteness(Member leader, RaftState state)
    {
        LogIndex newest = Committed;
        while (newest > LogIndex.Zero
            && _committed[checked((int)newest.Number - 1)].KnownIn >= state.CurrentTerm)
        {
            newest = newest.Previous();
        }

        // All before it are there as well, by log matching.
        Invariant.Holds(
            newest <= state.Log.Last && state.Log.TermAt(newest) == CommittedAt(newest),
            RaftRules.CommittedStays,
            $"{leader} leads {state.CurrentTerm} without committed {newest} {CommittedAt(newest)}");
    }

    [Rule(RaftRules.CommittedStays)]
    private void CheckCommittedIsHeld(RaftSeat seat, RaftLog log)
    {
        if (_durability.IsDamaged(seat.Member))
            return;

        Invariant.Holds(
            seat.Held <= log.Last && log.TermAt(seat.Held) == CommittedAt(seat.Held),
            RaftRules.CommittedStays,
            $"the disk of {seat.Member} had committed {seat.Held} {CommittedAt(seat.Held)}");
        ExtendHeld(seat);
    }

    private void ExtendHeld(RaftSeat seat)
    {
        bool isDamaged = _durability.IsDamaged(seat.Member);
        if (isDamaged || _durability.HeldBy(seat.Member)?.State.Log is not RaftLog log)
            return;

        LogIndex next = seat.Held.Next();
        while (next <= Committed && next <= log.Last && log.TermAt(next) == CommittedAt(next))
        {
            seat.Held = next;
            next = next.Next();
        }
    }

    [Rule(RaftRules.CommittedStays)]
    private void CheckCommittedIsOnAMajority()
    {
        MemberSet holders = _durability.HoldersOf(Committed, CommittedAt(Committed));
        Invariant.Holds(
            Committed == LogIndex.Zero || Epoch.Quorums.IsMajority(holders),
            RaftRules.CommittedStays,
            $"{Committed} {CommittedAt(Committed)} is committed and on the disks of {holders}");
    }

    [Rule(RaftRules.AppliedInOrder)]
    [Rule(RaftRules.DurableBeforeAnswer)]
    protected override void CheckDelivery(RaftSeat seat, in Effect effect)
    {
        RaftReplica live = seat.Alive;
        SkipNoOps(seat, live);
        LogIndex index = seat.Delivered.Next();
        Invariant.Holds(
            index <= live.State.Commit,
            RaftRules.AppliedInOrder,
            $"{seat.Member} delivers more than is committed: {index}");
        Payload command = live.State.Log[index].Command;
        Invariant.Holds(
            command.Record <= effect.Record,
            RaftRules.DurableBeforeAnswer,
            $"{seat.Member} delivers {index} behind {effect.Record} and not {command.Record}");
        Invariant.Holds(
            command == effect.Command,
            RaftRules.AppliedInOrder,
            $"{seat.Member} delivers {effect.Command} as {index}, which is {command}");
        seat.Delivered = index;
    }

    [Rule(RaftRules.AppliedInOrder)]
    private static void CheckAllIsDelivered(RaftSeat seat, RaftReplica live)
    {
        SkipNoOps(seat, live);
        Invariant.Holds(
            seat.Delivered == live.State.Commit,
            RaftRules.AppliedInOrder,
            $"{seat.Member} commits {live.State.Commit} and delivers up to {seat.Delivered}");
    }

    // The leader counts its own log as far as its disk holds it.
    [Rule(RaftRules.LeaderWritesInParallel)]
    private void CheckOwnDurable(RaftSeat seat, RaftReplica live)
    {
        LogIndex durable = live.State.Durable;
        RaftLog? held = _durability.HeldBy(seat.Member)?.State.Log;
        Invariant.Holds(
            held is not null
                && durable <= held.Last
                && held.TermAt(durable) == live.State.Log.TermAt(durable),
            RaftRules.LeaderWritesInParallel,
            $"{seat.Member} takes {durable} for durable, its disk ends in {held?.Last}");
    }

    private static void SkipNoOps(RaftSeat seat, RaftReplica live)
    {
        LogIndex next = seat.Delivered.Next();
        while (next <= live.State.Commit && live.State.Log[next].Kind == RaftEntryKind.NoOp)
        {
            seat.Delivered = next;
            next = next.Next();
        }
    }
}
