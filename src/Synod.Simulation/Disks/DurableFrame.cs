using Synod.Abstractions;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>A frame as it was written to a device.</summary>
internal sealed class DurableFrame(string file, long offset, LogFrame head)
{
    public string File => file;

    public long Offset => offset;

    public LogFrame Head => head;

    /// <summary>Its bytes on the device.</summary>
    public long Length => head.End.Bytes - head.Position.Bytes;

    /// <summary>Those of them that mean something: behind them are zeros.</summary>
    public required int UsedBytes { get; init; }

    /// <summary>Its records, until they are durable.</summary>
    public required IReadOnlyList<(RecordHeader Header, byte[] Body)> Contents { get; set; }

    /// <summary>Whether a statement is among its records.</summary>
    public required bool HasStatement { get; init; }

    /// <summary>Whether it may have copies of statements of other frames: it stands at the begin of
    /// a file, or has no records of its own.</summary>
    public bool MayHaveCopies => offset == 0 || head.Records == 0;

    /// <summary>Whether it was flushed.</summary>
    public bool IsFlushed { get; set; }

    /// <summary>Whether something else is in its place.</summary>
    public bool IsDamaged { get; set; }
}
