using System.Globalization;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Three groups append, state, checkpoint and release, and the machine stops anywhere.
/// SYNOD_SEEDS says how many seeds, SYNOD_SEED replays one.</summary>
public sealed class RandomReleaseTests(ITestOutputHelper output) : ILogVisitor
{
    private const int Seeds = 60;
    private const int Openings = 10;
    private const int StepsMax = 120;
    private const int Groups = 3;

    private readonly Dictionary<ulong, List<Entry>> _history = [];
    private readonly Dictionary<ulong, SortedSet<long>> _floors = [];
    private readonly Dictionary<ulong, List<Entry>> _shown = [];
    private readonly Dictionary<ulong, long> _begins = [];
    private SeededRandom _random = new(1);
    private TestLog _test = new();
    private int _released;

    [Fact]
    [Feature("C01")]
    [Feature("C04")]
    public void What_is_needed_survives_every_release()
    {
        foreach (ulong seed in SeedsToRun.All(Seeds))
            Run(seed);
        if (!SeedsToRun.IsReplay)
            Assert.True(_released > Seeds, $"Only {_released} openings began with a release.");
    }

    void ILogVisitor.Visit(
        in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        _shown[header.Group.Number].Add(new Entry(
            header.Number.Number, position, Encoding.ASCII.GetString(body), header.IsStatement));

    void ILogVisitor.Released(in LogFloor floor)
    {
        Assert.Empty(_shown[floor.Group.Number]);
        _begins.Add(floor.Group.Number, floor.Number.Number);
    }

    void ILogVisitor.Lost(in LostRecords lost) => Assert.Fail($"{lost}");

    private void Run(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        _random = new SeededRandom(seed);
        _test = new TestLog();
        for (ulong group = 1; group <= Groups; group++)
        {
            _history[group] = [];
            _floors[group] = [];
        }

        Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            for (long steps = _random.Below(StepsMax); steps > 0; steps--)
                Step();
            LogPosition acknowledged = _test.Log.Durable;
            Stop();
            if (_random.Chance(1, 4))
                FailToOpen();
            Open();
            Check(acknowledged);
        }
    }

    private void Open()
    {
        _begins.Clear();
        for (ulong group = 1; group <= Groups; group++)
            _shown[group] = [];
        _test.Disk.IsStepwise = false;
        _test.Open(this);
        _test.Disk.IsStepwise = true;
    }

    private void Step()
    {
        ulong group = 1 + (ulong)_random.Below(Groups);
        switch (_random.Below(10))
        {
            case 0 or 1 or 2:
                Append(group, isStatement: _random.Chance(1, 5));
                break;
            case 3:
                Append(group, isStatement: false);
                Release(group);
                break;
            case 4:
                _test.Log.Flush();
                break;
            case 5 or 6 or 7:
                _test.Disk.RunOne();
                break;
            case 8:
                _test.Log.Poll();
                break;
            default:
                ReadOne(group);
                break;
        }
    }

    private void Append(ulong group, bool isStatement)
    {
        List<Entry> history = _history[group];
        if (_test.Log.Report.Segments >= 14 || _test.Log.Pressure != StoragePressure.None)
            return;

        long number = history.Count + 1;
        int length = _random.Chance(1, 2) && !isStatement
            ? _test.Log.RecordBytesMax - 100
            : (int)_random.Below(3000);
        string body = string.Create(CultureInfo.InvariantCulture, $"{group}:{number} ")
            .PadRight(length, 'x');
        history.Add(new Entry(
            number, _test.Append(body, number, isStatement, group), body, isStatement));
    }

    // The newest record is the checkpoint, or it began a little earlier.
    private void Release(ulong group)
    {
        List<Entry> history = _history[group];
        Entry floor = history[(int)Math.Max(history.Count - 1 - _random.Below(3), 0)];
        if (floor.Number <= _floors[group].Max)
            return;

        _floors[group].Add(floor.Number);
        _test.Log.Release(
            new LogFloor(new GroupId(group), new RecordNumber(floor.Number), floor.Position));
    }

    private void ReadOne(ulong group)
    {
        List<Entry> history = _history[group];
        if (history.Count == 0)
            return;

        Entry entry = history[(int)_random.Below(history.Count)];
        if (entry.Position >= _test.Log.Base)
            Assert.Equal(entry.Body, _test.Read(entry.Position));
    }

    private void Stop()
    {
        switch (_random.Below(6))
        {
            case 0:
                _test.Disk.IsStepwise = false;
                _test.Log.Dispose();
                _test.Disk.Crash();
                break;
            case 1:
                _test.Disk.Restart();
                break;
            default:
                Crash();
                break;
        }
    }

    private void Crash()
    {
        long kept = _random.Below(5);
        _test.Disk.Crash((_, _) => _random.Chance(kept, 4));
    }

    private void FailToOpen()
    {
        DiskJobKind kind = _random.Chance(1, 2) ? DiskJobKind.Write : DiskJobKind.Flush;
        _test.Disk.Fail(kind, (int)_random.Below(3));
        try
        {
            _test.Open(new TestLog());
        }
        catch (LogException)
        {
            Assert.NotEmpty(_test.Disk.List());
        }

        Crash();
    }

    private void Check(LogPosition acknowledged)
    {
        Assert.Empty(_test.Log.Damage);
        Assert.True(acknowledged <= _test.Log.Durable, "An acknowledged record is lost.");
        Assert.True(
            _test.Disk.List().Sum(static file => file.Length) <= 16 * TestLog.SegmentBytes);
        foreach ((ulong group, List<Entry> history) in _history)
            Check(group, history);
        _released += _begins.Count > 0 ? 1 : 0;
    }

    private void Check(ulong group, List<Entry> history)
    {
        List<Entry> shown = _shown[group];
        long begin = _begins.GetValueOrDefault(group, 1);
        long last = Math.Max(shown.Count == 0 ? 0 : shown[^1].Number, begin - 1);
        Assert.True(last <= history.Count, "Records came up that were never appended.");
        history.RemoveRange((int)last, history.Count - (int)last);
        _floors[group].RemoveWhere(floor => floor > last);
        Assert.True(begin == 1 || _floors[group].Contains(begin), "Nobody has named this floor.");

        Entry? kept = history.LastOrDefault(static entry => entry.IsStatement);
        IEnumerable<string> expected = history
            .Where(entry => entry.Number >= begin || entry == kept)
            .Select(static entry => entry.Body);
        Assert.Equal(expected, shown.Where(entry => IsNewest(entry, begin, shown)).Select(
            static entry => entry.Body));
        foreach (Entry entry in shown)
        {
            Assert.Equal(entry.Body, _test.Read(entry.Position));
            history[(int)entry.Number - 1] = entry;
        }
    }

    // What is shown from before the floor is one statement; behind it may be a newer one.
    private static bool IsNewest(Entry entry, long begin, List<Entry> shown) =>
        entry.Number >= begin
        || !shown.Exists(other => other.IsStatement && other.Number > entry.Number);

    private sealed record Entry(long Number, LogPosition Position, string Body, bool IsStatement);
}
