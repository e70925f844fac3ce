using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>What a scan of the log has found. Nothing was changed.</summary>
internal sealed record LogScan
{
    /// <summary>The segments that are there.</summary>
    public required IReadOnlyList<Segment> Segments { get; init; }

    /// <summary>The parts of the log, in order.</summary>
    public required IReadOnlyList<LogExtent> Extents { get; init; }

    /// <summary>What is damaged, in order.</summary>
    public required IReadOnlyList<LogDamage> Damage { get; init; }

    /// <summary>Where the groups begin, and which of them have released what is
    /// before.</summary>
    public required FloorTable Floors { get; init; }

    /// <summary>The segments that are released and whose files are still there, in order; the
    /// crash was before they went.</summary>
    public required IReadOnlyList<Segment> Released { get; init; }

    /// <summary>All before this position is released.</summary>
    public long ReleasedThrough { get; init; }

    /// <summary>The newest statements.</summary>
    public required StatementTable Statements { get; init; }

    /// <summary>Where the openings have begun.</summary>
    public required LogOpenings Openings { get; init; }

    /// <summary>The name of the log; null if there is none.</summary>
    public LogId? LogId { get; init; }

    /// <summary>The header of the last intact frame; the default if there is none.</summary>
    public FrameHeader Last { get; init; }

    /// <summary>What the next frame names as the checksum before it. Where the end of the log is
    /// lost it is another than that of the last frame: nothing continues that one.</summary>
    public uint PreviousCrc { get; init; }

    /// <summary>Where the log ends.</summary>
    public long End { get; init; }

    /// <summary>The index of the segment that holds the end.</summary>
    public int EndSegment { get; init; }

    /// <summary>T: all before it was flushed, by the highest mark in any header.</summary>
    public long DurableThrough { get; init; }

    /// <summary>The highest opening in any header, those behind the end included.</summary>
    public uint Opening { get; init; }

    /// <summary>The last record; if there is damage, the last one or copy.</summary>
    public LogPosition LastRecord { get; init; }

    /// <summary>How many frames are intact.</summary>
    public long Frames { get; init; }

    /// <summary>How many records there are.</summary>
    public long Records { get; init; }

    /// <summary>How many records and statements the log has had, lost ones included.</summary>
    public (long Records, long Statements) Counts { get; init; }

    /// <summary>The bytes of frames that were begun behind the end, as far as their headers are
    /// left.</summary>
    public long TornBytes { get; init; }

    /// <summary>Whether there is no frame: the log is new, or its first opening did not get
    /// far.</summary>
    public bool IsNew => LogId is null;
}
