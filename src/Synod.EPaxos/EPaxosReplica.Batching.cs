using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Which own commands go into one instance, and when (protocols §1.12).</summary>
internal sealed partial class EPaxosReplica
{
    private readonly EPaxosBatches _batches;
    private bool _hasProposed;

    // The first of a turn is proposed at once, as most are alone; those behind it at its end,
    // together. What has to wait is recorded at once: its bytes are only there for this step.
    [Rule(EPaxosRules.KeyWindow)]
    [Rule(EPaxosRules.BatchesRespectKeys)]
    private void Submit(in Turn turn, OwnRequest own, Outbox outbox)
    {
        _unexecutedBytes += own.Weight;
        bool isHeld = _windows.IsFull(own.Value.Footprint, _options.KeyWindow);
        if (!isHeld && !_hasProposed && _batches.IsEmpty)
        {
            _hasProposed = true;
            for (int place = 0; place < EPaxosWindows.Keys(own.Value.Footprint); place++)
                _windows.Begin(EPaxosWindows.KeyOf(own.Value.Footprint, place));
            Propose(turn, new OwnBatch(own, isContested: false), outbox);
            return;
        }

        if (own.Command.IsTransient && own.Value.Kind == EPaxosValueKind.Command)
            own = own with { Command = outbox.Persist(default(HeldRecord), own.Command) };
        if (isHeld)
            _windows.Hold(own);
        else
            Gather(own);
    }

    private void Gather(OwnRequest own) =>
        _batches.Add(own, IsContested(own.Value.Footprint));

    private void ProposeBatches(in Turn turn, Outbox outbox)
    {
        _hasProposed = false;
        foreach (OwnBatch batch in _batches.TakeAll())
            Propose(turn, batch, outbox);
    }

    private IEnumerable<OwnRequest> AllOwn() =>
        _requests.Values.SelectMany(static own => own.Requests)
            .Concat(_batches.All)
            .Concat(_windows.All);

    // Whether an instance of another that conflicts is not executed here.
    [Rule(EPaxosRules.BatchesRespectKeys)]
    private bool IsContested(in Footprint footprint) =>
        MissedBy(footprint, _state.Conflicts.Of(footprint), _others) is not null;
}
