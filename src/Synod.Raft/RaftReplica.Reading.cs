using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Linearizable reads that write nothing: ReadIndex, at the leader and at followers, and
/// leases.</summary>
internal sealed partial class RaftReplica
{
    private long _lastBatch;

    /// <summary>Whether it may answer a read at this moment of its clock without asking
    /// anybody.</summary>
    [Rule(RaftRules.LeaseRead)]
    internal bool HoldsLease(Instant now) =>
        _role is RaftRole.Leading leading
        && leading.TermStart <= _state.Commit
        && leading.Lease.Holds(now);

    [Rule(RaftRules.ReadsAreBounded)]
    public void Read(in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        if (_role is RaftRole.Leading leading)
            Read(turn, leading, new WaitingRead(request, null, default));
        else
            ReadBehindLeader(turn, request, outbox);
        Arm(outbox);
    }

    // Whoever asks while this member leads waits with its own reads; a leader that steps down
    // refuses all of them.
    [Rule(RaftRules.FollowerReads)]
    [Rule(RaftRules.ReadsAreBounded)]
    public void Receive(in Turn turn, Member from, in ReadIndex message, Outbox outbox)
    {
        if (_role is not RaftRole.Leading leading || message.Term != _state.CurrentTerm)
            Refuse((from, message.Ticket), RejectReason.NotLeader, outbox);
        else if (leading.NewReads.Count + leading.Reads.Count >= _options.LeaderReadsMax)
            Refuse((from, message.Ticket), RejectReason.Overloaded, outbox);
        else
            Read(turn, leading, new WaitingRead(default, from, message.Ticket));
    }

    // What was confirmed before the rest confirms no read after it: a round is begun.
    private void Read(in Turn turn, RaftRole.Leading leading, in WaitingRead read)
    {
        EndRest(turn, leading, speakAt: turn.Now + _options.HeartbeatInterval);
        leading.NewReads.Enqueue(read);
    }

    private void ReadBehindLeader(in Turn turn, RequestId request, Outbox outbox)
    {
        Doubt(turn, outbox);
        if (ReachableLeader is null || _role is not RaftRole.Following following)
            outbox.Reject(request, RejectReason.NotLeader);
        else if (following.Reads.Count >= _options.FollowerReadsMax)
            outbox.Reject(request, RejectReason.Overloaded);
        else
            following.Reads.Add(request);
    }

    // An answer counts by its ticket alone: whoever gave it led after this very batch was asked
    // for, and no other life of this member has a batch of that name. So does a refusal: it says
    // nothing of the batches after it, and all that waits was asked of the present leader.
    [Rule(RaftRules.FollowerReads)]
    [Rule(RaftRules.TermsGrow)]
    public void Receive(in Turn turn, Member from, in ReadIndexReply message, Outbox outbox)
    {
        if (message.Term > _state.CurrentTerm)
        {
            Adopt(turn, message.Term, outbox);
            return;
        }

        bool isMine = message.Ticket.Life == _life;
        if (isMine && message.Ticket.Batch > _lastBatch)
        {
            outbox.Violated(RaftRules.FollowerReads, from);
            return;
        }

        if (!isMine || _role is not RaftRole.Following following)
            return;

        if (message.Reason is RejectReason reason)
        {
            while (following.Reads.TryRefuse(message.Ticket.Batch, out RequestId request))
                outbox.Reject(request, reason);
        }
        else
        {
            following.Reads.Answered(message.Ticket.Batch, message.Index);
            ReleaseReads(outbox);
        }
    }

    // All that waits is one question, in a window of a few.
    [Rule(RaftRules.FollowerReads)]
    [Rule(RaftRules.QuestionsRestOnNothing)]
    private void AskForIndex(in Turn turn, RaftRole.Following following, Outbox outbox)
    {
        if (following.Leader is not Member leader
            || !following.Reads.TryBegin(_lastBatch + 1, turn.Now + _options.ElectionTimeout))
        {
            return;
        }

        _lastBatch++;
        outbox.SendAtOnce(
            MemberSet.Of(leader),
            new ReadIndex(_state.CurrentTerm, new ReadTicket(_life, _lastBatch)),
            RaftRules.QuestionsRestOnNothing);
    }

    // All up to the commit index has been delivered, so what is released here stands behind it.
    [Rule(RaftRules.FollowerReads)]
    private void ReleaseReads(Outbox outbox)
    {
        if (_role is not RaftRole.Following following)
            return;

        while (following.Reads.TryRelease(_state.Commit, out RequestId request))
            outbox.ReadReady(request);
    }

    // A lost question, a lost answer, a leader that cannot lead, a log that lags too far.
    [Rule(RaftRules.ReadsAreBounded)]
    private static void ExpireReads(in Turn turn, RaftRole.Following following, Outbox outbox)
    {
        while (following.Reads.TryExpire(turn.Now, out RequestId request))
            outbox.Reject(request, RejectReason.NotLeader);
    }

