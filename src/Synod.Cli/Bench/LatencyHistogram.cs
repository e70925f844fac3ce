using System.Diagnostics;
using System.Numerics;

namespace Synod.Cli.Bench;

/// <summary>How long calls took, each known to better than one part in a hundred, in memory that
/// does not grow with their number. Any thread may add to it.</summary>
internal sealed class LatencyHistogram
{
    // Each power of two has this many buckets, so that they are narrower the shorter the time is.
    private const int PartBits = 7;
    private const int Parts = 1 << PartBits;

    // In nanoseconds, some 18 minutes.
    private const long ValueMax = (1L << 40) - 1;

    private readonly long[] _counts = new long[BucketOf(ValueMax) + 1];
    private long _max;

    /// <summary>How many there are.</summary>
    public long Count => _counts.Sum();

    /// <summary>The longest.</summary>
    public TimeSpan Max => FromNanoseconds(Interlocked.Read(ref _max));

    /// <summary>Adds a time, in ticks of <see cref="Stopwatch"/>.</summary>
    public void Add(long ticks)
    {
        double nanoseconds = ticks * (1e9 / Stopwatch.Frequency);
        long value = (long)Math.Clamp(nanoseconds, 0, ValueMax);
        Interlocked.Increment(ref _counts[BucketOf(value)]);
        long max = Interlocked.Read(ref _max);
        while (value > max)
        {
            long seen = Interlocked.CompareExchange(ref _max, value, max);
            if (seen == max)
                break;

            max = seen;
        }
    }

    /// <summary>The time within which this part of all ended; zero if there are none.</summary>
    /// <param name="part">From 0 to 1.</param>
    public TimeSpan At(double part)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
                return FromNanoseconds(Math.Min(EndOf(bucket), Interlocked.Read(ref _max)));
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - PartBits);
        return (shift * Parts) + (int)(value >> shift);
    }

    private static long EndOf(int bucket)
    {
        int shift = Math.Max(0, (bucket / Parts) - 1);
        return ((bucket - (shift * Parts) + 1L) << shift) - 1;
    }

    private static TimeSpan FromNanoseconds(long value) => new(value / TimeSpan.NanosecondsPerTick);
}
