namespace Synod.Kernel;

/// <summary>On what terms members promise a leader that nobody else will be elected for a while, so
/// that it may answer reads without asking them. Immutable, hence safe for use from several
/// threads; the default is off.</summary>
/// <remarks>
/// <para>Off by default, because a lease is the one promise here that rests on time. It holds only
/// while no monotonic clock of a member is wrong by more than <see cref="ClockDrift"/> over the
/// length of <see cref="Promise"/>. What breaks it: a clock that jumps or stands still while others
/// go on. A process that is stopped (SIGSTOP, swapping, a long collection) keeps its promise, since
/// its clock goes on; a virtual machine that is paused, saved, moved or restored, and a machine
/// that sleeps, may not, since its monotonic clock may stand still meanwhile. Where that can
/// happen, leave it off, or let a stopped machine come back as a restarted process. Jumps of the
/// wall clock do no harm: it is never read.</para>
/// <para>It costs availability: after the loss of a leader nobody is elected before the promises
/// have run out, not even when its connections break, and a restarted member waits one promise
/// before it votes.</para>
/// </remarks>
public sealed record LeaseTerms
{
    private const long Million = 1_000_000;
    private const int ClockDriftMax = 500_000;
    private static readonly TimeSpan PromiseMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PromiseMax = TimeSpan.FromHours(1);

    /// <summary>No promises, no leases.</summary>
    public static LeaseTerms Off { get; } = new();

    /// <summary>How long a member that has heard the leader grants nobody a vote or a pre-vote and
    /// does not campaign, by its own clock. Zero, the default, is off; else 10 ms to 1 hour. A
    /// leader renews it with every heartbeat, so it should be several heartbeats; beyond the
    /// election timeout it only delays elections.</summary>
    public TimeSpan Promise { get; init; }

    /// <summary>The stated bound: the most by which the monotonic clock of any member is too fast
    /// or too slow, in millionths (parts per million). Default 10 000, that is 1 %, far above what
    /// working clocks do (quartz 100, slewing 500); 0 to 500 000.</summary>
    public int ClockDrift { get; init; } = 10_000;

    /// <summary>By how much a lease ends earlier than promises and drift demand: for the grain of
    /// clocks. Default 5 ms; zero to 1 hour. As long as the promise or longer, no lease ever
    /// holds.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Whether members promise anything.</summary>
    public bool AreOn => Promise > TimeSpan.Zero;

    /// <summary>How long a leader may go by a promise, on its own clock, from the moment at which
    /// it sent what the promise answers; zero or less is never.</summary>
    /// <remarks>A promise that is measured by the fastest clock lasts Promise / (1 + drift), and
    /// the slowest clock shows of that a part of (1 − drift).</remarks>
    public TimeSpan Length => new(
        (Promise.Ticks * (Million - ClockDrift) / (Million + ClockDrift)) - Margin.Ticks);

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        if (Promise != TimeSpan.Zero && (Promise < PromiseMin || Promise > PromiseMax))
        {
            throw new ArgumentException(
                $"{nameof(Promise)} is {Promise}; it must be zero or 10 ms to 1 hour.");
        }

        if (ClockDrift is < 0 or > ClockDriftMax)
        {
            throw new ArgumentException(
                $"{nameof(ClockDrift)} is {ClockDrift}; it must be 0 to 500000 millionths.");
        }

        if (Margin < TimeSpan.Zero || Margin > PromiseMax)
        {
            throw new ArgumentException(
                $"{nameof(Margin)} is {Margin}; it must be zero to 1 hour.");
        }
    }

    internal void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteInt64(Promise.Ticks);
        buffer.WriteInt32(ClockDrift);
        buffer.WriteInt64(Margin.Ticks);
    }

    internal static LeaseTerms ReadFrom(ref FrameReader reader)
    {
        LeaseTerms terms = new()
        {
            Promise = new TimeSpan(reader.ReadInt64()),
            ClockDrift = reader.ReadInt32(),
            Margin = new TimeSpan(reader.ReadInt64()),
        };
        bool isInRange = terms.Promise >= TimeSpan.Zero
            && terms.Promise <= PromiseMax
            && terms.ClockDrift is >= 0 and <= ClockDriftMax
            && terms.Margin >= TimeSpan.Zero
            && terms.Margin <= PromiseMax;
        reader.Require(isInRange);
        return isInRange ? terms : Off;
    }
}
