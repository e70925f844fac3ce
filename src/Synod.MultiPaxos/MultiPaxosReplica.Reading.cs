using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Linearizable reads that write nothing: ReadIndex, at the leader and at followers, and
/// leases.</summary>
internal sealed partial class MultiPaxosReplica
{
    private long _lastBatch;

    /// <summary>Whether it may answer a read at this moment of its clock without asking
    /// anybody.</summary>
    [Rule(MultiPaxosRules.LeaseRead)]
    internal bool HoldsLease(Instant now) =>
        _role is MultiPaxosRole.Leading leading
        && leading.Fresh <= _state.Chosen
        && leading.Lease.Holds(now);

    [Rule(MultiPaxosRules.ReadsAreBounded)]
    public void Read(in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        if (_role is MultiPaxosRole.Leading leading)
            Read(turn, leading, new WaitingRead(request, null, default));
        else
            ReadBehindLeader(turn, request, outbox);
        Arm(outbox);
    }

    // Whoever asks while this member leads waits with its own reads; a leader that steps down
    // refuses all of them.
    [Rule(MultiPaxosRules.FollowerReads)]
    [Rule(MultiPaxosRules.ReadsAreBounded)]
    public void Receive(in Turn turn, Member from, in ReadIndex message, Outbox outbox)
    {
        if (_role is not MultiPaxosRole.Leading leading || message.Ballot != _state.Promised)
            Refuse((from, message.Ticket), RejectReason.NotLeader, outbox);
        else if (leading.NewReads.Count + leading.Reads.Count >= _options.LeaderReadsMax)
            Refuse((from, message.Ticket), RejectReason.Overloaded, outbox);
        else
            Read(turn, leading, new WaitingRead(default, from, message.Ticket));
    }

    // What was confirmed before the rest confirms no read after it: a round is begun.
    private void Read(in Turn turn, MultiPaxosRole.Leading leading, in WaitingRead read)
    {
        EndRest(turn, leading, speakAt: turn.Now + _options.HeartbeatInterval);
        leading.NewReads.Enqueue(read);
    }

    private void ReadBehindLeader(in Turn turn, RequestId request, Outbox outbox)
    {
        Doubt(turn, outbox);
        if (ReachableLeader is null || _role is not MultiPaxosRole.Following following)
            outbox.Reject(request, RejectReason.NotLeader);
        else if (following.Reads.Count >= _options.FollowerReadsMax)
            outbox.Reject(request, RejectReason.Overloaded);
        else
            following.Reads.Add(request);
    }

    // An answer counts by its ticket alone: whoever gave it led after this very batch was asked
    // for, and no other life of this member has a batch of that name. So does a refusal: it says
    // nothing of the batches after it, and all that waits was asked of the present leader.
    [Rule(MultiPaxosRules.FollowerReads)]
    [Rule(MultiPaxosRules.NackNamesBallot)]
    public void Receive(in Turn turn, Member from, in ReadIndexReply message, Outbox outbox)
    {
        if (message.Ballot > _state.Promised)
        {
            Outbid(turn, message.Ballot, outbox);
            return;
        }

        bool isMine = message.Ticket.Life == _life;
        if (isMine && message.Ticket.Batch > _lastBatch)
        {
            outbox.Violated(MultiPaxosRules.FollowerReads, from);
            return;
        }

        if (!isMine || _role is not MultiPaxosRole.Following following)
            return;

        if (message.Reason is RejectReason reason)
        {
            while (following.Reads.TryRefuse(message.Ticket.Batch, out RequestId request))
                outbox.Reject(request, reason);
        }
        else
        {
            following.Reads.Answered(message.Ticket.Batch, message.Slot);
            ReleaseReads(outbox);
        }
    }

    // All that waits is one question, in a window of a few.
    [Rule(MultiPaxosRules.FollowerReads)]
    [Rule(MultiPaxosRules.QuestionsRestOnNothing)]
    private void AskForIndex(in Turn turn, MultiPaxosRole.Following following, Outbox outbox)
    {
        if (following.Leader is not Member leader
            || !following.Reads.TryBegin(_lastBatch + 1, turn.Now + _options.ElectionTimeout))
        {
            return;
        }

        _lastBatch++;
        outbox.SendAtOnce(
            MemberSet.Of(leader),
            new ReadIndex(_state.Promised, new ReadTicket(_life, _lastBatch)),
            MultiPaxosRules.QuestionsRestOnNothing);
    }

    // All that is known to be chosen has been delivered, so what is released here stands behind it.
    [Rule(MultiPaxosRules.FollowerReads)]
    private void ReleaseReads(Outbox outbox)
    {
        if (_role is not MultiPaxosRole.Following following)
            return;

        while (following.Reads.TryRelease(_state.Chosen, out RequestId request))
            outbox.ReadReady(request);
    }

