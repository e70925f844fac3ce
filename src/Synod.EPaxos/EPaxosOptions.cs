using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>The knobs of EPaxos. All members of a group should have the same.</summary>
public sealed record EPaxosOptions
{
    /// <summary>What a command costs besides its bytes, so that empty ones are bounded
    /// too.</summary>
    internal const int CommandOverhead = 64;

    /// <summary>How long a member waits for answers before it asks again; an eighth of it is the
    /// first back-off of two that recover the same. Default 150 ms; 1 ms to 1 hour.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How long an instance of another may be undecided before somebody asks for it or
    /// recovers it. Default 500 ms; at least <see cref="ResendAfter"/>.</summary>
    public TimeSpan RecoverAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest random wait before the instances of a member that is lost are
    /// recovered. Default 2 ms.</summary>
    public TimeSpan RecoverDelay { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long an owner waits for a fast quorum when a slow one has answered and nobody
    /// knew a conflict; in groups of 7 and 9. Default 5 ms.</summary>
    public TimeSpan FastWait { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How often members that do not know the same compare what they know. Default 200
    /// ms.</summary>
    public TimeSpan CompareInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many instances of its own on one key a member has proposed at most that are not
    /// executed; other commands wait. Default 64, from 1.</summary>
    public int KeyWindow { get; init; } = 64;

    /// <summary>How many commands that come together share an instance at most; those on keys that
    /// others use at the same time share one only among themselves. Default 64, 1 to
    /// 128.</summary>
    public int BatchMax { get; init; } = 64;

    /// <summary>The most command bytes that a member has taken and not executed, 64 for each
    /// command included. Default 64 MiB.</summary>
    public long UnexecutedBytesMax { get; init; } = 64 << 20;

    /// <summary>How many slots are reserved with one record at most, the next when half of the last
    /// are used; few where little is under way. A member that restarts has to recover those that it
    /// may have used. Default 256, from 1 to 65536.</summary>
    public int SlotBlock { get; init; } = 256;

    /// <summary>The most command bytes in answer to one question for what is decided. Default 1
    /// MiB.</summary>
    public int FetchBytesMax { get; init; } = 1 << 20;

    /// <summary>Whether proposals go to a quorum at first, and to all only if that does not answer.
    /// Fewer messages, less patience with a slow member. Default false.</summary>
    public bool IsThrifty { get; init; }

    /// <summary>Whether reads of one key ask a quorum and leave no record. If not they are ordered
    /// like commands. Default true.</summary>
    public bool GathersReads { get; init; } = true;

    /// <summary>Throws if a knob is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the knob, its value and its range.</exception>
    public void Validate()
    {
        Require(
            ResendAfter >= TimeSpan.FromMilliseconds(1) && ResendAfter <= TimeSpan.FromHours(1),
            $"{nameof(ResendAfter)} is {ResendAfter}; it must be 1 ms to 1 hour.");
        Require(
            RecoverAfter >= ResendAfter && RecoverAfter <= TimeSpan.FromHours(1),
            $"{nameof(RecoverAfter)} is {RecoverAfter}; it must be {nameof(ResendAfter)} "
            + $"({ResendAfter}) to 1 hour.");
        Require(
            RecoverDelay > TimeSpan.Zero && RecoverDelay <= RecoverAfter,
            $"{nameof(RecoverDelay)} is {RecoverDelay}; it must be above zero and at most "
            + $"{nameof(RecoverAfter)} ({RecoverAfter}).");
        Require(
            FastWait >= TimeSpan.Zero && FastWait <= RecoverAfter,
            $"{nameof(FastWait)} is {FastWait}; it must be zero to {nameof(RecoverAfter)} "
            + $"({RecoverAfter}).");
        Require(
            CompareInterval >= TimeSpan.FromMilliseconds(1),
            $"{nameof(CompareInterval)} is {CompareInterval}; it must be at least 1 ms.");
        AtLeastOne(KeyWindow, nameof(KeyWindow));
        Require(
            BatchMax is >= 1 and <= Footprint.TogetherMax,
            $"{nameof(BatchMax)} is {BatchMax}; it must be 1 to {Footprint.TogetherMax}.");
        AtLeastOne(UnexecutedBytesMax, nameof(UnexecutedBytesMax));
        AtLeastOne(FetchBytesMax, nameof(FetchBytesMax));
        Require(
            SlotBlock is >= 1 and <= 1 << 16,
            $"{nameof(SlotBlock)} is {SlotBlock}; it must be 1 to {1 << 16}.");
    }

    private static void AtLeastOne(long value, string name) =>
        Require(value >= 1, $"{name} is {value}; it must be at least 1.");

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}
