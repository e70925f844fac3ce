using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>How often a replica has crashed in a row, and when it may begin anew: the first time at
/// once, then later and later, and at last never, since what crashes each time would only use the
/// processor that the other groups need.</summary>
internal sealed class ReplicaCrashes
{
    /// <summary>How many restarts in a row are tried.</summary>
    public const int RestartsMax = 8;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CalmAfter = TimeSpan.FromMinutes(1);

    private Instant _last;
    private int _inARow;

    /// <summary>Notes a crash.</summary>
    /// <returns>When the next life may begin; <see cref="Instant.Never"/> for never.</returns>
    public Instant Add(Instant now)
    {
        if (now - _last > CalmAfter)
            _inARow = 0;
        _last = now;
        int before = _inARow++;
        if (before >= RestartsMax)
            return Instant.Never;
        if (before == 0)
            return now;

        TimeSpan delay = FirstDelay * (1 << (before - 1));
        return now + (delay < DelayMax ? delay : DelayMax);
    }
}
