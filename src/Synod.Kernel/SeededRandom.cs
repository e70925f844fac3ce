namespace Synod.Kernel;

/// <summary>A generator of pseudo-random integers from one seed (SplitMix64): the same sequence in
/// every process and release. Not for secrets. Not safe for use from several threads.</summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>.</summary>
    public long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (long)Math.BigMul(NextBits(), (ulong)bound, out _);
    }

    /// <summary>True in <paramref name="hits"/> of <paramref name="of"/> cases.</summary>
    public bool Chance(long hits, long of) => Below(of) < hits;

    /// <summary>A time from zero up to, not including, <paramref name="bound"/>.</summary>
    public TimeSpan Below(TimeSpan bound) =>
        bound <= TimeSpan.Zero ? TimeSpan.Zero : new TimeSpan(Below(bound.Ticks));
}
