using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The leader's side of replication, and the follower's.</summary>
internal sealed partial class RaftReplica
{
    private RaftEntryHead[] _heads = [];
    private Payload[] _commands = [];

    [Rule(RaftRules.LogMatching)]
    [Rule(RaftRules.StaleTermIsRefused)]
    public void Receive(in Turn turn, Member from, in AppendEntries message, Outbox outbox)
    {
        if (message.Term < _state.CurrentTerm)
        {
            TellReign(from, outbox);
            return;
        }

        if (message.Term > _state.CurrentTerm)
            Adopt(turn, message.Term, outbox);
        if (_duties.Role is Leading || (_duties.Leader is Member known && known != from))
        {
            outbox.Violated(RaftRules.ElectionSafety, from);
            return;
        }

        _duties.Follow(turn, from, outbox);
        _duties.HearLeader(turn, from);
        _duties.HearTransfers(message.TransfersOver);

        bool fits = message.PreviousIndex <= _state.Log.Last
            && _state.Log.TermAt(message.PreviousIndex) == message.PreviousTerm;
        if (!fits)
            outbox.Send(MemberSet.Of(from), WithHealth(Refusal(message)));
        else if (TryStore(message, from, outbox))
            Acknowledge(message, outbox);
        if (fits && message.Rests)
            _duties.Rest(HoldsAllOf(message), from);
    }

    [Rule(RaftRules.TermsGrow)]
    [Rule(RaftRules.CheckQuorum)]
    public void Receive(in Turn turn, Member from, in AppendReply message, Outbox outbox)
    {
        if (message.Term > _state.CurrentTerm)
        {
            Adopt(turn, message.Term, outbox);
            return;
        }

        if (message.Term < _state.CurrentTerm || _duties.Role is not Leading leading)
            return;

        PeerProgress peer = leading.Peers[from.Index];
        if (message.Index > _state.Log.Last || message.Round > leading.Round)
        {
            outbox.Violated(RaftRules.AcceptProvesItsEntries, from);
            return;
        }

        if (!peer.TryLearn(message.Damage, message.Health, message.Index))
            return;
        if (peer.Health != KernelHealth.Whole)
            _duties.EndTransferTo(turn, leading, from, outbox);

        peer.Answered(turn.Now, message.Round);
        if (peer.Health != KernelHealth.Voiceless)
            leading.Lease.Answered(from, message.Round);
        if (message.IsAccepted)
        {
            peer.Accept(message.Index, turn.Now, _options.HeartbeatInterval);
            AdvanceCommit(leading, outbox);
        }
        else
        {
            LogIndex hint = _state.Log.NewestUpTo(message.HintIndex, message.HintTerm);
            peer.Refused(message.Index, hint);
        }

        _duties.ConfirmReads(leading, outbox);
        _duties.FallSilent(leading);
    }

    [Rule(RaftRules.LeaderAppendOnly)]
    public LogIndex Append(Payload command, Outbox outbox) =>
        Append(RaftEntryKind.Command, command, outbox);

    private LogIndex Append(RaftEntryKind kind, Payload command, Outbox outbox)
    {
        LogIndex index = _state.Log.Last.Next();
        EntryRecord record = new(index, _state.CurrentTerm, kind);
        Payload logged = outbox.Persist(record, command);
        return _state.Log.Append(_state.CurrentTerm, new RaftEntry(kind, logged));
    }

    public bool IsBehind(Leading leading, Member peer) =>
        leading.Peers[peer.Index].Next <= _state.Log.Last;

    public void SendBatch(Leading leading, MemberSet peers, Outbox outbox)
    {
        PeerProgress one = leading.Peers[peers.First.Index];
        LogIndex first = one.Next;
        (int count, int bytes) = GatherBatch(first);
        outbox.SendAtOnce(
            peers,
            Message(leading, one, _heads.AsSpan(0, count)),
            RaftRules.LeaderWritesInParallel,
            _commands.AsSpan(0, count));
        foreach (Member peer in peers)
        {
            leading.Peers[peer.Index].SentCommit(_state.Commit);
            leading.Peers[peer.Index].Sent(first.Previous() + count, bytes);
        }
    }

    private (int Count, int Bytes) GatherBatch(LogIndex first)
    {
        int count = 0;
        int bytes = 0;
        for (LogIndex index = first; index <= _state.Log.Last; index = index.Next())
        {
            RaftEntry entry = _state.Log[index];
            bool isFull = count >= _options.EntriesPerMessageMax
                || (count > 0 && bytes + entry.Command.Length > _options.BytesPerMessageMax);
            if (isFull)
                break;

            GrowBatch(count + 1);
            _heads[count] =
                new RaftEntryHead(_state.Log.TermAt(index), entry.Kind, entry.Command.Length);
            _commands[count] = entry.Command;
            count++;
            bytes += entry.Command.Length;
        }

        return (count, bytes);
    }

