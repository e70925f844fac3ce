using Synod.Kernel;

namespace Synod.Runtime;

/// <content>The machine and its state can die alone: the kernel votes and replicates on, and the
/// machine is made anew from the commands of the log, some in each turn, before it goes on with
/// what was delivered meanwhile.</content>
internal sealed partial class Replica
{
    // Null before the first.
    private AppliedCommands? _applied;
    private AppliedCommands.Place _rebuilt;
    private long _toReapply;

    private bool IsRebuilding => _toReapply > 0;

    /// <summary>The machine loses all its state and is made anew. Whoever waits for an answer gets
    /// it when the machine has come so far; whoever watches goes elsewhere.</summary>
    /// <returns>False if that cannot be: there is no machine yet, it is stopped, or commands that
    /// it is made from were released.</returns>
    public bool TryRestartMachine()
    {
        bool isPossible = _epoch is not null
            && _machineFailure is null
            && (_applied is null || _applied.Oldest > _records.Released);
        if (!isPossible || _epoch is not EpochDescriptor epoch)
            return false;

        Counters.MachineRestarts++;
        EndWatches(WatchEnd.MachineRestarting, "");

        // Where commands have no order there is nothing to make anew: states are learned whole.
        if (!IsOrdered)
            return true;

        _store = NewStore(epoch.Parameters.MachineVersion);
        _rebuilt = AppliedCommands.Start;
        _toReapply = _applied?.Count ?? 0;
        return true;
    }

    // A whole machine begins with each store: its state is of this life.
    private KeyedStore NewStore(int version) =>
        new(WholeRunner.KeyedOf(_options.Machine), version, _buffers.Output);

    // What comes next for the machine: first what it had applied before.
    private bool TryPeek(out StreamItem next)
    {
        if (!IsRebuilding)
            return _stream.TryPeek(out next);

        Payload command = default;
        bool isThere = _applied?.TryNext(_rebuilt, out command, out _) == true;
        Invariant.Holds(isThere, "Synod design §9: a machine is made anew from all it had applied");
        next = new StreamItem(EffectKind.Deliver, default, command, default);
        return true;
    }

    private IEnumerable<StreamItem> Coming()
    {
        if (IsRebuilding && _applied is not null)
        {
            AppliedCommands.Place place = _rebuilt;
            while (_applied.TryNext(place, out Payload command, out place))
                yield return new StreamItem(EffectKind.Deliver, default, command, default);
        }

        foreach (StreamItem item in _stream)
            yield return item;
    }

    // Everybody was told of it when it was applied first.
    private void Reapply(ReadOnlySpan<byte> command)
    {
        _applied?.TryNext(_rebuilt, out _, out _rebuilt);
        _toReapply--;
        FrameReader reader = new(command);
        Envelope envelope = Envelope.ReadFrom(ref reader);
        try
        {
            _store.Apply(envelope);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            StopMachine($"command {envelope.Identity}", failure);
        }
    }
}
