namespace Synod.Register;

/// <summary>The knobs of per-key Paxos. All members of a group should have the same.</summary>
public sealed record RegisterOptions
{
    /// <summary>How long a member waits for answers before it asks again. Default 150 ms; 1 ms to 1
    /// hour.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The longest random wait of a proposer that another one was ahead of, and of a read
    /// that met a change under way. Doubles with each time in a row. Default 4 ms; above zero, at
    /// most <see cref="RetryDelayMax"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>What that wait doubles up to. Default 250 ms, at most 1 hour.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a read asks while a change of its key is under way, before it finishes
    /// the change itself. Default 3, from 1.</summary>
    public int ReadTries { get; init; } = 3;

    /// <summary>How many rounds are reserved with one record. Default 65536, from 1 to
    /// 2<sup>30</sup>.</summary>
    public long RoundBlock { get; init; } = 1 << 16;

    /// <summary>How many commands on one key are decided together at most. Default 64, from
    /// 1.</summary>
    public int CommandsPerBallot { get; init; } = 64;

    /// <summary>From how many bytes on a frame leaves before its turn ends. Default 256 KiB, from
    /// 1.</summary>
    public int FrameBytes { get; init; } = 256 << 10;

    /// <summary>How many bytes of own records are kept at most, beside twice what the states of all
    /// keys need: beyond, the keys that have not changed for longest are written anew and what is
    /// older is released. Default 16 MiB, from 1.</summary>
    public long KeptBytes { get; init; } = 16 << 20;

    /// <summary>Throws if a knob is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the knob, its value and its range.</exception>
    public void Validate()
    {
        Require(
            ResendAfter >= TimeSpan.FromMilliseconds(1) && ResendAfter <= TimeSpan.FromHours(1),
            $"{nameof(ResendAfter)} is {ResendAfter}; it must be 1 ms to 1 hour.");
        Require(
            RetryDelayMax > TimeSpan.Zero && RetryDelayMax <= TimeSpan.FromHours(1),
            $"{nameof(RetryDelayMax)} is {RetryDelayMax}; it must be above zero and at most 1 "
            + "hour.");
        Require(
            RetryDelay > TimeSpan.Zero && RetryDelay <= RetryDelayMax,
            $"{nameof(RetryDelay)} is {RetryDelay}; it must be above zero and at most "
            + $"{nameof(RetryDelayMax)} ({RetryDelayMax}).");
        Require(
            RoundBlock is >= 1 and <= 1 << 30,
            $"{nameof(RoundBlock)} is {RoundBlock}; it must be 1 to {1 << 30}.");
        AtLeastOne(ReadTries, nameof(ReadTries));
        AtLeastOne(CommandsPerBallot, nameof(CommandsPerBallot));
        AtLeastOne(FrameBytes, nameof(FrameBytes));
        AtLeastOne(KeptBytes, nameof(KeptBytes));
    }

    private static void AtLeastOne(long value, string name) =>
        Require(value >= 1, $"{name} is {value}; it must be at least 1.");

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}
