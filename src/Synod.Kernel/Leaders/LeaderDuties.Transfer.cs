namespace Synod.Kernel;

/// <summary>Leadership transfer (thesis §3.10).</summary>
/// <remarks>Whoever was asked to campaign may do so much later: a message is never too late. So
/// transfers of a reign are numbered, the number of those that are over goes with every heartbeat,
/// and neither the target nor a voter goes by one of them any more.</remarks>
public sealed partial class LeaderDuties<TReign>
{
    private (TReign Reign, long Count) _transfersOver;
    private LeaderTransfer? _handedOver;

    private long TransfersOver =>
        IsPresent(_transfersOver.Reign) ? _transfersOver.Count : 0;

    private Instant HandedOverDue =>
        _handedOver is null ? Instant.Never : _handedOver.Due + _options.ElectionTimeout;

    /// <summary>Leadership is to go to another member, or is not to go after all; see
    /// <see cref="IKernel.Transfer"/>.</summary>
    public void Transfer(
        in Turn turn, RequestId request, TransferOrder order, Outbox outbox)
    {
        if (Role is Leading leading)
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

    /// <summary>The leader has asked this member to campaign.</summary>
    // One that comes late, of an older reign or of a transfer that is over, is ignored; and so is
    // any while this member lacks what the leader had: nobody would be served meanwhile.
    [Rule(LeaderRules.LeadershipTransfer)]
    [Rule(LeaderRules.TransferIsOver)]
    public void Receive(in Turn turn, Member from, in TimeoutNow<TReign> message, Outbox outbox)
    {
        bool isAsked = IsPresent(message.Reign)
            && Role is Following
            && MayCampaign
            && Leader == from
            && message.Transfer > TransfersOver
            && _kernel.HoldsUpTo(message.Last);
        if (isAsked)
            _kernel.Campaign(turn, message.Transfer, outbox);
    }

    private void Transfer(
        in Turn turn,
        (Leading Role, RequestId Request) asked,
        TransferOrder order,
        Outbox outbox)
    {
        (Leading leading, RequestId request) = asked;
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
        in Turn turn, Leading leading, (RequestId Request, Member Target) asked)
    {
        long number = leading.TransfersOver + 1;
        Instant due = turn.Now + _options.ElectionTimeout;
        leading.Transfer = new LeaderTransfer(asked.Target, asked.Request, number, due);
    }

    // Whoever was asked to campaign may do it at any time; when a majority has heard that the
    // transfer is over, no member of it elects the target because the leader asked. That the
    // leader leads on is not certain even then: a target that had begun before is in a newer reign,
    // by which the leader steps down when it hears of it, and may win like any other.
    [Rule(LeaderRules.TransferIsOver)]
    private void Cancel(
        in Turn turn, Leading leading, RequestId request, Outbox outbox)
    {
        EndTransfer(turn, leading, TransferOutcome.Cancelled, outbox);
        leading.Cancels.Enqueue((request, leading.OverRound));
        ConfirmCancels(leading, outbox);
    }

    private static void ConfirmCancels(Leading leading, Outbox outbox)
    {
        while (leading.Cancels.TryPeek(out (RequestId Request, long Round) cancel)
            && cancel.Round <= leading.Confirmed)
        {
            outbox.EndTransfer(cancel.Request, TransferOutcome.Cancelled);
            leading.Cancels.Dequeue();
        }
    }

    [Rule(LeaderRules.TransferEnds)]
    [Rule(LeaderRules.TransferIsOver)]
    private void EndTransfer(
        in Turn turn, Leading leading, TransferOutcome outcome, Outbox outbox)
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

    /// <summary>Somebody is gone, or damaged by now: it will not campaign, and commands need not
    /// wait for it.</summary>
    [Rule(LeaderRules.TransferEnds)]
    public void EndTransferTo(
        in Turn turn, Leading leading, Member peer, Outbox outbox)
    {
        if (leading.Transfer?.Target == peer)
            EndTransfer(turn, leading, TransferOutcome.Unresponsive, outbox);
    }

    // Nothing of what was proposed before is left open when the target takes over.
    [Rule(LeaderRules.LeadershipTransfer)]
    private void AdvanceTransfer(Leading leading, Outbox outbox)
    {
        bool isReady = leading.Transfer is { IsAsked: false } transfer
            && leading.Peers[transfer.Target.Index].Counted == _kernel.Last
            && _kernel.Committed == _kernel.Last;
        if (isReady && leading.Transfer is LeaderTransfer ready)
            AskToCampaign(leading, ready, outbox);
    }

    // It rests on nothing but the reign, which is durable since the leader was elected in it; and a
    // leader whose disk stands still must be able to say it.
    [Rule(LeaderRules.LeadershipTransfer)]
    [Rule(LeaderRules.TransferVoidsLease)]
    private void AskToCampaign(Leading leading, LeaderTransfer transfer, Outbox outbox)
    {
        leading.Lease.Void();
        transfer.IsAsked = true;
        outbox.SendAtOnce(
            MemberSet.Of(transfer.Target),
            new TimeoutNow<TReign>(_kernel.Reign, _kernel.Last, transfer.Number),
            LeaderRules.LeadershipTransfer);
    }

    // An entry that others have committed and the own disk has not flushed in all that time: this
    // disk holds back what is answered here. Where it does not help, it is tried again later: while
    // leadership is handed over nobody is served.
    [Rule(LeaderRules.SlowDiskHandsOver)]
    private void WatchDisk(in Turn turn, Leading leading)
    {
        if (leading.Unflushed.Index <= _kernel.Durable)
        {
            leading.Unflushed = (_kernel.Last, turn.Now);
            return;
        }

        bool isLate = turn.Now - leading.Unflushed.At > _options.ElectionTimeout
            && leading.Unflushed.Index <= _kernel.Committed;
        if (!isLate || turn.Now < leading.HandsOverAgain || leading.Transfer is not null)
            return;

        leading.HandsOverAgain = turn.Now + (_options.ElectionTimeout * 4);
        if (Best(turn, leading) is Member best)
            BeginTransfer(turn, leading, (default, best));
    }

    // The one that has most of the log and was heard lately.
    private Member? Best(in Turn turn, Leading leading)
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
    private bool CanLead(Leading leading, Member peer) =>
        IsConnected(peer) && leading.Peers[peer.Index].Health == KernelHealth.Whole;

    /// <summary>Whether the leader itself has asked for this election, unless it is known to have
    /// thought better of it: then to hear the leader is no reason not to vote.</summary>
    /// <param name="candidate">Who campaigns.</param>
    /// <param name="transfer">Which transfer it says that it was asked for; zero if none.</param>
    /// <param name="isNext">Whether it campaigns for the reign after the present one; a later one
    /// is of the transfer of a leader that this member has not heard of.</param>
    [Rule(LeaderRules.LeadershipTransfer)]
    [Rule(LeaderRules.TransferIsOver)]
    public bool IsAskedByLeader(Member candidate, long transfer, bool isNext)
    {
        if (transfer == 0 || !isNext)
            return transfer > 0;

        return Role is Leading leading
            ? leading.Transfer is { IsAsked: true } open
                && open.Target == candidate
                && open.Number == transfer
            : transfer > TransfersOver;
    }

    /// <summary>The leader has said how many transfers of its reign are over.</summary>
    public void HearTransfers(long over)
    {
        if (over > TransfersOver)
            _transfersOver = (_kernel.Reign, over);
    }

    // Whoever leads after this member tells how the transfer has ended.
    private void FollowTransfer(MemberRole before, Outbox outbox)
    {
        if (before is Leading former)
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
