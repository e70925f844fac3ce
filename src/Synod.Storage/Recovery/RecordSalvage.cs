using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Finds the intact records in a part of the log where frames are not: every record has
/// its own checksum, over the name of the log and its place.</summary>
internal sealed class RecordSalvage(
    SegmentReader reader, IReadOnlyList<Segment> segments, LogOpenings openings, LogId logId)
{
    private const int Step = 8;

    /// <summary>Shows the records in a range, in order, copies included.</summary>
    public void Show(long from, long to, RecordFound found)
    {
        foreach (Segment segment in segments)
        {
            long start = Math.Max(from, segment.Base);
            long end = Math.Min(to, segment.End);
            if (start < end)
                Show(segment, (start - segment.Base, end - segment.Base), found);
        }
    }

    private void Show(Segment segment, (long From, long To) range, RecordFound found)
    {
        long offset = range.From;
        while (offset + RecordFormat.HeaderBytes <= range.To)
        {
            int size = TryShow(segment, offset, range.To, found);
            offset += size > 0 ? size : Step;
        }
    }

    private int TryShow(Segment segment, long offset, long end, RecordFound found)
    {
        ReadOnlySpan<byte> head = reader.Read(segment, offset, RecordFormat.HeaderBytes);
        int length = RecordFormat.BodyLength(head, end - offset);
        LogPosition position = new(segment.Base + offset);
        bool isPossible = length >= 0
            && RecordFormat.IsPossible(head)
            && RecordFormat.IsOf(head, openings.At(position.Bytes));
        if (!isPossible)
            return 0;

        ReadOnlySpan<byte> record =
            reader.Read(segment, offset, RecordFormat.HeaderBytes + length);
        if (!RecordFormat.IsIntact(record, position, logId))
            return 0;

        found(record, position);
        return RecordFormat.SizeOf(length);
    }
}
