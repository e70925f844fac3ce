using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Leadership transfer (thesis §3.10).</summary>
/// <remarks>Whoever was asked to campaign may do so much later: a message is never too late. So
/// transfers of a term are numbered, the number of those that are over goes with every heartbeat,
/// and neither the target nor a voter goes by one of them any more.</remarks>
internal sealed partial class RaftReplica
{
    private (Term Term, long Count) _transfersOver;
    private LeaderTransfer? _handedOver;

    private long TransfersOver =>
        _transfersOver.Term == _state.CurrentTerm ? _transfersOver.Count : 0;

    private Instant HandedOverDue =>
        _handedOver is null ? Instant.Never : _handedOver.Due + _options.ElectionTimeout;

    public void Transfer(
        in Turn turn, RequestId request, TransferOrder order, Outbox outbox)
    {
        if (_role is RaftRole.Leading leading)
        {
            EndRest(turn, leading, speakAt: turn.Now);
            Transfer(turn, (leading, request), order, outbox);
        }
        else
        {
            Doubt(turn, outbox);
            outbox.EndTransfer(request, TransferOutcome.NotLeader);
        }

        Arm(outbox);
    }

    // One that comes late, of an older term or of a transfer that is over, is ignored. That it
    // comes in the term from the leader that this life knows says that the log was enough.
    [Rule(RaftRules.LeadershipTransfer)]
    [Rule(RaftRules.TransferIsOver)]
    public void Receive(in Turn turn, Member from, in TimeoutNow message, Outbox outbox)
    {
        bool isAsked = message.Term == _state.CurrentTerm
            && _role is RaftRole.Following
            && MayCampaign
            && Leader == from
            && message.Transfer > TransfersOver;
        if (isAsked)
            Campaign(turn, isPreVote: false, outbox, message.Transfer);
    }

    private void Transfer(
        in Turn turn,
        (RaftRole.Leading Role, RequestId Request) asked,
        TransferOrder order,
        Outbox outbox)
    {
        (RaftRole.Leading leading, RequestId request) = asked;
        if (order.IsCancel)
        {
            Cancel(turn, leading, request, outbox);
            return;
        }

        EndTransfer(turn, leading, TransferOutcome.Overridden, outbox);
        while (leading.Cancels.TryDequeue(out (RequestId Request, long Round) cancel))
            outbox.EndTransfer(cancel.Request, TransferOutcome.Overridden);
        if (order.Target == _self)
            outbox.EndTransfer(request, TransferOutcome.Done);
        else if ((order.Target ?? Best(turn, leading)) is Member target && CanLead(leading, target))
            BeginTransfer(turn, leading, (request, target));
        else
            outbox.EndTransfer(request, TransferOutcome.Unresponsive);
    }

    private void BeginTransfer(
        in Turn turn, RaftRole.Leading leading, (RequestId Request, Member Target) asked)
    {
        long number = leading.TransfersOver + 1;
        Instant due = turn.Now + _options.ElectionTimeout;
        leading.Transfer = new LeaderTransfer(asked.Target, asked.Request, number, due);
    }

    // Whoever was asked to campaign may do it at any time; when a majority has heard that the
    // transfer is over, no member of it votes for the target because the leader asked. That the
    // leader leads on is not certain even then: a target that had begun before is in a newer term,
    // by which the leader steps down when it hears of it, and may win like any other.
    [Rule(RaftRules.TransferIsOver)]
    private void Cancel(
        in Turn turn, RaftRole.Leading leading, RequestId request, Outbox outbox)
    {
        EndTransfer(turn, leading, TransferOutcome.Cancelled, outbox);
        leading.Cancels.Enqueue((request, leading.OverRound));
        ConfirmCancels(leading, outbox);
    }

    private static void ConfirmCancels(RaftRole.Leading leading, Outbox outbox)
    {
        while (leading.Cancels.TryPeek(out (RequestId Request, long Round) cancel)
            && cancel.Round <= leading.Confirmed)
        {
            outbox.EndTransfer(cancel.Request, TransferOutcome.Cancelled);
            leading.Cancels.Dequeue();
        }
    }

    [Rule(RaftRules.TransferEnds)]
    [Rule(RaftRules.TransferIsOver)]
    private void EndTransfer(
        in Turn turn, RaftRole.Leading leading, TransferOutcome outcome, Outbox outbox)
    {
        if (leading.Transfer is not LeaderTransfer over)
            return;

        leading.Transfer = null;
        outbox.EndTransfer(over.Request, outcome);
        if (!over.IsAsked)
            return;

        leading.TransfersOver = over.Number;
        leading.OverRound = ++leading.Round;
        SendHeartbeats(turn, leading, outbox);
    }

