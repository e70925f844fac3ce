using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Linearizable reads that write nothing: ReadIndex, and leases.</summary>
internal sealed partial class RaftReplica
{
    public void Read(in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        if (_role is RaftRole.Leading leading)
        {
            // What was confirmed before the rest confirms no read after it: a round is begun.
            EndRest(turn, leading, speakAt: turn.Now + _options.HeartbeatInterval);
            leading.NewReads.Enqueue(request);
        }
        else
        {
            Doubt(turn, outbox);
            outbox.Reject(request, RejectReason.NotLeader);
        }

        Arm(outbox);
    }

    /// <summary>Whether it may answer a read at this moment of its clock without asking
    /// anybody.</summary>
    [Rule(RaftRules.LeaseRead)]
    internal bool HoldsLease(Instant now) =>
        _role is RaftRole.Leading leading
        && leading.TermStart <= _state.Commit
        && leading.Lease.Holds(now);

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
            BeginRound(turn, leading, outbox);
            return;
        }

        while (leading.NewReads.TryDequeue(out RequestId request))
            outbox.ReadReady(request);
    }

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
        while (leading.NewReads.TryDequeue(out RequestId request))
            leading.Reads.Enqueue((request, leading.Round));
        SendHeartbeats(turn, leading, outbox);
        ConfirmReads(leading, outbox);
    }

    [Rule(RaftRules.ReadIndex)]
    private void ConfirmReads(RaftRole.Leading leading, Outbox outbox)
    {
        int count = _epoch.Members.Count;
        Span<long> rounds = stackalloc long[MemberSet.MembersMax];
        for (int member = 0; member < count; member++)
            rounds[member] = leading.Peers[member].Round;
        rounds[_self.Index] = leading.Round;
        rounds = rounds[..count];
        rounds.Sort();

        leading.Confirmed = rounds[count - _epoch.Quorums.Majority];
        while (leading.Reads.TryPeek(out (RequestId Request, long Round) oldest)
            && oldest.Round <= leading.Confirmed)
        {
            outbox.ReadReady(oldest.Request);
            leading.Reads.Dequeue();
        }

        ConfirmCancels(leading, outbox);
    }
}
