using Synod.Kernel;

namespace Synod.Raft;

/// <summary>A new life from what is on the disk, and from nothing else.</summary>
internal sealed partial class RaftReplica
{
    // Null when nothing is recovered any more.
    private RaftGaps? _gaps;

    private RaftGaps Gaps => _gaps ??= new RaftGaps(_state.Log);

    public bool Recover(RecordNumber number, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        switch (RaftCodec.ReadHead(ref reader, out Term term))
        {
            case RaftKind.VoteRecord:
                VoteRecord vote = VoteRecord.ReadFrom(term, ref reader);
                return reader.IsComplete && RecoverVote(vote);
            case RaftKind.EntryRecord:
                EntryRecord entry = EntryRecord.ReadFrom(term, ref reader);
                Payload command =
                    Payload.Logged(number, reader.Position, reader.Remaining);
                return reader.IsValid && RecoverEntry(entry, command);
            case RaftKind.RequestVote:
            case RaftKind.VoteReply:
            case RaftKind.AppendEntries:
            case RaftKind.AppendReply:
            case RaftKind.Rest:
            default:
                return false;
        }
    }

    public void Lost(RecordNumber from, RecordNumber through, bool hidesStatement) =>
        Gaps.Lose(through.Number - from.Number + 1, hidesStatement);

    // Everything that was recovered was read from the disk, so it is durable.
    [Rule(RaftRules.PromiseOutlivesRestart)]
    public void Start(in Turn turn, Outbox outbox)
    {
        ConcludeDamage(outbox);
        _gaps = null;
        _state.DurableThrough(outbox.Appended);
        _duties.Start(turn, outbox);
    }

    private bool RecoverVote(in VoteRecord vote)
    {
        if (vote.Term < _state.CurrentTerm || vote.Damage.Number < _state.Damage.Number)
            return false;

        // The life that wrote it had found what is lost before it, with nothing behind.
        if (vote.Damage.Number > _state.Damage.Number && vote.Damage.Health != KernelHealth.Whole)
            Gaps.End();
        _state.SetVote(vote.Term, vote.VotedFor);
        _state.SetDamage(vote.Damage);
        Gaps.Stated();
        return true;
    }

    // An entry behind a gap is left out: the leader gives it back. Its term was written before it;
    // if that is not there any more, it is among what is lost.
    private bool RecoverEntry(in EntryRecord entry, Payload command)
    {
        if (entry.Term > _state.CurrentTerm && !Gaps.HasLost)
            return false;
        if (!Gaps.Continues(entry.Index, entry.Term))
            return Gaps.IsOpen;

        if (entry.Index <= _state.Log.Last)
            _state.CutFrom(entry.Index);
        if (entry.Term < _state.Log.LastTerm)
            return false;

        _state.Log.Append(entry.Term, new RaftEntry(entry.Kind, command));
        return true;
    }

    // Said in a record of its own before anything else of this life, and all that leaves waits for
    // it: the next life may find new records where this one found nothing, and must not take them
    // for all that there ever was.
    [Rule(RaftRules.DamagedIsSilent)]
    private void ConcludeDamage(Outbox outbox)
    {
        Gaps.End();
        RaftDamage known = _state.Damage;
        bool isVoiceless = Gaps.HidesStatement
            || Gaps.Newest > _state.CurrentTerm
            || known.Health == KernelHealth.Voiceless;
        bool isDamaged = Gaps.IsOpen || known.Health == KernelHealth.Damaged;
        RaftLast? last = known.Health == KernelHealth.Damaged ? known.Last : Gaps.Last;
        if (isVoiceless)
            BecomeDamaged(RaftDamage.Voiceless(_life), outbox);
        else if (isDamaged)
            BecomeDamaged(RaftDamage.Of(_life, last), outbox);
    }

    private void BecomeDamaged(in RaftDamage damage, Outbox outbox)
    {
        _state.SetDamage(damage);
        bool isOlder = _state.CurrentTerm < Gaps.Newest;
        PersistVote(
            isOlder ? Gaps.Newest : _state.CurrentTerm,
            isOlder ? null : _state.VotedFor,
            outbox);
        outbox.RoleChanged();
    }
}
