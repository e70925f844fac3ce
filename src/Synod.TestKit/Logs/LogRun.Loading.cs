using Synod.Abstractions;

namespace Synod.TestKit;

/// <content>Loads that are under way, and what they bring.</content>
internal sealed partial class LogRun
{
    private readonly Dictionary<LogLoad, IReadOnlyList<WrittenRecord>> _loads = [];

    /// <summary>Asks for records to be loaded, of which one at least is not in memory.</summary>
    public void Load(IReadOnlyList<WrittenRecord> records)
    {
        LogLoad load = new();
        foreach (WrittenRecord record in records)
            load.Add(record.Position, random.Chance(1, 2) ? record.Body.Length : 0);
        Note($"load {string.Join(", ", records)}");
        _loads.Add(load, records);
        Log.Load(load);
        RequireUnmoved("Load");
    }

    /// <summary>Waits until all loads are done, and looks at each.</summary>
    public void AwaitLoads()
    {
        while (true)
        {
            while (Log.TryTakeLoaded(out LogLoad? load))
                Check(load);
            if (_loads.Count == 0)
                return;

            RequireWell();
            Advance("A load");
        }
    }

    private void Check(LogLoad load)
    {
        Require(
            _loads.Remove(load, out IReadOnlyList<WrittenRecord>? records) && records is not null,
            "A load is given back that nobody has asked for, or a second time.");
        Require(
            load.Failure is null,
            $"A load has failed though all is well: {load.Failure?.Message}");
        foreach (WrittenRecord record in records ?? [])
        {
            bool isThere = load.TryGet(
                record.Position, out RecordHeader header, out ReadOnlySpan<byte> body);
            Require(
                isThere || !IsNeeded(record),
                $"{record} at {record.Position} was asked for, and is not in the load.");
            Require(
                !isThere || (header == record.Header && body.SequenceEqual(record.Body)),
                $"The load has another header or other bytes for {record} at "
                + $"{record.Position}.");
        }
    }
}
