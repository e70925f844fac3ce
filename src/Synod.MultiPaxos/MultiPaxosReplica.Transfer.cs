using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Leadership transfer (thesis §3.10).</summary>
/// <remarks>Whoever was asked to campaign may do so much later: a message is never too late. So
/// transfers of a ballot are numbered, the number of those that are over goes with every heartbeat,
/// and neither the target nor an acceptor goes by one of them any more.</remarks>
internal sealed partial class MultiPaxosReplica
{
    private (Ballot Ballot, long Count) _transfersOver;
    private LeaderTransfer? _handedOver;

    private long TransfersOver =>
        _transfersOver.Ballot == _state.Promised ? _transfersOver.Count : 0;

    private Instant HandedOverDue =>
        _handedOver is null ? Instant.Never : _handedOver.Due + _options.ElectionTimeout;

    public void Transfer(
        in Turn turn, RequestId request, TransferOrder order, Outbox outbox)
    {
        if (_role is MultiPaxosRole.Leading leading)
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

    // One that comes late, of an older ballot or of a transfer that is over, is ignored; and so is
    // any while this member must learn what the leader knew: nobody would be served meanwhile.
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    [Rule(MultiPaxosRules.TransferIsOver)]
    public void Receive(in Turn turn, Member from, in TimeoutNow message, Outbox outbox)
    {
        bool isAsked = message.Ballot == _state.Promised
            && _role is MultiPaxosRole.Following
            && MayCampaign
            && Leader == from
            && HoldsUpTo(message.Last)
            && message.Transfer > TransfersOver;
        if (isAsked)
            Campaign(turn, outbox, message.Transfer);
    }

    private bool HoldsUpTo(LogIndex last)
    {
        LogIndex slot = _state.Chosen;
        while (slot < last && _state.Slots[slot.Next()].Ballot == _state.Promised)
            slot = slot.Next();
        return last <= slot;
    }

    private void Transfer(
        in Turn turn,
        (MultiPaxosRole.Leading Role, RequestId Request) asked,
        TransferOrder order,
        Outbox outbox)
    {
        (MultiPaxosRole.Leading leading, RequestId request) = asked;
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
        in Turn turn, MultiPaxosRole.Leading leading, (RequestId Request, Member Target) asked)
    {
        long number = leading.TransfersOver + 1;
        Instant due = turn.Now + _options.ElectionTimeout;
        leading.Transfer = new LeaderTransfer(asked.Target, asked.Request, number, due);
    }

    // Whoever was asked to campaign may do it at any time; when a majority has heard that the
    // transfer is over, no member of it promises the target because the leader asked. That the
    // leader leads on is not certain even then: a target that had begun before has a higher ballot,
    // by which the leader steps down when it hears of it, and may win like any other.
    [Rule(MultiPaxosRules.TransferIsOver)]
    private void Cancel(
        in Turn turn, MultiPaxosRole.Leading leading, RequestId request, Outbox outbox)
    {
        EndTransfer(turn, leading, TransferOutcome.Cancelled, outbox);
        leading.Cancels.Enqueue((request, leading.OverRound));
        ConfirmCancels(leading, outbox);
    }

    private static void ConfirmCancels(MultiPaxosRole.Leading leading, Outbox outbox)
    {
        while (leading.Cancels.TryPeek(out (RequestId Request, long Round) cancel)
            && cancel.Round <= leading.Confirmed)
        {
            outbox.EndTransfer(cancel.Request, TransferOutcome.Cancelled);
            leading.Cancels.Dequeue();
        }
    }

    [Rule(MultiPaxosRules.TransferEnds)]
    [Rule(MultiPaxosRules.TransferIsOver)]
    private void EndTransfer(
        in Turn turn, MultiPaxosRole.Leading leading, TransferOutcome outcome, Outbox outbox)
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
    [Rule(MultiPaxosRules.TransferEnds)]
    private void EndTransferTo(
        in Turn turn, MultiPaxosRole.Leading leading, Member peer, Outbox outbox)
    {
        if (leading.Transfer?.Target == peer)
            EndTransfer(turn, leading, TransferOutcome.Unresponsive, outbox);
    }

    // Nothing of what was proposed before is left open when the target takes over.
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    private void AdvanceTransfer(MultiPaxosRole.Leading leading, Outbox outbox)
    {
        bool isReady = leading.Transfer is { IsAsked: false } transfer
            && leading.Peers[transfer.Target.Index].Counted == _state.Slots.Last
            && _state.Chosen == _state.Slots.Last;
        if (isReady && leading.Transfer is LeaderTransfer ready)
            AskToCampaign(leading, ready, outbox);
    }

    // It rests on nothing but the ballot, which is durable since the leader was elected in it; and
    // a leader whose disk stands still must be able to say it.
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    [Rule(MultiPaxosRules.TransferVoidsLease)]
    private void AskToCampaign(
        MultiPaxosRole.Leading leading, LeaderTransfer transfer, Outbox outbox)
    {
        leading.VoidLease();
        transfer.IsAsked = true;
        outbox.SendAtOnce(
            MemberSet.Of(transfer.Target),
            new TimeoutNow(_state.Promised, _state.Slots.Last, transfer.Number),
            MultiPaxosRules.LeadershipTransfer);
    }

    // A slot that others have accepted and the own disk has not flushed in all that time: this
    // disk holds back what is answered here. Where it does not help, it is tried again later: while
    // leadership is handed over nobody is served.
    [Rule(MultiPaxosRules.SlowDiskHandsOver)]
    private void WatchDisk(in Turn turn, MultiPaxosRole.Leading leading)
    {
        if (leading.Unflushed.Slot <= _state.Durable)
        {
            leading.Unflushed = (_state.Slots.Last, turn.Now);
            return;
        }

        bool isLate = turn.Now - leading.Unflushed.At > _options.ElectionTimeout
            && leading.Unflushed.Slot <= _state.Chosen;
        if (!isLate || turn.Now < leading.HandsOverAgain || leading.Transfer is not null)
            return;

        leading.HandsOverAgain = turn.Now + (_options.ElectionTimeout * 4);
        if (Best(turn, leading) is Member best)
            BeginTransfer(turn, leading, (default, best));
    }

    // The one that has most of the slots and was heard lately.
    private Member? Best(in Turn turn, MultiPaxosRole.Leading leading)
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
    private bool CanLead(MultiPaxosRole.Leading leading, Member peer) =>
        IsConnected(peer) && leading.Peers[peer.Index].Health == KernelHealth.Whole;

    private bool IsConnected(Member peer) => !_disconnected.Contains(peer);

    // The leader itself has asked for this election, unless it is known to have thought better of
    // it: then to hear the leader is no reason not to promise.
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    [Rule(MultiPaxosRules.TransferIsOver)]
    private bool IsAskedByLeader(in Prepare request)
    {
        if (request.Transfer == 0 || request.Ballot.Round > _state.Promised.Round + 1)
            return request.Transfer > 0;

        return _role is MultiPaxosRole.Leading leading
            ? leading.Transfer is { IsAsked: true } open
                && open.Target == request.Ballot.Proposer
                && open.Number == request.Transfer
            : request.Transfer > TransfersOver;
    }

    // Whoever leads after this member tells how the transfer has ended.
    private void FollowTransfer(MultiPaxosRole before, Outbox outbox)
    {
        if (before is MultiPaxosRole.Leading former)
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
