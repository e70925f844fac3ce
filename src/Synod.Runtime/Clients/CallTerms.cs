namespace Synod.Runtime;

/// <summary>What kind of call a client makes, and on which terms.</summary>
/// <param name="Kind">What it is.</param>
public readonly record struct CallTerms(RequestKind Kind)
{
    /// <summary>How long it may take, all tries together: null for
    /// <see cref="ClientCoreOptions.Timeout"/>, <see cref="Timeout.InfiniteTimeSpan"/> for as long
    /// as it is not given up. With a limit it waits so long for a majority to be up:
    /// <see cref="ClientCoreOptions.QuorumWait"/> does not count.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Which of the nodes is asked, by position, and no other; null for whichever
    /// serves.</summary>
    public int? Node { get; init; }
}
