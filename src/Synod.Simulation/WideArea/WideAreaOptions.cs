using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A group over sites that are far from each other, with clients at each, in virtual
/// time.</summary>
public sealed record WideAreaOptions
{
    /// <summary>The protocol. Its election timeout should be several times the longest round
    /// trip.</summary>
    public required IProtocol Protocol { get; init; }

    /// <summary>The sites: a member and its clients at each.</summary>
    public required RoundTrips RoundTrips { get; init; }

    /// <summary>What clients write and read.</summary>
    public required WideAreaMachine Machine { get; init; }

    /// <summary>Which site leads, by its place in the matrix; null for a protocol that needs no
    /// leader.</summary>
    public int? Leader { get; init; }

    /// <summary>How many clients there are at each site. Default 10, 1 to 1000.</summary>
    public int ClientsPerSite { get; init; } = 10;

    /// <summary>How many commands a second the clients of a site begin, at random times and
    /// whether or not others are answered; null: each client calls again when it is answered, or a
    /// millisecond later where that took no time. Default null; up to 100 000.</summary>
    public double? RatePerSite { get; init; }

    /// <summary>Of a hundred commands, so many are on one key that all clients have in common; the
    /// others are on keys that only one client has. Default 0, from 0 to 100.</summary>
    public double ConflictPercent { get; init; }

    /// <summary>The exponent of a Zipf distribution from which all keys are drawn instead, by all
    /// clients from the same 1 000 000; null: as <see cref="ConflictPercent"/> says. Default null;
    /// above 0, up to 10.</summary>
    public double? ZipfExponent { get; init; }

    /// <summary>Of a hundred calls, so many are linearizable reads. Default 0, from 0 to
    /// 100.</summary>
    public double ReadPercent { get; init; }

    /// <summary>The most that a message is late at random, on each way. Default 0, up to 10
    /// s.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Of a hundred messages, so many are lost and sent again, as often as it takes, which
    /// holds up those behind them. Default 0, from 0 to 50.</summary>
    public double LossPercent { get; init; }

    /// <summary>How long a disk takes to flush. Default 0, up to 10 s.</summary>
    public TimeSpan FlushTime { get; init; }

    /// <summary>How long is measured, in virtual time. Default 60 s; up to 1 hour.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long clients call before that. Default 5 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is lost on the way, without a sign; null for nothing. Default null.</summary>
    public WideAreaLoss? Loss { get; init; }

    /// <summary>Where all randomness comes from: equal seeds, equal runs. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Throws if an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option.</exception>
    public void Validate()
    {
        int sites = RoundTrips.Sites.Count;
        Require(Leader is null || (Leader >= 0 && Leader < sites), nameof(Leader));
        Require(ClientsPerSite is >= 1 and <= 1000, nameof(ClientsPerSite));
        Require(RatePerSite is null or (> 0 and <= 100_000), nameof(RatePerSite));
        Require(ConflictPercent is >= 0 and <= 100, nameof(ConflictPercent));
        Require(ZipfExponent is null or (> 0 and <= 10), nameof(ZipfExponent));
        Require(ReadPercent is >= 0 and <= 100, nameof(ReadPercent));
        Require(IsWithin(Jitter, TimeSpan.FromSeconds(10)), nameof(Jitter));
        Require(LossPercent is >= 0 and <= 50, nameof(LossPercent));
        Require(IsWithin(FlushTime, TimeSpan.FromSeconds(10)), nameof(FlushTime));
        Require(
            Duration > TimeSpan.Zero && IsWithin(Duration, TimeSpan.FromHours(1)),
            nameof(Duration));
        Require(IsWithin(WarmUp, TimeSpan.FromHours(1)), nameof(WarmUp));
        Require(
            Loss is null
                || (Loss.Site >= 0 && Loss.Site < sites && IsWithin(Loss.At, Duration)),
            nameof(Loss));
    }

    private static bool IsWithin(TimeSpan time, TimeSpan limit) =>
        time >= TimeSpan.Zero && time <= limit;

    private static void Require(bool condition, string option)
    {
        if (!condition)
            throw new ArgumentException($"{option} is out of its range.");
    }
}
