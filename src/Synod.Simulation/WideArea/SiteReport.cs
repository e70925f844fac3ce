namespace Synod.Simulation;

/// <summary>What the clients of a site have measured.</summary>
public sealed record SiteReport
{
    /// <summary>The name of the site.</summary>
    public required string Site { get; init; }

    /// <summary>Of commands, from the call to the word that it is committed: durable at a quorum,
    /// and certain to be executed.</summary>
    public required Latencies Committed { get; init; }

    /// <summary>From the call to the answer, which comes after the command is executed.</summary>
    public required Latencies Executed { get; init; }

    /// <summary>How many calls ended otherwise than done.</summary>
    public required long Failed { get; init; }

    /// <summary>How many calls were begun and had not ended when measuring did.</summary>
    public required int Open { get; init; }

    /// <summary>How long the oldest of those had waited; zero if there is none. More than the
    /// longest latency means that some calls are stuck.</summary>
    public required TimeSpan OldestOpen { get; init; }

    /// <summary>The longest time in which no call of the site was done.</summary>
    public required TimeSpan LongestGap { get; init; }

    /// <summary>Whether it was lost in the run.</summary>
    public required bool IsLost { get; init; }
}
