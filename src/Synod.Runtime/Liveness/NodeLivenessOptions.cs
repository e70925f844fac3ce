namespace Synod.Runtime;

/// <summary>How nodes hear of each other's life.</summary>
public sealed record NodeLivenessOptions
{
    /// <summary>How often a node says to each other one that it is alive. Default 100 ms; 10 ms to
    /// 1 minute.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a connected node may be silent until it counts as gone, in whole
    /// intervals; at most one more passes until that is noticed. Default 500 ms; at least three
    /// intervals, at most 1 hour. Below the election timeout of the groups it makes them nervous.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many intervals <see cref="Timeout"/> is.</summary>
    internal int BeatsMax => (int)(((Timeout + Interval).Ticks - 1) / Interval.Ticks);

    /// <summary>Throws if a time is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and its range.</exception>
    public void Validate()
    {
        Require(
            Interval >= TimeSpan.FromMilliseconds(10) && Interval <= TimeSpan.FromMinutes(1),
            $"{nameof(Interval)} is {Interval}; it must be 10 ms to 1 minute.");
        Require(
            Timeout >= 3 * Interval && Timeout <= TimeSpan.FromHours(1),
            $"{nameof(Timeout)} is {Timeout}; it must be at least three times "
            + $"{nameof(Interval)} ({Interval}), and at most 1 hour.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}
