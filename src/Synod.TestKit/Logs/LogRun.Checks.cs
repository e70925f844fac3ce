using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <content>What the log shows, held against what it must hold.</content>
internal sealed partial class LogRun
{
    /// <summary>Reads a record back, by its place.</summary>
    public void CheckRead(WrittenRecord record)
    {
        Note($"read {record}");
        Require(
            Log.Read(record.Position).SequenceEqual(record.Body),
            $"Read gives other bytes for {record} at {record.Position}.");
        Require(
            !Log.TryRead(record.Position, out ReadOnlySpan<byte> body)
                || body.SequenceEqual(record.Body),
            $"TryRead gives other bytes for {record} at {record.Position}.");
        ShownLog shown = new();
        Log.Show(record.Position, shown);
        Require(
            shown.Items is [ShownLog.Item item] && item.Is(record)
                && item.Position == record.Position,
            $"Show gives something else for {record} at {record.Position}: "
            + string.Join(", ", shown.Items));
    }

    /// <summary>All that must be there is there, and nothing else is wrong.</summary>
    public void CheckReads()
    {
        foreach (WrittenRecord record in _written.Where(IsNeeded))
            CheckRead(record);
    }

    /// <summary>Looks at what an opening has shown of a log that nobody has damaged: all that was
    /// durable, and of the rest of each replica the first ones. From then on the log holds
    /// this.</summary>
    public void CheckUnhurt(ShownLog shown)
    {
        Require(
            Log.Damage.Count == 0,
            $"It tells of damage, and there is none: {string.Join("; ", Log.Damage)}");
        Require(
            !shown.Lost.Any(),
            $"It tells of losses, and nothing was damaged: {string.Join(", ", shown.Lost)}");

        List<WrittenRecord> left = [];
        foreach (ulong group in GroupsIn(shown))
            left.AddRange(CheckReplica(new GroupId(group), shown));
        left.Sort(static (one, other) => one.Position.CompareTo(other.Position));
        _written = left;
        CheckEnds();
        _known = Log.Durable;
    }

    /// <summary>What an opening has shown is durable: it must not be lost later.</summary>
    public void CheckEnds()
    {
        LogPosition last = _written.Count == 0 ? default : _written[^1].Position;
        Require(
            Log.Durable == Log.Appended && Log.Durable >= last,
            $"After opening, Appended is {Log.Appended} and Durable {Log.Durable}, and the last "
            + $"record that was shown is at {last}: what is shown is durable.");
        for (int record = 1; record < _written.Count; record++)
        {
            Require(
                _written[record].Position > _written[record - 1].Position,
                $"Two records are at {_written[record].Position}.");
        }
    }

    /// <summary>Takes over what a damaged log has shown, as what it must hold from now
    /// on.</summary>
    public void Adopt(IEnumerable<WrittenRecord> left, GroupId group, long last)
    {
        _written = [.. _written.Where(record => record.Header.Group != group), .. left];
        _written.Sort(static (one, other) => one.Position.CompareTo(other.Position));
        _numbers[group.Number] = last;
        _known = Log.Durable;
    }

    private SortedSet<ulong> GroupsIn(ShownLog shown) =>
    [
        .. _written.Select(static record => record.Header.Group.Number),
        .. shown.Items.Select(static item => item.Group.Number),
    ];

    private List<WrittenRecord> CheckReplica(GroupId group, ShownLog shown)
    {
        Queue<ShownLog.Item> items = new(shown.Of(group));
        WrittenRecord[] written =
            [.. _written.Where(record => record.Header.Group == group)];
        RecordNumber floor = FloorIn(items, group);
        ShownLog.Item[] older = [.. items.TakeWhile(item => item.Header.Number < floor)];
        ShownLog.Item[] newer = [.. items.Skip(older.Length)];
        WrittenRecord[] left = CheckPrefix(
            [.. written.Where(record => record.Header.Number >= floor)], newer);
        WrittenRecord[] kept = NewestBelow(floor, written, left);
        Require(
            kept.Length == older.Length
                && kept.Zip(older).All(static pair => pair.Second.Is(pair.First)),
            $"{group} begins with {floor}, and before it {string.Join(", ", (object[])older)} are "
            + $"shown, not the newest statements {string.Join(", ", (object[])kept)}.");

        List<WrittenRecord> all = [.. kept, .. left];
        foreach ((WrittenRecord record, ShownLog.Item item) in all.Zip(items))
            record.Position = item.Position;
        _floors[group.Number] = [floor.Number];
        _numbers[group.Number] = Math.Max(
            floor.Number - 1, all.Count == 0 ? 0 : all[^1].Header.Number.Number);
        return all;
    }

    // A floor may or may not have become durable, but it is one that was asked for.
    private RecordNumber FloorIn(Queue<ShownLog.Item> items, GroupId group)
    {
        if (!items.TryPeek(out ShownLog.Item? first) || first.Floor is not LogFloor floor)
            return new RecordNumber(1);

        items.Dequeue();
        Require(
            FloorsOf(group.Number).Contains(floor.Number.Number),
            $"It says that {floor} is left, and nobody has released that.");
        return floor.Number;
    }

    private WrittenRecord[] CheckPrefix(WrittenRecord[] written, ShownLog.Item[] items)
    {
        for (int place = 0; place < items.Length; place++)
        {
            Require(
                place < written.Length,
                $"{items[place]} is shown and was never appended, or was lost or released before.");
            Require(
                items[place].Is(written[place]),
                $"{items[place]} is shown in the place of {written[place]}, or with another header "
                + "or body.");
        }

        foreach (WrittenRecord lost in written.Skip(items.Length))
        {
            Require(
                lost.Position > _known,
                $"{lost} is lost, and it was durable: it was at {lost.Position}, and Durable was "
                + $"{_known}.");
        }

        return written[..items.Length];
    }

    private static WrittenRecord[] NewestBelow(
        RecordNumber floor, WrittenRecord[] written, WrittenRecord[] left) =>
    [
        .. written
            .Where(record => record.Header.Number < floor)
            .Concat(left)
            .Where(static record => record.Header.IsStatement)
            .GroupBy(static record => (record.Header.Epoch, record.Header.Owner))
            .Select(static statements => statements.Last())
            .Where(record => record.Header.Number < floor)
            .OrderBy(static record => record.Header.Number),
    ];
}