    // It is gone, or damaged by now: it will not campaign, and commands need not wait for it.
    [Rule(RaftRules.TransferEnds)]
    private void EndTransferTo(
        in Turn turn, RaftRole.Leading leading, Member peer, Outbox outbox)
    {
        if (leading.Transfer?.Target == peer)
            EndTransfer(turn, leading, TransferOutcome.Unresponsive, outbox);
    }

    // Nothing of what was proposed before is left open when the target takes over.
    [Rule(RaftRules.LeadershipTransfer)]
    private void AdvanceTransfer(RaftRole.Leading leading, Outbox outbox)
    {
        bool isReady = leading.Transfer is { IsAsked: false } transfer
            && leading.Peers[transfer.Target.Index].Counted == _state.Log.Last
            && _state.Commit == _state.Log.Last;
        if (isReady && leading.Transfer is LeaderTransfer ready)
            AskToCampaign(leading, ready, outbox);
    }

    // It rests on nothing but the term, which is durable since the leader was elected in it; and a
    // leader whose disk stands still must be able to say it.
    [Rule(RaftRules.LeadershipTransfer)]
    [Rule(RaftRules.TransferVoidsLease)]
    private void AskToCampaign(RaftRole.Leading leading, LeaderTransfer transfer, Outbox outbox)
    {
        leading.VoidLease();
        transfer.IsAsked = true;
        outbox.SendAtOnce(
            MemberSet.Of(transfer.Target),
            new TimeoutNow(_state.CurrentTerm, _state.Log.Last, transfer.Number),
            RaftRules.LeadershipTransfer);
    }

    // An entry that others have committed and the own disk has not flushed in all that time: this
    // disk holds back what is answered here. Where it does not help, it is tried again later: while
    // leadership is handed over nobody is served.
    [Rule(RaftRules.SlowDiskHandsOver)]
    private void WatchDisk(in Turn turn, RaftRole.Leading leading)
    {
        if (leading.Unflushed.Index <= _state.Durable)
        {
            leading.Unflushed = (_state.Log.Last, turn.Now);
            return;
        }

        bool isLate = turn.Now - leading.Unflushed.At > _options.ElectionTimeout
            && leading.Unflushed.Index <= _state.Commit;
        if (!isLate || turn.Now < leading.HandsOverAgain || leading.Transfer is not null)
            return;

        leading.HandsOverAgain = turn.Now + (_options.ElectionTimeout * 4);
        if (Best(turn, leading) is Member best)
            BeginTransfer(turn, leading, (default, best));
    }

    // The one that has most of the log and was heard lately.
    private Member? Best(in Turn turn, RaftRole.Leading leading)
    {
        Member? best = null;
        foreach (Member peer in _others)
        {
            PeerProgress progress = leading.Peers[peer.Index];
            bool isThere = CanLead(leading, peer)
                && SilenceOf(leading, peer, turn.Now) < _options.ElectionTimeout;
            if (isThere && (best is not Member b || progress.Match > leading.Peers[b.Index].Match))
                best = peer;
        }

        return best;
    }

    // A damaged member does not campaign, whoever asks it.
    private bool CanLead(RaftRole.Leading leading, Member peer) =>
        IsConnected(peer) && leading.Peers[peer.Index].Health == KernelHealth.Whole;

    private bool IsConnected(Member peer) => !_disconnected.Contains(peer);

    // The leader itself has asked for this election, unless it is known to have thought better of
    // it: then to hear the leader is no reason not to vote.
    [Rule(RaftRules.LeadershipTransfer)]
    [Rule(RaftRules.TransferIsOver)]
    private bool IsAskedByLeader(Member candidate, in RequestVote request)
    {
        if (request.Transfer == 0 || request.Term > _state.CurrentTerm.Next())
            return request.Transfer > 0;

        return _role is RaftRole.Leading leading
            ? leading.Transfer is { IsAsked: true } open
                && open.Target == candidate
                && open.Number == request.Transfer
            : request.Transfer > TransfersOver;
    }

    // Whoever leads after this member tells how the transfer has ended.
    private void FollowTransfer(RaftRole before, Outbox outbox)
    {
        if (before is RaftRole.Leading former)
            _handedOver = former.Transfer;
        if (_handedOver is not LeaderTransfer transfer || Leader is not Member leader)
            return;

        _handedOver = null;
        outbox.EndTransfer(
            transfer.Request,
            leader == transfer.Target ? TransferOutcome.Done : TransferOutcome.OtherLeads);
    }

    private void ForgetHandedOver(in Turn turn, Outbox outbox)
    {
        if (_handedOver is not LeaderTransfer transfer || turn.Now < HandedOverDue)
            return;

        _handedOver = null;
        if (transfer.Request != default)
            outbox.Abandon(transfer.Request);
    }
}
