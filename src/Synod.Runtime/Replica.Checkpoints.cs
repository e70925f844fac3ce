using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>What it does not need any more it releases, also when it is asked to.</content>
internal sealed partial class Replica
{
    private LogPosition _asked;

    /// <summary>Whether it needs a record before a place in the log, and was not asked for a
    /// checkpoint since the log has come to that place.</summary>
    public bool HoldsLog(long before) =>
        _kernel is not null && _creation.IsServing
        && _records.First is LogPosition first
        && Math.Max(first.Bytes, _asked.Bytes) < before;

    /// <summary>The log has grown long, and it holds the oldest part.</summary>
    public void Checkpoint(Instant now)
    {
        _asked = _host.Log.Appended;
        _kernel?.Checkpoint(new Turn(now), _outbox);
        Perform(default);
    }

    // All that was delivered before is applied, so nobody here asks for those records again.
    private void Release(RecordNumber first)
    {
        if (_records.Release(first) is LogPosition position)
            _host.Log.Release(new LogFloor(_options.Id, first, position));
    }
}
