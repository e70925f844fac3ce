using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Entries: written, sent, durable.</summary>
internal sealed partial class RaftAudit
{
    [Rule(RaftRules.DurableBeforeAnswer)]
    protected override void CheckRecord(
        RaftSeat seat, in Effect effect, ReadOnlySpan<byte> body)
    {
        RaftReplica live = seat.Alive;
        FrameReader reader = new(body);
        RaftKind kind = RaftCodec.ReadHead(ref reader, out Term term);
        if (kind == RaftKind.VoteRecord)
            CheckVote(seat, live, VoteRecord.ReadFrom(term, ref reader));
        else
            CheckEntry(seat, live, (EntryRecord.ReadFrom(term, ref reader), effect));
    }

    // What it writes is what it goes by; and only a leader makes entries, of its own term.
    [Rule(RaftRules.LogMatching)]
    [Rule(RaftRules.LeaderAppendOnly)]
    private void CheckEntry(
        RaftSeat seat, RaftReplica live, (EntryRecord Record, Effect Effect) written)
    {
        (EntryRecord record, Effect effect) = written;
        RaftLog log = live.State.Log;
        Invariant.Holds(
            record.Index <= log.Last
                && log.TermAt(record.Index) == record.Term
                && log[record.Index].Command.Record == effect.Record,
            RaftRules.DurableBeforeAnswer,
            $"{seat.Member} writes {record} in {effect.Record} and has another in its log");
        bool isOwn = live.Status.Role == KernelRole.Leading
            && record.Term == live.State.CurrentTerm;
        Invariant.Holds(
            !isOwn || record.Kind == RaftEntryKind.NoOp || live.Status.Successor is null,
            RaftRules.LeadershipTransfer,
            $"{seat.Member} takes {record} while it hands over to {live.Status.Successor}");
        if (isOwn)
        {
            _reigns.Append(record, effect.Command.Length);
            CheckUncommitted(seat, live, record.Index);
        }

        _reigns.Meet(
            seat.Member, record, log.TermAt(record.Index.Previous()), effect.Command.Length);
    }

    // A command that is larger than the bound passes alone.
    [Rule(RaftRules.UncommittedIsBounded)]
    private static void CheckUncommitted(RaftSeat seat, RaftReplica live, LogIndex last)
    {
        RaftState state = live.State;
        (int count, long bytes) = (0, 0);
        for (LogIndex index = state.Commit.Next(); index <= last; index = index.Next())
        {
            RaftEntry entry = state.Log[index];
            if (entry.Kind == RaftEntryKind.NoOp || state.Log.TermAt(index) != state.CurrentTerm)
                continue;

            count++;
            bytes += entry.Command.Length + RaftOptions.CommandOverhead;
        }

        Invariant.Holds(
            count <= 1 || bytes <= live.Options.UncommittedBytesMax,
            RaftRules.UncommittedIsBounded,
            $"{seat.Member} holds {bytes} bytes in {count} commands uncommitted");

        // What it goes by is what there is, or it would refuse for ever.
        long counted = (live.Duties.Role as Leading)?.UncommittedBytes ?? bytes;
        Invariant.Holds(
            last < state.Log.Last || counted == bytes,
            RaftRules.UncommittedIsBounded,
            $"{seat.Member} counts {counted} bytes uncommitted, and has {bytes}");
    }

    // Whatever the image of the disk would allow by luck, only these may overtake the disk.
    [Rule(RaftRules.LeaderWritesInParallel)]
    protected override void CheckSend(
        RaftSeat seat, in Effect effect, ReadOnlySpan<byte> message)
    {
        FrameReader reader = new(message);
        RaftKind kind = RaftCodec.ReadHead(ref reader, out Term term);
        Invariant.Holds(
            effect.Rule is null || MayOvertake(kind),
            RaftRules.LeaderWritesInParallel,
            $"{seat.Member} sends {kind} {term} at once");
    }

    private static bool MayOvertake(RaftKind kind) => kind
        is RaftKind.AppendEntries or RaftKind.Rest || LeaderCodec.MayOvertake((LeaderKind)kind);

    // What a leader sends is a piece of its log, and what it calls committed is.
    [Rule(RaftRules.LogMatching)]
    [Rule(RaftRules.FollowerCommits)]
    private void Replicates(Member from, in AppendEntries message, ReadOnlySpan<byte> frame)
    {
        Invariant.Holds(
            _reigns.LeaderOf(message.Term) == from,
            RaftRules.ElectionSafety,
            $"{from} sends entries of {message.Term}, led by {_reigns.LeaderOf(message.Term)}");
        Invariant.Holds(
            message.Commit <= Committed,
            RaftRules.FollowerCommits,
            $"{from} says that {message.Commit} is committed; {Committed} is");
        Invariant.Holds(
            !message.Rests
                || (message.Entries.IsEmpty && message.Commit == message.PreviousIndex),
            RaftRules.IdleGroupRests,
            $"{from} rests behind {message.PreviousIndex} and has committed {message.Commit}");
        LogIndex index = message.PreviousIndex;
        Term previous = message.PreviousTerm;
        int offset = message.CommandsOffset;
        foreach (RaftEntryHead head in message.Entries)
        {
            index = index.Next();
            EntryRecord entry = new(index, head.Term, head.Kind);
            _reigns.Meet(from, entry, previous, head.Length);
            _reigns.MeetContent(from, index, head.Term, frame.Slice(offset, head.Length));
            previous = head.Term;
            offset += head.Length;
        }

        Invariant.Holds(
            _reigns.IsInLogOf(message.Term, index, previous),
            RaftRules.LogMatching,
            $"{from} sends {index} {previous}, which the leader of {message.Term} has not");
    }

    private void LeavesOfProposal(
        Member from, Member target, ReadOnlySpan<byte> frame, ref FrameReader reader)
    {
        FrameReader head = new(frame);
        RaftKind kind = RaftCodec.ReadHead(ref head, out Term term);
        if (kind is RaftKind.AppendEntries or RaftKind.Rest)
        {
            AppendEntries append = _codec.ReadAppendEntries((kind, term), ref reader);
            _durability.Leaves(from, append);
            _duties.BeginsRound(append.Term, append.Round);
            Replicates(from, append, frame);
        }
        else
        {
            AppendReply reply = RaftCodec.ReadAppendReply(term, ref reader);
            _durability.Leaves(from, target, reply);
        }
    }

    [Rule(RaftRules.LogMatching)]
    [Rule(RaftRules.CommittedStays)]
    private void Stored(RaftSeat seat, in EntryRecord entry, ReadOnlySpan<byte> command)
    {
        if (_durability.HeldBy(seat.Member)?.State.Log is not RaftLog log)
            return;

        Invariant.Holds(
            entry.Index == log.Last && log.LastTerm == entry.Term,
            RaftRules.ConflictCutsTail,
            $"the disk of {seat.Member} took {entry} and ends in {log.Last} {log.LastTerm}");
        _reigns.Meet(seat.Member, entry, log.TermAt(entry.Index.Previous()), command.Length);
        _reigns.MeetContent(seat.Member, entry.Index, entry.Term, command);
        CheckCommittedIsHeld(seat, log);
    }

    [Rule(RaftRules.LogMatching)]
    private void CheckEntries(Member member, RaftLog log)
    {
        Term previous = Term.Zero;
        for (LogIndex index = new(1); index <= log.Last; index = index.Next())
        {
            Term term = log.TermAt(index);
            RaftEntry entry = log[index];
            EntryRecord record = new(index, term, entry.Kind);
            _reigns.Meet(member, record, previous, entry.Command.Length);
            previous = term;
        }
    }
}
