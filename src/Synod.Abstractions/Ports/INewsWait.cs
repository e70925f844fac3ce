namespace Synod.Abstractions;

/// <summary>Where the thread that owns the groups of a node waits until there is something to do.
/// </summary>
public interface INewsWait
{
    /// <summary>Waits for a <see cref="Wake"/> since the last call has ended. May come back
    /// earlier. Called by one thread.</summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.
    /// </param>
    void Wait(TimeSpan timeout);

    /// <summary>There is something to do. Safe for use from any thread, that which waits
    /// included.</summary>
    void Wake();
}
