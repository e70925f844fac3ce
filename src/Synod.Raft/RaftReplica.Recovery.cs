using Synod.Kernel;

namespace Synod.Raft;

/// <summary>A new life from what is on the disk, and from nothing else.</summary>
internal sealed partial class RaftReplica
{
    public bool Recover(RecordNumber number, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        switch (RaftCodec.ReadHead(ref reader, out Term term))
        {
            case RaftKind.VoteRecord:
                VoteRecord vote = VoteRecord.ReadFrom(term, ref reader);
                if (reader.IsComplete)
                    _state.SetVote(vote.Term, vote.VotedFor);
                return reader.IsComplete;
            case RaftKind.EntryRecord:
                EntryRecord entry = EntryRecord.ReadFrom(term, ref reader);
                Payload command =
                    Payload.Logged(number, reader.Position, reader.Remaining);
                return reader.IsValid && RecoverEntry(entry, command);
            case RaftKind.RequestVote:
            case RaftKind.VoteReply:
            case RaftKind.AppendEntries:
            case RaftKind.AppendReply:
            case RaftKind.TimeoutNow:
            case RaftKind.Forward:
            case RaftKind.ForwardReply:
            default:
                return false;
        }
    }

    // Everything that was recovered was read from the disk, so it is durable. A first election need
    // not wait a whole timeout: pre-votes keep a healthy leader from being disturbed by it.
    public void Start(in Turn turn, Outbox outbox)
    {
        _state.DurableThrough(outbox.Appended);
        _electionDue = turn.Now + _random.Below(_options.ElectionTimeout);
        Arm(outbox);
    }

    private bool RecoverEntry(in EntryRecord entry, Payload command)
    {
        if (entry.Index > _state.Log.Last.Next() || entry.Term > _state.CurrentTerm)
            return false;

        if (entry.Index <= _state.Log.Last)
            _state.CutFrom(entry.Index);
        if (entry.Term < _state.Log.LastTerm)
            return false;

        _state.Log.Append(entry.Term, new RaftEntry(entry.Kind, command));
        return true;
    }
}
