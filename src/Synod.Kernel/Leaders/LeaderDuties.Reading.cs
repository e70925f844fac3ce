namespace Synod.Kernel;

/// <summary>Linearizable reads that write nothing: ReadIndex, at the leader and at followers, and
/// leases.</summary>
public sealed partial class LeaderDuties<TReign>
{
    private long _lastBatch;

    /// <summary>Whether it may answer a read at this moment of its clock without asking
    /// anybody.</summary>
    [Rule(LeaderRules.LeaseRead)]
    public bool HoldsLease(Instant now) =>
        Role is Leading leading
        && leading.Fresh <= _kernel.Committed
        && leading.Lease.Holds(now);

    /// <summary>A linearizable read; see <see cref="IKernel.Read"/>.</summary>
    [Rule(LeaderRules.ReadsAreBounded)]
    public void Read(in Turn turn, RequestId request, Outbox outbox)
    {
        if (Role is Leading leading)
            Read(turn, leading, new WaitingRead(request, null, default));
        else
            ReadBehindLeader(turn, request, outbox);
        Arm(outbox);
    }

    /// <summary>A follower asks for the read index.</summary>
    // Whoever asks while this member leads waits with its own reads; a leader that steps down
    // refuses all of them.
    [Rule(LeaderRules.FollowerReads)]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void Receive(in Turn turn, Member from, in ReadIndex<TReign> message, Outbox outbox)
    {
        if (Role is not Leading leading || !IsPresent(message.Reign))
            Refuse((from, message.Ticket), RejectReason.NotLeader, outbox);
        else if (leading.NewReads.Count + leading.Reads.Count >= _options.LeaderReadsMax)
            Refuse((from, message.Ticket), RejectReason.Overloaded, outbox);
        else
            Read(turn, leading, new WaitingRead(default, from, message.Ticket));
    }

    // What was confirmed before the rest confirms no read after it: a round is begun.
    private void Read(in Turn turn, Leading leading, in WaitingRead read)
    {
        EndRest(turn, leading, speakAt: turn.Now + _options.HeartbeatInterval);
        leading.NewReads.Enqueue(read);
    }

    private void ReadBehindLeader(in Turn turn, RequestId request, Outbox outbox)
    {
        Doubt(turn, outbox);
        if (ReachableLeader is null || Role is not Following following)
            outbox.Reject(request, RejectReason.NotLeader);
        else if (following.Reads.Count >= _options.FollowerReadsMax)
            outbox.Reject(request, RejectReason.Overloaded);
        else
            following.Reads.Add(request);
    }