    private void GrowBatch(int count)
    {
        if (count <= _heads.Length)
            return;

        int room = Math.Max(count, _heads.Length * 2);
        Array.Resize(ref _heads, room);
        Array.Resize(ref _commands, room);
    }

    public void SendHeartbeat(Leading leading, Member peer, Outbox outbox)
    {
        leading.Peers[peer.Index].SentCommit(_state.Commit);
        outbox.SendAtOnce(
            MemberSet.Of(peer),
            Message(leading, leading.Peers[peer.Index], default),
            RaftRules.LeaderWritesInParallel);
    }

    private AppendEntries Message(
        Leading leading, PeerProgress to, ReadOnlySpan<RaftEntryHead> entries) => new()
        {
            Term = _state.CurrentTerm,
            PreviousIndex = to.Next.Previous(),
            PreviousTerm = _state.Log.TermAt(to.Next.Previous()),
            Commit = _state.Commit,
            Round = leading.Round,
            Rests = leading.RestRound > 0 && to.Next.Previous() == _state.Log.Last,
            TransfersOver = leading.TransfersOver,
            Damage = to.Damage,
            Last = _state.Log.Last,
            Entries = entries,
        };

    // Entries that are there already are skipped: an old or shorter message never cuts. The first
    // that conflicts cuts the whole tail; a committed entry cannot conflict with a correct
    // leader's.
    private bool TryStore(in AppendEntries message, Member from, Outbox outbox)
    {
        LogIndex index = message.PreviousIndex;
        int offset = message.CommandsOffset;
        foreach (RaftEntryHead head in message.Entries)
        {
            index = index.Next();
            bool isThere = index <= _state.Log.Last && _state.Log.TermAt(index) == head.Term;
            if (!isThere && !TryStore(index, head, Payload.Transient(offset, head.Length), outbox))
            {
                if (index <= _state.Commit)
                    outbox.Violated(RaftRules.CommittedStays, from);
                return false;
            }

            offset += head.Length;
        }

        return true;
    }

    [Rule(RaftRules.CommittedStays)]
    [Rule(RaftRules.ConflictCutsTail)]
    [Rule(RaftRules.NoOpPassesFull)]
    private bool TryStore(LogIndex index, in RaftEntryHead head, Payload command, Outbox outbox)
    {
        bool isNextNoOp = head.Kind == RaftEntryKind.NoOp && index == _state.Log.Last.Next();
        if (index <= _state.Commit || (_duties.Pressure == StoragePressure.Full && !isNextNoOp))
            return false;

        if (index <= _state.Log.Last)
            _state.CutFrom(index);
        Payload logged = outbox.Persist(new EntryRecord(index, head.Term, head.Kind), command);
        _state.Log.Append(head.Term, new RaftEntry(head.Kind, logged));
        return true;
    }

    // Answers of one turn are one answer: it acknowledges what the newest request proves.
    [Rule(RaftRules.AcceptProvesItsEntries)]
    private void Acknowledge(in AppendEntries message, Outbox outbox)
    {
        LogIndex proven = message.PreviousIndex + message.Entries.Length;
        LogIndex index = LogIndex.Max(_owedReply?.Index ?? LogIndex.Zero, proven);
        long round = Math.Max(_owedReply?.Round ?? 0, message.Round);
        _owedReply = new AppendReply(message.Term, true, index, default, default, round);
        FollowCommit(LogIndex.Min(message.Commit, proven), outbox);
        TryBecomeWhole(message, proven, outbox);
    }

    [Rule(RaftRules.DurableBeforeAnswer)]
    private void PayOwedReply(Outbox outbox)
    {
        if (_owedReply is not AppendReply reply || _duties.Leader is not Member leader)
            return;

        outbox.Send(MemberSet.Of(leader), WithHealth(reply));
        _owedReply = null;
    }

    // It says nothing but the term. The sender may lead again by now: to it, the round of a request
    // of its older term would look like a round of its own.
    [Rule(RaftRules.StaleTermIsRefused)]
    public void TellReign(Member older, Outbox outbox)
    {
        AppendReply stale =
            new(_state.CurrentTerm, false, LogIndex.Zero, LogIndex.Zero, Term.Zero, 0);
        outbox.Send(MemberSet.Of(older), WithHealth(stale));
    }

    [Rule(RaftRules.ConflictHints)]
    private AppendReply Refusal(in AppendEntries message)
    {
        LogIndex hint = _state.Log.NewestUpTo(message.PreviousIndex, message.PreviousTerm);
        return new AppendReply(
            _state.CurrentTerm,
            false,
            message.PreviousIndex,
            hint,
            _state.Log.TermAt(hint),
            message.Round);
    }

    // Whoever matches the leader up to the end of both logs holds all of the leader's.
    public bool HoldsUpTo(LogIndex last) => true;

    private bool HoldsAllOf(in AppendEntries message) =>
        message.PreviousIndex == _state.Log.Last
        && message.Entries.IsEmpty
        && _state.Commit == _state.Log.Last;
}
