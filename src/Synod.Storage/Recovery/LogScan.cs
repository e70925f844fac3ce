using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>What a scan of the log has found. Nothing was changed.</summary>
internal sealed record LogScan
{
    /// <summary>The segments that are there.</summary>
    public required IReadOnlyList<Segment> Segments { get; init; }

    /// <summary>The header of the last intact frame; the default if there is none.</summary>
    public FrameHeader Last { get; init; }

    /// <summary>Where the log ends.</summary>
    public long End { get; init; }

    /// <summary>The index of the segment that holds the end.</summary>
    public int EndSegment { get; init; }

    /// <summary>T: all before it was flushed, by the highest mark in any header.</summary>
    public long DurableThrough { get; init; }

    /// <summary>The highest opening in any header, those behind the end included.</summary>
    public uint Opening { get; init; }

    /// <summary>The last record.</summary>
    public LogPosition LastRecord { get; init; }

    /// <summary>How many frames there are.</summary>
    public long Frames { get; init; }

    /// <summary>How many records there are.</summary>
    public long Records { get; init; }

    /// <summary>The bytes of frames that were begun behind the end, as far as their headers are
    /// left.</summary>
    public long TornBytes { get; init; }

    /// <summary>Whether there is no frame: the log is new, or its first opening did not get
    /// far.</summary>
    public bool IsNew => Frames == 0;
}
