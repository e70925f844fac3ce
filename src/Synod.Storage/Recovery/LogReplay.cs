using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Shows the records that a scan has found.</summary>
internal sealed class LogReplay
{
    private readonly LogScan _scan;
    private readonly SegmentReader _reader;
    private readonly FrameWalker _walker;
    private readonly RecordSalvage _salvage;

    private LogReplay(IBlockDevice device, LogScan scan)
    {
        _scan = scan;
        _reader = new SegmentReader(device);
        _walker = new FrameWalker(_reader, scan.Segments, scan.LogId ?? default);
        _salvage = new RecordSalvage(_reader, scan.Segments, scan.Openings, scan.LogId ?? default);
    }

    /// <summary>Shows all of them.</summary>
    /// <exception cref="LogException">The log is not what it was when it was scanned.</exception>
    public static void Show(IBlockDevice device, LogScan scan, ILogVisitor visitor)
    {
        LogReplay replay = new(device, scan);
        if (scan.Damage.Count == 0 && scan.Floors.All.Count == 0)
        {
            replay.ForEach((record, position) =>
            {
                if (!RecordFormat.IsCopy(record))
                    LogSplicer.Show(visitor, record, position);
            });
            return;
        }

        // Copies may stand behind records that are shown after what they are copies of, so they
        // are gathered before anything is shown.
        LogSplicer splicer = new(scan, visitor);
        replay.ForEach(splicer.Gather);
        splicer.Begin();
        replay.ForEach(splicer.Take);
        splicer.End();
    }

    private void ForEach(RecordFound found)
    {
        foreach (LogExtent extent in _scan.Extents)
        {
            if (extent.Damage is LogDamage damage)
                _salvage.Show(damage.From.Bytes, damage.To.Bytes, found);
            else
                ForEach(extent, found);
        }
    }

    private void ForEach(LogExtent extent, RecordFound found)
    {
        _walker.Seek(extent.Segment, extent.Offset);
        for (long frame = 0; frame < extent.Frames; frame++)
        {
            if (!_walker.MoveNext())
                throw Changed();

            RecordCursor cursor = _walker.Records;
            while (cursor.MoveNext())
                found(cursor.Record, cursor.Position);
        }
    }

    private LogException Changed() => new(
        $"{_walker.Place}: the log was intact when it was opened, and now there is "
        + $"{_walker.Fault}. Check the disk, and that nobody else writes to the directory.");
}
