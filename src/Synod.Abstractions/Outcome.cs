using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>What became of a command or query. Outcomes are values: an exception means misuse,
/// never that a request did not succeed (safety §6).</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public abstract record Outcome<T>
{
    private Outcome()
    {
    }

    /// <summary>Whether it certainly never happened and never will.</summary>
    public bool IsCertainlyNot => this is not Applied and not Unknown;

    /// <summary>It took effect once, durably at a majority.</summary>
    public sealed record Applied(T Result) : Outcome<T>;

    /// <summary>The machine refused it; the state is as before.</summary>
    public sealed record Refused(string Reason) : Outcome<T>;

    /// <summary>No member that answered leads; the last one named this one, if any.</summary>
    public sealed record NotLeader(NodeId? Leader) : Outcome<T>;

    /// <summary>More members are down than the protocol tolerates, or take nothing since their
    /// disks are full; every node that could be reached said so.</summary>
    public sealed record NoQuorum : Outcome<T>;

    /// <summary>Too much is waiting; try again later.</summary>
    public sealed record Overloaded(TimeSpan RetryAfter) : Outcome<T>;

    /// <summary>The leader's log is at its high mark; reads go on (safety §7).</summary>
    public sealed record StorageFull : Outcome<T>;

    /// <summary>No member that answered could serve it; says why.</summary>
    public sealed record Unavailable(string Reason) : Outcome<T>;

    /// <summary>The request is larger than the group allows; or, where keys have no order among
    /// them, all that would be kept of its key is larger than a record of the log, results
    /// included that clients have not yet acknowledged with a later command.</summary>
    public sealed record TooLarge : Outcome<T>;

    /// <summary>The certificate of the client does not allow it; says which role is
    /// needed.</summary>
    public sealed record NotAllowed(string Reason) : Outcome<T>;

    /// <summary>The node cannot make out the request, as when client and node are of different
    /// releases; names the rule that it breaks.</summary>
    public sealed record Malformed(string Rule) : Outcome<T>;

    /// <summary>The time is over and the last word is not known: it may have happened, and it may
    /// still happen, once.</summary>
    public sealed record Unknown : Outcome<T>;
}
