namespace Synod.Kernel;

/// <summary>The knobs that protocols with one leader have in common. All members of a group should
/// have the same.</summary>
public abstract record LeaderOptions
{
    /// <summary>The most command bytes in one message that may be chosen.</summary>
    protected const int BytesPerMessageLimit = 8 << 20;

    /// <summary>What a command costs besides its bytes, so that empty ones are bounded
    /// too.</summary>
    public const int CommandOverhead = 64;

    /// <summary>How often a leader is heard when it has nothing to say. Default 50 ms; at most a
    /// third of <see cref="ElectionTimeout"/>.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long silence means nothing. A follower waits this and a random time up to as
    /// much again. Default 500 ms; 10 ms to 1 hour.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest random wait before a campaign once the connection to the leader is
    /// down, and after a hopeless election. Default 20 ms.</summary>
    public TimeSpan CampaignDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether a group that has nothing to do falls silent, until someone wants something
    /// of it or a node is lost; only where nodes are watched. Default true.</summary>
    public bool Rests { get; init; } = true;

    /// <summary>The most command bytes in one message, unless a single command is larger. Default
    /// 1 MiB, from 1 to 8 MiB.</summary>
    public int BytesPerMessageMax { get; init; } = 1 << 20;

    /// <summary>The most messages with commands on their way to one follower. Default 64, from
    /// 1.</summary>
    public int InFlightMessagesMax { get; init; } = 64;

    /// <summary>The most command bytes on their way to one follower. Default 8 MiB.</summary>
    public long InFlightBytesMax { get; init; } = 8 << 20;

    /// <summary>The most command bytes that a leader has proposed and does not know to be
    /// committed, and that a follower has passed on, 64 for each command included. Default
    /// 64 MiB.</summary>
    public long UncommittedBytesMax { get; init; } = 64 << 20;

    /// <summary>Whether a follower passes commands on to its leader and answers when it has applied
    /// them itself, instead of naming the leader. A client that goes to the leader is served
    /// faster. Default false.</summary>
    public bool ForwardsProposals { get; init; }

    /// <summary>The most reads that wait at a follower; beyond, they are refused. Default 4096,
    /// from 1.</summary>
    public int FollowerReadsMax { get; init; } = 4096;

    /// <summary>The most reads that wait at a leader, each batch of a follower counted as one;
    /// beyond, followers are refused. Default 65536, from 1.</summary>
    public int LeaderReadsMax { get; init; } = 65536;

    /// <summary>Throws if a knob is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the knob, its value and its range.</exception>
    public virtual void Validate()
    {
        Require(
            ElectionTimeout >= TimeSpan.FromMilliseconds(10)
                && ElectionTimeout <= TimeSpan.FromHours(1),
            $"{nameof(ElectionTimeout)} is {ElectionTimeout}; it must be 10 ms to 1 hour.");
        Require(
            HeartbeatInterval > TimeSpan.Zero && HeartbeatInterval <= ElectionTimeout / 3,
            $"{nameof(HeartbeatInterval)} is {HeartbeatInterval}; it must be above zero and at "
            + $"most a third of {nameof(ElectionTimeout)} ({ElectionTimeout}).");
        Require(
            CampaignDelay >= TimeSpan.Zero && CampaignDelay <= ElectionTimeout,
            $"{nameof(CampaignDelay)} is {CampaignDelay}; it must be zero to "
            + $"{nameof(ElectionTimeout)} ({ElectionTimeout}).");
        Within(BytesPerMessageMax, BytesPerMessageLimit, nameof(BytesPerMessageMax));
        AtLeastOne(InFlightMessagesMax, nameof(InFlightMessagesMax));
        AtLeastOne(InFlightBytesMax, nameof(InFlightBytesMax));
        AtLeastOne(UncommittedBytesMax, nameof(UncommittedBytesMax));
        AtLeastOne(FollowerReadsMax, nameof(FollowerReadsMax));
        AtLeastOne(LeaderReadsMax, nameof(LeaderReadsMax));
    }

    /// <summary>Throws unless a knob is from 1 to a limit.</summary>
    protected static void Within(long value, long limit, string name) => Require(
        value >= 1 && value <= limit, $"{name} is {value}; it must be 1 to {limit}.");

    private static void AtLeastOne(long value, string name) =>
        Require(value >= 1, $"{name} is {value}; it must be at least 1.");

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}
