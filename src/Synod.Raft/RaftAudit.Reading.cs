using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Reads: they run at a leader that has committed in its term, and see all that was
/// committed anywhere when they were asked for.</summary>
internal sealed partial class RaftAudit
{
    public void Reads(Member member, RequestId request) =>
        _seats[member.Index].Reads.Add(request, Committed);

    // In true time: of two that lead at this moment, the one with the older term has no lease. It
    // would answer reads that do not see what the newer one commits.
    [Rule(RaftRules.LeaseRead)]
    [Rule(RaftRules.LeasePromise)]
    private void CheckLeases(RaftReplica live)
    {
        if (Clocks is null || live.Status.Role != KernelRole.Leading)
            return;

        foreach (Seat seat in _seats)
        {
            if (seat.Live is not { Status.Role: KernelRole.Leading } other || other == live)
                continue;

            RaftReplica older = other.State.CurrentTerm < live.State.CurrentTerm ? other : live;
            Invariant.Holds(
                !older.HoldsLease(Clocks(older.Self)),
                RaftRules.LeaseRead,
                $"{older.Self} has a lease in {older.State.CurrentTerm}, {live.Self} and "
                + $"{other.Self} lead");
        }
    }

    private void LeavesOfReading(Member from, ReadOnlySpan<byte> frame, ref FrameReader reader)
    {
        reader = new FrameReader(frame);
        if (RaftCodec.ReadHead(ref reader, out Term term) == RaftKind.ReadIndex)
        {
            RaftReadTicket.ReadFrom(ref reader);
            return;
        }

        ReadIndexReply answer = RaftCodec.ReadReadIndexReply(term, ref reader);
        _durability.Leaves(from, answer);
        Answers(from, answer);
    }

    // A leader says what is committed, and no less than its own term.
    [Rule(RaftRules.FollowerReads)]
    private void Answers(Member from, in ReadIndexReply message) => Invariant.Holds(
        !message.IsConfirmed
            || (_reigns.LeaderOf(message.Term) == from && message.Index <= Committed),
        RaftRules.FollowerReads,
        $"{from} says in {message.Term} that reads see all at {message.Index}; {Committed} is");

    [Rule(RaftRules.ReadIndex)]
    [Rule(RaftRules.FollowerReads)]
    private static void CheckRead(Seat seat, RaftReplica live, RequestId request)
    {
        RaftState state = live.State;
        bool isAsked = seat.Reads.Remove(request, out LogIndex committed);
        Invariant.Holds(
            isAsked && committed <= state.Commit,
            RaftRules.ReadIndex,
            $"{seat.Member} reads at {state.Commit} what was committed up to {committed}");
        Invariant.Holds(
            live.Status.Role != KernelRole.Leading
                || state.Log.TermAt(state.Commit) == state.CurrentTerm,
            RaftRules.ReadIndex,
            $"{seat.Member} reads in {state.CurrentTerm} at {state.Commit}, {live.Status.Role}");
    }
}
