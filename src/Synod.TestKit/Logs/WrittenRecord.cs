using Synod.Abstractions;

namespace Synod.TestKit;

/// <summary>A record as it was appended, and where it is now.</summary>
internal sealed class WrittenRecord(in RecordHeader header, byte[] body)
{
    public RecordHeader Header { get; } = header;

    public byte[] Body { get; } = body;

    public LogPosition Position { get; set; }

    public override string ToString() =>
        $"{Header.Number} of {Header.Group} ({(Header.IsStatement ? "a statement, " : "")}"
        + $"{Body.Length} bytes)";
}
