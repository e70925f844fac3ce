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
            OwnBatch? own = null;
            if (instance.Id.Owner == _self && _requests.Remove(instance.Id, out own))
                End(instance, own);
            if (instance.Holds == EPaxosValueKind.Command)
                Deliver(instance, own, gate, outbox);
            else if (instance.Holds == EPaxosValueKind.Read)
                TellRead(own, outbox);
            else
                ProposeAgain(own);
            Unhold(instance);
        }

        // Behind all of them: what is executed by now is in the stream by now.
        foreach ((EPaxosInstance instance, _) in _executor.Ready)
            ReleaseReads(turn, instance.Id, outbox);
        _executor.Ready.Clear();
    }

    private static void Deliver(
        EPaxosInstance instance, OwnBatch? own, RecordNumber gate, Outbox outbox)
    {
        for (int place = 0; place < instance.Count; place++)
        {
            RequestId request = own?.Requests[place].Request ?? default;
            outbox.Deliver(instance.CommandAt(place), request, gate);
        }
    }

    private static void TellRead(OwnBatch? own, Outbox outbox)
    {
        RequestId request = own?.Requests[0].Request ?? default;
        if (request != default)
            outbox.ReadReady(request);
    }

    // It was recovered as nothing, so it has not happened and never will under that name.
    [Rule(EPaxosRules.NoOpIsProposedAgain)]
    private void ProposeAgain(OwnBatch? own)
    {
        foreach (OwnRequest one in own?.Requests ?? [])
        {
            if (one.Request == default)
                continue;

            _unexecutedBytes += one.Weight;
            Gather(one);
        }
    }

    private void End(EPaxosInstance instance, OwnBatch own)
    {
        _windows.End(instance.Submitted.Footprint);
        foreach (OwnRequest one in own.Requests)
            _unexecutedBytes -= one.Weight;
    }

    // What has waited for this instance shares the next.
    [Rule(EPaxosRules.KeyWindow)]
    private void Unhold(EPaxosInstance instance)
    {
        if (_windows.Held == 0 || instance.Id.Owner != _self)
            return;

        Footprint footprint = instance.Submitted.Footprint;
        for (int position = 0; position < EPaxosWindows.Keys(footprint); position++)
            Unhold(EPaxosWindows.KeyOf(footprint, position));
    }

    private void Unhold(ulong key)
    {
        while (_windows.TryPeek(key, out OwnRequest own))
        {
            bool isContested = IsContested(own.Value.Footprint);
            if (_windows.HasRoom(key, _options.KeyWindow))
                _batches.Add(own, isContested);
            else if (!_batches.TryJoin(own, isContested))
                return;
            _windows.Dequeue(key);
        }
    }

    // More members are down than are tolerated: what was proposed may still happen, the rest
    // never.
    [Rule(EPaxosRules.NoQuorumAtOnce)]
    private void GiveUpAll(Outbox outbox)
    {
        foreach (OwnBatch gathered in _batches.TakeAll())
        {
            _windows.End(gathered.ToValue().Footprint);
            Reject(gathered.Requests, outbox);
        }

        Reject(_windows.Clear(), outbox);
        foreach ((_, OwnBatch own) in _requests.OrderBy(static one => one.Key))
            GiveUp(own, outbox);
        GiveUpReads(outbox);
    }

    private void Reject(IReadOnlyList<OwnRequest> waiting, Outbox outbox)
    {
        foreach (OwnRequest one in waiting)
        {
            _unexecutedBytes -= one.Weight;
            outbox.Reject(one.Request, RejectReason.NoQuorum);
        }
    }

    private static void GiveUp(OwnBatch own, Outbox outbox)
    {
        foreach (OwnRequest one in own.Requests)
        {
            if (one.Request == default)
                continue;
            if (one.Value.Kind == EPaxosValueKind.Read)
                outbox.Reject(one.Request, RejectReason.NoQuorum);
            else
                outbox.Abandon(one.Request);
        }

        own.Abandon();
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
