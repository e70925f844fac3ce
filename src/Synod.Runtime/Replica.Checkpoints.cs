using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>What it does not need any more it releases, also when it is asked to.</content>
internal sealed partial class Replica
{
    private LogPosition _asked;
    private LogPosition? _answering;
    private long _restsUntil;

    /// <summary>Whether it needs a record before a place in the log, and was not asked for a
    /// checkpoint since the log has come to that place, nor has one that was large just now.
    /// </summary>
    public bool HoldsLog(long before) =>
        _kernel is not null && _creation.IsServing
        && _records.First is LogPosition first
        && Math.Max(first.Bytes, _asked.Bytes) < before
        && _restsUntil <= _host.Log.Appended.Bytes;

    /// <summary>The log has grown long, and it holds the oldest part.</summary>
    public void Checkpoint(Instant now)
    {
        _asked = _host.Log.Appended;
        _answering ??= _asked;
        _kernel?.Checkpoint(new Turn(now), Outbox);
        Perform(default);
    }

    // All that was delivered before is applied, so nobody here asks for those records again.
    private void Release(RecordNumber first)
    {
        if (_records.Release(first) is not LogPosition position)
            return;

        _host.Log.Release(new LogFloor(_options.Id, first, position));
        if (_answering is LogPosition asked && asked.Bytes <= position.Bytes)
            Rest(asked);
    }

    // A checkpoint is written into the log that is to become shorter. If it is larger than what
    // the log may grow by, it would be the cause of the next one: so others write as much first,
    // as far as there is room.
    private void Rest(LogPosition asked)
    {
        long end = _host.Log.Appended.Bytes;
        long took = end - asked.Bytes;
        long room = _host.Log.Status.CapacityBytes / Shard.CapacityParts;
        _restsUntil = end + (room == 0 ? took : Math.Min(took, room));
        _answering = null;
    }
}
