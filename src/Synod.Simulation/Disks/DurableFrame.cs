using Synod.Abstractions;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>A frame as it was written to a device.</summary>
internal sealed class DurableFrame(
    string file, long offset, LogFrame head, IReadOnlyList<(RecordHeader, byte[])> contents)
{
    public string File => file;

    public long Offset => offset;

    public long Length => head.End.Bytes - head.Position.Bytes;

    public LogFrame Head => head;

    /// <summary>Its records, until they are durable.</summary>
    public IReadOnlyList<(RecordHeader Header, byte[] Body)> Contents { get; set; } = contents;

    /// <summary>How many records stand in the log before it.</summary>
    public int RecordsBefore { get; set; }

    /// <summary>Whether it was flushed.</summary>
    public bool IsFlushed { get; set; }

    /// <summary>Whether something else is in its place.</summary>
    public bool IsDamaged { get; set; }
}
