using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>What somebody who watches a key is told.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
public abstract record WatchEvent<T>
{
    private WatchEvent()
    {
    }

    /// <summary>The state of the key, as a query of it is answered.</summary>
    /// <param name="Answer">The answer.</param>
    /// <param name="Version">How often the state of the key had changed; from event to event it
    /// grows, by one where there is no gap. Begins anew, with a gap, when the group was created
    /// anew.</param>
    /// <param name="IsGap">Whether states between the event before and this one are not
    /// told.</param>
    /// <param name="From">The node that told it.</param>
    public sealed record State(T Answer, long Version, bool IsGap, NodeId From) : WatchEvent<T>;

    /// <summary>The watch has ended and nothing more comes.</summary>
    /// <param name="Why">The outcome of the query that was to be answered.</param>
    public sealed record Ended(Outcome<T> Why) : WatchEvent<T>;
}
