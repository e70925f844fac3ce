namespace Synod.Simulation;

/// <summary>Times, and how they are distributed.</summary>
public sealed class Latencies
{
    private readonly TimeSpan[] _sorted;

    internal Latencies(IEnumerable<TimeSpan> times) => _sorted = [.. times.Order()];

    /// <summary>How many there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>The time within which this part of all has ended; zero if there are none.</summary>
    /// <param name="part">From 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part is below 0 or above 1.</exception>
    public TimeSpan At(double part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        int place = (int)Math.Ceiling(part * Count) - 1;
        return Count == 0 ? TimeSpan.Zero : _sorted[Math.Max(0, place)];
    }
}
