namespace Synod.Kernel;

/// <summary>A point on one node's monotonic clock, in ticks of 100 ns from an arbitrary origin.
/// Instants of two nodes, or of two boots, must not be compared.</summary>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>Later than every instant that is reached: a timer that does not run.</summary>
    public static Instant Never => new(long.MaxValue);

    /// <summary>The earlier of two.</summary>
    public static Instant Earlier(Instant left, Instant right) => left < right ? left : right;

    /// <summary>The later of two.</summary>
    public static Instant Later(Instant left, Instant right) => left < right ? right : left;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>The instant that is <paramref name="time"/> later.</summary>
    public static Instant operator +(Instant instant, TimeSpan time) =>
        new(instant.Ticks + time.Ticks);

    /// <summary>The time from the right to the left.</summary>
    public static TimeSpan operator -(Instant left, Instant right) => new(left.Ticks - right.Ticks);

    /// <summary>Whether the left is before the right.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Whether the left is after the right.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>Whether the left is not after the right.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>Whether the left is not before the right.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <summary>In milliseconds, as in <c>1500ms</c>.</summary>
    public override string ToString() =>
        this == Never ? "never" : $"{Ticks / TimeSpan.TicksPerMillisecond}ms";
}
