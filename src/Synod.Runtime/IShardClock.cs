namespace Synod.Runtime;

/// <summary>Is told where a turn of a shard begins and ends, to measure it: the shard itself has no
/// clock. Called by the thread of the shard; must not block or throw.</summary>
public interface IShardClock
{
    /// <summary>A turn has begun.</summary>
    void TurnBegan();

    /// <summary>The machines begin to apply.</summary>
    void ApplyBegan();

    /// <summary>The machines have applied what fits into the turn.</summary>
    void ApplyEnded();

    /// <summary>The turn has ended.</summary>
    void TurnEnded();
}
