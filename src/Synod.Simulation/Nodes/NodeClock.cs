using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The monotonic clock of a node: it starts anywhere, runs too fast or too slow, and jumps
/// forward.</summary>
internal sealed class NodeClock(Schedule schedule, long start) : TimeProvider
{
    private const long Million = 1_000_000;

    private Instant _trueOrigin = schedule.Now;
    private long _origin = start;
    private long _drift;

    /// <summary>What the node reads.</summary>
    public Instant Now
    {
        get
        {
            long elapsed = (schedule.Now - _trueOrigin).Ticks;
            return new Instant(_origin + elapsed + (elapsed * _drift / Million));
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    /// <summary>The true time at which the node will read at least this.</summary>
    public Instant TrueTimeOf(Instant time)
    {
        if (time == Instant.Never)
            return time;

        long ahead = Math.Max(0, time.Ticks - Now.Ticks);
        return schedule.Now + new TimeSpan((ahead * Million / (Million + _drift)) + 1);
    }

    /// <summary>From now on it gains so many microseconds in a second; negative loses.</summary>
    public void Drift(long microseconds)
    {
        _origin = Now.Ticks;
        _trueOrigin = schedule.Now;
        _drift = microseconds;
    }

    /// <summary>A drift within the stated bound: half the time as much as it allows.</summary>
    public static long DriftWithin(LeaseTerms terms, SeededRandom random)
    {
        long bound = terms.ClockDrift;
        long drift = random.Below((2 * bound) + 1) - bound;
        return random.Chance(1, 2) ? drift : drift < 0 ? -bound : bound;
    }

    /// <summary>It jumps forward.</summary>
    public void Jump(TimeSpan time) => _origin += time.Ticks;
}