    // A lost question, a lost answer, a leader that cannot lead, a member that lags too far.
    [Rule(MultiPaxosRules.ReadsAreBounded)]
    private static void ExpireReads(in Turn turn, MultiPaxosRole.Following following, Outbox outbox)
    {
        while (following.Reads.TryExpire(turn.Now, out RequestId request))
            outbox.Reject(request, RejectReason.NotLeader);
    }

    // What is sent from now on asks for promises from now on.
    [Rule(MultiPaxosRules.LeaseRead)]
    private static void RenewLease(in Turn turn, MultiPaxosRole.Leading leading)
    {
        if (leading.Lease.IsWorthRenewing(turn.Now))
            leading.Lease.Begin(++leading.Round, turn.Now);
    }

    // Under a lease nobody else can have chosen anything by now; and now was read after the
    // reads had arrived, so they may be answered however late.
    [Rule(MultiPaxosRules.LeaseRead)]
    private void AnswerReads(in Turn turn, MultiPaxosRole.Leading leading, Outbox outbox)
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
            if (read.Asker is Member asker && leading.Peers[asker.Index].Told < _state.Chosen)
                SendHeartbeat(leading, asker, outbox);
            Answer(read, _state.Chosen, outbox);
        }
    }

    // A majority answers, or it would not lead; but those who answer do not take what it proposes
    // again, since their disks are full or far too slow. Nobody knows how long.
    [Rule(MultiPaxosRules.ReadsAreBounded)]
    private void RefuseReads(in Turn turn, MultiPaxosRole.Leading leading, Outbox outbox)
    {
        if (!IsStuck(turn, leading))
            return;

        while (leading.NewReads.TryDequeue(out WaitingRead read))
            Refuse(read, RejectReason.NoQuorum, outbox);
    }

    private bool IsStuck(in Turn turn, MultiPaxosRole.Leading leading) =>
        _state.Chosen < leading.Fresh && turn.Now >= leading.FirstChoiceDue;

    // All reads of a turn share one round. It is begun after they arrived, and only once all that
    // phase 1 told of is chosen: before, this leader may lag behind what a leader before it has
    // acknowledged. All that is chosen has been delivered, so the reads stand behind it.
    [Rule(MultiPaxosRules.ReadIndex)]
    [Rule(MultiPaxosRules.FreshLeader)]
    private void BeginRound(in Turn turn, MultiPaxosRole.Leading leading, Outbox outbox)
    {
        if (leading.NewReads.Count == 0 || _state.Chosen < leading.Fresh)
            return;

        leading.Round++;
        leading.Lease.Begin(leading.Round, turn.Now);
        while (leading.NewReads.TryDequeue(out WaitingRead read))
            leading.Reads.Enqueue((read, leading.Round, _state.Chosen));
        SendHeartbeats(turn, leading, outbox);
        ConfirmReads(leading, outbox);
    }

    [Rule(MultiPaxosRules.ReadIndex)]
    private void ConfirmReads(MultiPaxosRole.Leading leading, Outbox outbox)
    {
        Span<long> rounds = stackalloc long[_epoch.Members.Count];
        for (int member = 0; member < rounds.Length; member++)
            rounds[member] = leading.Peers[member].Round;
        rounds[_self.Index] = leading.Round;

        leading.Confirmed = _epoch.Quorums.AtMajority(rounds);
        while (leading.Reads.TryPeek(out (WaitingRead Read, long Round, LogIndex Slot) oldest)
            && oldest.Round <= leading.Confirmed)
        {
            leading.Reads.Dequeue();
            Answer(oldest.Read, oldest.Slot, outbox);
        }

        ConfirmCancels(leading, outbox);
    }

    // The ballot was durable before it could lead, and the slot is on the disks of a majority.
    [Rule(MultiPaxosRules.QuestionsRestOnNothing)]
    private void Answer(in WaitingRead read, LogIndex slot, Outbox outbox)
    {
        if (read.Asker is not Member asker)
        {
            outbox.ReadReady(read.Request);
            return;
        }

        outbox.SendAtOnce(
            MemberSet.Of(asker),
            new ReadIndexReply(_state.Promised, read.Ticket, slot, null),
            MultiPaxosRules.QuestionsRestOnNothing);
    }

    private void Refuse(
        (Member Asker, ReadTicket Ticket) asked, RejectReason reason, Outbox outbox) =>
        outbox.Send(
            MemberSet.Of(asked.Asker),
            new ReadIndexReply(_state.Promised, asked.Ticket, default, reason));

    // Reads have done nothing.
    private void Refuse(in WaitingRead read, RejectReason reason, Outbox outbox)
    {
        if (read.Asker is Member asker)
            Refuse((asker, read.Ticket), reason, outbox);
        else
            outbox.Reject(read.Request, reason);
    }

    private static void GiveUp(MultiPaxosRole.Following former, Outbox outbox)
    {
        while (former.Reads.TryTake(out RequestId request))
            outbox.Reject(request, RejectReason.NotLeader);
    }
}
