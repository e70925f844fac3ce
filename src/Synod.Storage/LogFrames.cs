using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>Reads batch frames as they are written to a device, for whoever watches one: which
/// records are durable is then known without believing the log.</summary>
public static class LogFrames
{
    /// <summary>Shows the records of the frame that the bytes begin with.</summary>
    /// <param name="bytes">What is written to, or read from, a place where a frame begins. Other
    /// frames may follow: an opening writes the end of the log again, in pieces that can end within
    /// a frame.</param>
    /// <param name="visitor">Is shown the records, if the frame is intact.</param>
    /// <param name="frame">What the header says.</param>
    /// <returns>Whether the bytes begin with a whole and intact frame of this format; if not,
    /// nothing was shown.</returns>
    public static bool TryShow(
        ReadOnlySpan<byte> bytes, ILogVisitor visitor, out LogFrame frame)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        frame = default;
        if (!TryRead(bytes, out FrameHeader header))
            return false;

        RecordCursor cursor = RecordsOf(bytes, header);
        while (cursor.MoveNext())
        {
            if (cursor.IsCopy)
                continue;

            visitor.Visit(
                RecordFormat.ReadHeader(cursor.Record),
                cursor.Position,
                cursor.Record[RecordFormat.HeaderBytes..]);
        }

        frame = new LogFrame(
            new LogPosition(header.Position),
            new LogPosition(header.End),
            new LogPosition(header.DurableThrough),
            header.Records);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        if (!FrameHeader.TryRead(bytes, out header) || header.FormatVersion != FrameHeader.Version)
            return false;

        // The length is looked at first: the sum of a wrong one could overflow.
        bool isWhole = header.Length >= 0 && header.Length <= bytes.Length - FrameHeader.Bytes
            && header.FrameBytes <= bytes.Length;
        if (!isWhole || Crc32C.Of(bytes.Slice(FrameHeader.Bytes, header.Length)) != header.BodyCrc)
            return false;

        RecordCursor cursor = RecordsOf(bytes, header);
        int count = 0;
        while (cursor.MoveNext())
            count += cursor.IsCopy ? 0 : 1;
        return cursor.IsValid && count == header.Records;
    }

    private static RecordCursor RecordsOf(ReadOnlySpan<byte> bytes, in FrameHeader header) => new(
        bytes.Slice(FrameHeader.Bytes, header.Length),
        header.Position + FrameHeader.Bytes,
        header.LogId);
}
