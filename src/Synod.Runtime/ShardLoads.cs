using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>Old records on their way into memory, for all replicas of a shard, bounded in bytes:
/// what is beyond waits its turn. Owned by its shard.</summary>
internal sealed class ShardLoads(ILog log, long bytesMax)
{
    private readonly Queue<LogLoad> _waiting = new();
    private readonly Stack<LogLoad> _spare = new();
    private long _bytes;

    /// <summary>Begins a load for a replica.</summary>
    public LogLoad Rent(Replica replica)
    {
        if (!_spare.TryPop(out LogLoad? load))
            load = new LogLoad();
        load.Tag = replica;
        return load;
    }

    /// <summary>Reads what is asked for, now or when there is room.</summary>
    public void Submit(LogLoad load)
    {
        _waiting.Enqueue(load);
        Begin();
    }

    /// <summary>Takes a load that is done, and says for whom; it is given back by
    /// <see cref="Return"/>.</summary>
    public bool TryTake(
        [NotNullWhen(true)] out LogLoad? load, [NotNullWhen(true)] out Replica? replica)
    {
        bool isDone = log.TryTakeLoaded(out load);
        replica = load?.Tag as Replica;
        return isDone && replica is not null;
    }

    /// <summary>Nobody needs the records of a load any more.</summary>
    public void Return(LogLoad load)
    {
        _bytes -= load.Bytes;
        load.Clear();
        _spare.Push(load);
        Begin();
    }

    // One that is larger than the bound still passes when nothing else is on its way.
    private void Begin()
    {
        while (_waiting.TryPeek(out LogLoad? next)
            && (_bytes == 0 || _bytes + next.Bytes <= bytesMax))
        {
            log.Load(next);
            _waiting.Dequeue();
            _bytes += next.Bytes;
        }
    }
}
