namespace Synod.Abstractions;

/// <summary>What a log holds and takes, for status and metrics. The default is that of a log that
/// says nothing of itself.</summary>
public readonly record struct LogStatus
{
    /// <summary>The files, or blocks of memory, that it has, spare ones included.</summary>
    public int Segments { get; init; }

    /// <summary>The bytes from the begin of what it keeps to its end.</summary>
    public long Bytes { get; init; }

    /// <summary>The bytes that it takes, preallocated ones included.</summary>
    public long RoomBytes { get; init; }

    /// <summary>The most bytes that it may take.</summary>
    public long CapacityBytes { get; init; }

    /// <summary>The flushes that have succeeded since it was opened.</summary>
    public long Flushes { get; init; }

    /// <summary>The records that were appended since it was opened.</summary>
    public long Records { get; init; }

    /// <summary>What of it is damaged and was told to whom it concerns; null if nothing
    /// is.</summary>
    public string? Damage { get; init; }
}
