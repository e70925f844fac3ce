using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>The log gives up its oldest part only when no group needs it any more: a group that has
/// long been idle is asked for a checkpoint, which lies at the end.</content>
public sealed partial class Shard
{
    internal const int CapacityParts = 4;
    private const int LooksPerBound = 16;
    private const int CheckpointsPerTurn = 4;

    private LogPosition _looked;

    // A look costs a step through all groups, so there are few; in one turn only some are asked,
    // since each may write much.
    private void AskForCheckpoints(Instant now)
    {
        LogStatus log = _log.Status;
        long bound = log.CapacityBytes == 0
            ? _node.CheckpointAfterBytes
            : Math.Min(_node.CheckpointAfterBytes, log.CapacityBytes / CapacityParts);
        long end = _log.Appended.Bytes;
        if (log.Bytes <= bound || end - _looked.Bytes < bound / LooksPerBound)
            return;

        int asked = 0;
        foreach (Replica replica in _replicas.Values)
        {
            if (!replica.HoldsLog(end - bound))
                continue;
            if (asked++ == CheckpointsPerTurn)
                return;

            Step(now, replica, static (replica, now) => replica.Checkpoint(now));
        }

        _looked = _log.Appended;
    }
}
