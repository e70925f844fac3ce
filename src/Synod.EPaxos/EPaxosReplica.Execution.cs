using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is executable goes into the ordered stream of this member.</summary>
internal sealed partial class EPaxosReplica
{
    // Executed is only what is durable with all that it depends on.
    [Rule(EPaxosRules.CommitIsDurable)]
    [Rule(EPaxosRules.AnswerAfterExecution)]
    private void Deliver(in Turn turn, Outbox outbox)
    {
        for (int place = 0; place < _executor.Ready.Count; place++)
        {
            (EPaxosInstance instance, RecordNumber gate) = _executor.Ready[place];
            OwnRequest own = default;
            bool isOwn = instance.Id.Owner == _self && _requests.Remove(instance.Id, out own);
            if (isOwn)
                End(own);
            if (instance.Holds == EPaxosValueKind.Command)
                outbox.Deliver(instance.Command, own.Request, gate);
            else if (instance.Holds == EPaxosValueKind.Read && own.Request != default)
                outbox.ReadReady(own.Request);
            else if (isOwn && own.Request != default)
                ProposeAgain(turn, own, outbox);
            Unhold(turn, instance, outbox);
        }

        // Behind all of them: what is executed by now is in the stream by now.
        foreach ((EPaxosInstance instance, _) in _executor.Ready)
            ReleaseReads(turn, instance.Id, outbox);
        _executor.Ready.Clear();
    }

    // It was recovered as nothing, so it has not happened and never will under that name.
    [Rule(EPaxosRules.NoOpIsProposedAgain)]
    private void ProposeAgain(in Turn turn, OwnRequest own, Outbox outbox)
    {
        _unexecutedBytes += own.Weight;
        Submit(turn, own, outbox);
    }

    private void End(OwnRequest own)
    {
        _unexecutedBytes -= own.Weight;
        _windows.End(own.Value.Footprint);
    }

    [Rule(EPaxosRules.KeyWindow)]
    private void Unhold(in Turn turn, EPaxosInstance instance, Outbox outbox)
    {
        if (_windows.Held == 0 || instance.Id.Owner != _self)
            return;

        while (_windows.TryRelease(
            instance.Submitted.Footprint, _options.KeyWindow, out OwnRequest own))
        {
            Submit(turn, own, outbox);
        }
    }

    // More members are down than are tolerated: what was proposed may still happen, the rest
    // never.
    [Rule(EPaxosRules.NoQuorumAtOnce)]
    private void GiveUpAll(Outbox outbox)
    {
        foreach (OwnRequest held in _windows.Clear())
        {
            _unexecutedBytes -= held.Weight;
            outbox.Reject(held.Request, RejectReason.NoQuorum);
        }

        foreach ((InstanceId id, OwnRequest own) in _requests.OrderBy(static one => one.Key))
        {
            if (own.Request == default)
                continue;

            _requests[id] = own with { Request = default };
            if (own.Value.Kind == EPaxosValueKind.Read)
                outbox.Reject(own.Request, RejectReason.NoQuorum);
            else
                outbox.Abandon(own.Request);
        }

        GiveUpReads(outbox);
    }

    // From a member that is lost nothing comes any more.
    private TimeSpan PatienceToHear(InstanceId id) =>
        _disconnected.Contains(id.Owner) ? _options.RecoverDelay : _options.ResendAfter;

    // What somebody waits for is on its way, or nobody will send it.
    [Rule(EPaxosRules.MissingIsAskedFor)]
    private void WatchMissed(in Turn turn)
    {
        foreach (InstanceId id in _executor.Missed)
        {
            if (!_state.IsCommitted(id) && !_missing.Covers(id) && !_alarms.Has(id))
                _alarms.Set(id, turn.Now + PatienceToHear(id));
        }

        _executor.Missed.Clear();
    }
}
