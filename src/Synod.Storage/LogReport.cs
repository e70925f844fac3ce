using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>What a log holds, for status and for the line that is logged at opening.</summary>
public sealed record LogReport
{
    /// <summary>The random name of the log.</summary>
    public LogId LogId { get; init; }

    /// <summary>How often the log was opened, this time included.</summary>
    public long Opening { get; init; }

    /// <summary>Files, the spare one included.</summary>
    public int Segments { get; init; }

    /// <summary>Everything before was released.</summary>
    public LogPosition Base { get; init; }

    /// <summary>Batch frames.</summary>
    public long Frames { get; init; }

    /// <summary>Records in them.</summary>
    public long Records { get; init; }

    /// <summary>How far the log reaches, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of frames, as far as their headers are left, that were being written when the
    /// process before stopped and were dropped at this opening. None of them was acknowledged.
    /// </summary>
    public long TornBytes { get; init; }

    /// <summary>All before this position was found durable at opening, by the marks in the
    /// frames.</summary>
    public LogPosition DurableMark { get; init; }

    /// <summary>What was durable and was not intact at opening, in order.</summary>
    public IReadOnlyList<LogDamage> Damage { get; init; } = [];
}