    // What is sent from now on asks for promises from now on.
    [Rule(RaftRules.LeaseRead)]
    private static void RenewLease(in Turn turn, RaftRole.Leading leading)
    {
        if (leading.Lease.IsWorthRenewing(turn.Now))
            leading.Lease.Begin(++leading.Round, turn.Now);
    }

    // Under a lease nobody else can have committed anything by now; and now was read after the
    // reads had arrived, so they may be answered however late.
    [Rule(RaftRules.LeaseRead)]
    private void AnswerReads(in Turn turn, RaftRole.Leading leading, Outbox outbox)
    {
        if (!HoldsLease(turn.Now))
        {
            RefuseReads(turn, leading, outbox);
            BeginRound(turn, leading, outbox);
            return;
        }

        while (leading.NewReads.TryDequeue(out WaitingRead read))
        {
            // What it may deliver up to, it should know: the next heartbeat may be far.
            if (read.Asker is Member asker && leading.Peers[asker.Index].Told < _state.Commit)
                SendHeartbeat(leading, asker, outbox);
            Answer(read, _state.Commit, outbox);
        }
    }

    // A majority answers, or it would not lead; but those who answer do not take what stands before
    // its first entry, since their disks are full or far too slow. Nobody knows how long.
    [Rule(RaftRules.ReadsAreBounded)]
    private void RefuseReads(in Turn turn, RaftRole.Leading leading, Outbox outbox)
    {
        if (!IsStuck(turn, leading))
            return;

        while (leading.NewReads.TryDequeue(out WaitingRead read))
            Refuse(read, RejectReason.NoQuorum, outbox);
    }

    private bool IsStuck(in Turn turn, RaftRole.Leading leading) =>
        _state.Commit < leading.TermStart && turn.Now >= leading.FirstCommitDue;

    // All reads of a turn share one round. It is begun after they arrived, and only once an entry
    // of the own term is committed: before, the commit index may lag behind what was acknowledged
    // by the leader before. All that is committed has been delivered, so the reads stand behind it.
    [Rule(RaftRules.ReadIndex)]
    private void BeginRound(in Turn turn, RaftRole.Leading leading, Outbox outbox)
    {
        if (leading.NewReads.Count == 0 || _state.Commit < leading.TermStart)
            return;

        leading.Round++;
        leading.Lease.Begin(leading.Round, turn.Now);
        while (leading.NewReads.TryDequeue(out WaitingRead read))
            leading.Reads.Enqueue((read, leading.Round, _state.Commit));
        SendHeartbeats(turn, leading, outbox);
        ConfirmReads(leading, outbox);
    }

    [Rule(RaftRules.ReadIndex)]
    private void ConfirmReads(RaftRole.Leading leading, Outbox outbox)
    {
        Span<long> rounds = stackalloc long[_epoch.Members.Count];
        for (int member = 0; member < rounds.Length; member++)
            rounds[member] = leading.Peers[member].Round;
        rounds[_self.Index] = leading.Round;

        leading.Confirmed = _epoch.Quorums.AtMajority(rounds);
        while (leading.Reads.TryPeek(out (WaitingRead Read, long Round, LogIndex Index) oldest)
            && oldest.Round <= leading.Confirmed)
        {
            leading.Reads.Dequeue();
            Answer(oldest.Read, oldest.Index, outbox);
        }

        ConfirmCancels(leading, outbox);
    }

    // The term was durable before it could lead, and the index is on the disks of a majority.
    [Rule(RaftRules.QuestionsRestOnNothing)]
    private void Answer(in WaitingRead read, LogIndex index, Outbox outbox)
    {
        if (read.Asker is not Member asker)
        {
            outbox.ReadReady(read.Request);
            return;
        }

        outbox.SendAtOnce(
            MemberSet.Of(asker),
            new ReadIndexReply(_state.CurrentTerm, read.Ticket, index, null),
            RaftRules.QuestionsRestOnNothing);
    }

    private void Refuse(
        (Member Asker, ReadTicket Ticket) asked, RejectReason reason, Outbox outbox) =>
        outbox.Send(
            MemberSet.Of(asked.Asker),
            new ReadIndexReply(_state.CurrentTerm, asked.Ticket, default, reason));

    // Reads have done nothing.
    private void Refuse(in WaitingRead read, RejectReason reason, Outbox outbox)
    {
        if (read.Asker is Member asker)
            Refuse((asker, read.Ticket), reason, outbox);
        else
            outbox.Reject(read.Request, reason);
    }

    private static void GiveUp(RaftRole.Following former, Outbox outbox)
    {
        while (former.Reads.TryTake(out RequestId request))
            outbox.Reject(request, RejectReason.NotLeader);
    }
}