    /// <summary>The leader has answered.</summary>
    // An answer counts by its ticket alone: whoever gave it led after this very batch was asked
    // for, and no other life of this member has a batch of that name. So does a refusal: it says
    // nothing of the batches after it, and all that waits was asked of the present leader.
    [Rule(LeaderRules.FollowerReads)]
    public void Receive(in Turn turn, Member from, in ReadIndexReply<TReign> message, Outbox outbox)
    {
        if (IsNewer(message.Reign))
        {
            _kernel.Outbid(turn, message.Reign, outbox);
            return;
        }

        bool isMine = message.Ticket.Life == _life;
        if (isMine && message.Ticket.Batch > _lastBatch)
        {
            outbox.Violated(LeaderRules.FollowerReads, from);
            return;
        }

        if (!isMine || Role is not Following following)
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
    [Rule(LeaderRules.FollowerReads)]
    [Rule(LeaderRules.QuestionsRestOnNothing)]
    private void AskForIndex(in Turn turn, Following following, Outbox outbox)
    {
        if (following.Leader is not Member leader
            || !following.Reads.TryBegin(_lastBatch + 1, turn.Now + _options.ElectionTimeout))
        {
            return;
        }

        _lastBatch++;
        outbox.SendAtOnce(
            MemberSet.Of(leader),
            new ReadIndex<TReign>(_kernel.Reign, new ReadTicket(_life, _lastBatch)),
            LeaderRules.QuestionsRestOnNothing);
    }

    /// <summary>More is committed and delivered, so that reads which waited for it may be
    /// answered.</summary>
    [Rule(LeaderRules.FollowerReads)]
    public void ReleaseReads(Outbox outbox)
    {
        if (Role is not Following following)
            return;

        while (following.Reads.TryRelease(_kernel.Committed, out RequestId request))
            outbox.ReadReady(request);
    }

    // A lost question, a lost answer, a leader that cannot lead, a member that lags too far.
    [Rule(LeaderRules.ReadsAreBounded)]
    private static void ExpireReads(in Turn turn, Following following, Outbox outbox)
    {
        while (following.Reads.TryExpire(turn.Now, out RequestId request))
            outbox.Reject(request, RejectReason.NotLeader);
    }

    // What is sent from now on asks for promises from now on.
    [Rule(LeaderRules.LeaseRead)]
    private static void RenewLease(in Turn turn, Leading leading)
    {
        if (leading.Lease.IsWorthRenewing(turn.Now))
            leading.Lease.Begin(++leading.Round, turn.Now);
    }

    // Under a lease nobody else can have committed anything by now; and now was read after the
    // reads had arrived, so they may be answered however late.
    [Rule(LeaderRules.LeaseRead)]
    private void AnswerReads(in Turn turn, Leading leading, Outbox outbox)
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
            if (read.Asker is Member asker && leading.Peers[asker.Index].Told < _kernel.Committed)
                _kernel.SendHeartbeat(leading, asker, outbox);
            Answer(read, _kernel.Committed, outbox);
        }
    }

    // A majority answers, or it would not lead; but those who answer do not take what must be
    // committed first, since their disks are full or far too slow. Nobody knows how long.
    [Rule(LeaderRules.ReadsAreBounded)]
    private void RefuseReads(in Turn turn, Leading leading, Outbox outbox)
    {
        if (!IsStuck(turn, leading))
            return;

        while (leading.NewReads.TryDequeue(out WaitingRead read))
            Refuse(read, RejectReason.NoQuorum, outbox);
    }

    private bool IsStuck(in Turn turn, Leading leading) =>
        _kernel.Committed < leading.Fresh && turn.Now >= leading.FirstCommitDue;

    // All reads of a turn share one round. It is begun after they arrived, and only once all that a
    // leader before can have acknowledged is known to be committed. All that is has been delivered,
    // so the reads stand behind it.
    [Rule(LeaderRules.ReadIndex)]
    private void BeginRound(in Turn turn, Leading leading, Outbox outbox)
    {
        if (leading.NewReads.Count == 0 || _kernel.Committed < leading.Fresh)
            return;

        leading.Round++;
        leading.Lease.Begin(leading.Round, turn.Now);
        while (leading.NewReads.TryDequeue(out WaitingRead read))
            leading.Reads.Enqueue((read, leading.Round, _kernel.Committed));
        SendHeartbeats(turn, leading, outbox);
        ConfirmReads(leading, outbox);
    }

    /// <summary>Somebody has answered a round: reads that waited for it may be answered.</summary>
    [Rule(LeaderRules.ReadIndex)]
    public void ConfirmReads(Leading leading, Outbox outbox)
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

    // The reign was durable before it could lead, and the index is on the disks of a majority.
    [Rule(LeaderRules.QuestionsRestOnNothing)]
    private void Answer(in WaitingRead read, LogIndex index, Outbox outbox)
    {
        if (read.Asker is not Member asker)
        {
            outbox.ReadReady(read.Request);
            return;
        }

        outbox.SendAtOnce(
            MemberSet.Of(asker),
            new ReadIndexReply<TReign>(_kernel.Reign, read.Ticket, index, null),
            LeaderRules.QuestionsRestOnNothing);
    }

    private void Refuse(
        (Member Asker, ReadTicket Ticket) asked, RejectReason reason, Outbox outbox) =>
        outbox.Send(
            MemberSet.Of(asked.Asker),
            new ReadIndexReply<TReign>(_kernel.Reign, asked.Ticket, default, reason));

    // Reads have done nothing.
    private void Refuse(in WaitingRead read, RejectReason reason, Outbox outbox)
    {
        if (read.Asker is Member asker)
            Refuse((asker, read.Ticket), reason, outbox);
        else
            outbox.Reject(read.Request, reason);
    }
}
