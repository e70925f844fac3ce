namespace Synod.Storage;

/// <summary>The sizes of a log. They may be others at the next opening; what is on the disk keeps
/// its own.</summary>
public sealed record FileLogOptions
{
    private const int SegmentsMin = 2;
    private const int FramesPerSegmentMin = 4;

    /// <summary>The bytes of a segment, which is one file: whole sectors of 4096.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>The largest frame, that is what one write carries: whole sectors, and at most a
    /// quarter of a segment.</summary>
    public int FrameBytesMax { get; init; } = 4 << 20;

    /// <summary>How much of the end of the log is kept in memory.</summary>
    public long WindowBytes { get; init; } = 64 << 20;

    /// <summary>How much of the disk the log may take: two segments at least.</summary>
    public long CapacityBytes { get; init; } = 8L << 30;

    /// <summary>How long to wait before a segment that did not fit on the disk is tried
    /// again.</summary>
    public TimeSpan SpareRetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the log has nothing to do before it says on the disk that all before is
    /// durable; once, until something is appended again. Never if infinite.</summary>
    public TimeSpan IdleMarkAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock for <see cref="SpareRetryInterval"/> and
    /// <see cref="IdleMarkAfter"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told of each flush that has succeeded, by the owner of the log within its poll: how
    /// long it took since it was asked for, and how many records it made durable. Must not
    /// block.</summary>
    public Action<TimeSpan, long>? Flushed { get; init; }

    /// <summary>The name that a new log is given; random if null.</summary>
    public LogId? NewLogId { get; init; }

    /// <summary>Whether the log is known to be there: then one without any intact frame is refused,
    /// and not taken for new.</summary>
    public bool MustBeThere { get; init; }

    /// <summary>Throws unless the sizes fit together.</summary>
    /// <exception cref="ArgumentException">They do not; says which and why.</exception>
    public void Validate()
    {
        Require(
            FrameBytesMax >= 2 * Sector.Bytes && FrameBytesMax % Sector.Bytes == 0,
            $"{nameof(FrameBytesMax)} must be a multiple of {Sector.Bytes}, two of them at least");
        Require(
            SegmentBytes % Sector.Bytes == 0,
            $"{nameof(SegmentBytes)} must be a multiple of {Sector.Bytes}");
        Require(
            SegmentBytes / FramesPerSegmentMin >= FrameBytesMax,
            $"{nameof(SegmentBytes)} must be at least {FramesPerSegmentMin} frames of"
            + $" {nameof(FrameBytesMax)}");
        Require(
            CapacityBytes / SegmentsMin >= SegmentBytes,
            $"{nameof(CapacityBytes)} must be at least {SegmentsMin} segments of"
            + $" {nameof(SegmentBytes)}");
        Require(
            IdleMarkAfter > TimeSpan.Zero || IdleMarkAfter == Timeout.InfiniteTimeSpan,
            $"{nameof(IdleMarkAfter)} must be positive, or infinite");
        Require(WindowBytes >= 0, $"{nameof(WindowBytes)} must not be negative");
    }

    private void Require(bool condition, string rule)
    {
        if (!condition)
            throw new ArgumentException($"{rule}. The options are {this}.");
    }
}
