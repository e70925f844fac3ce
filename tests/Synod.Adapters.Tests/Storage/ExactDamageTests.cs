using System.Globalization;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Where several neighbouring frames are damaged, no record is given up that is intact.
/// SYNOD_SEEDS says how many seeds, SYNOD_SEED replays one.</summary>
public sealed class ExactDamageTests(ITestOutputHelper output)
{
    private const int Seeds = 200;
    private const int SectorsMax = 10;
    private const int DiskSectorBytes = 512;

    private readonly Dictionary<(ulong Group, long Number), (LogPosition Position, int Length)>
        _written = [];

    private readonly Dictionary<ulong, long> _numbers = [];
    private SeededRandom _random = new(1);
    private TestLog _test = new();

    [Fact]
    [Feature("C05")]
    public void What_is_intact_is_shown_however_much_around_it_is_not()
    {
        int hurt = 0;
        foreach (ulong seed in SeedsToRun.All(Seeds))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
            _random = new SeededRandom(seed);
            _test = new TestLog().Open();
            _written.Clear();
            _numbers.Clear();
            Fill();
            Dictionary<string, byte[]> before = _test.Disk.List().ToDictionary(
                static file => file.Name, file => _test.Disk.Bytes(file.Name).ToArray());
            Hurt(_test.Log.Report.Bytes - Sector.Bytes);
            hurt += AssertAllThatIsIntactIsShown(before);
        }

        Assert.True(SeedsToRun.IsReplay || hurt > Seeds, $"Only {hurt} records were hurt.");
    }

    // The mark ends there, and nothing but its place says that the next frame was flushed.
    [Fact]
    [Feature("C05")]
    public void Behind_a_lost_frame_at_the_end_of_a_file_the_next_file_is_read()
    {
        List<string> bodies = LoseLastOfFirstFile();

        for (int opening = 0; opening < 2; opening++)
        {
            _test.Reopen();
            int lost = bodies.Count - 1;
            Assert.Equal(
                [.. bodies[..(lost - 1)], $"lost r{lost} to r{lost}", bodies[^1]], _test.Shown);
        }

        _test.Commit(7, ("next", bodies.Count + 1, false));
        Assert.Equal("next", _test.Reopen().Shown[^1]);
    }

    // A log that went on behind the gap as if nothing had been there would forget it.
    [Fact]
    [Feature("C05")]
    public void A_gap_before_a_torn_frame_at_the_begin_of_a_file_is_told_by_every_opening()
    {
        List<string> bodies = LoseLastOfFirstFile();
        const string second = "000000000002-0001.log";
        _test.Disk.Overwrite(second, 2 * Sector.Bytes, new byte[Sector.Bytes]);

        int left = bodies.Count - 2;
        for (int opening = 0; opening < 3; opening++)
        {
            _test.Reopen();
            Assert.Equal(bodies[..left], _test.Shown[..left]);
            Assert.StartsWith($"lost r{left + 1} ", _test.Shown[left], StringComparison.Ordinal);
        }

        long next = _test.Lost[^1].Through.Number + 1;
        _test.Commit(7, ("next", next, false));
        for (int opening = 0; opening < 2; opening++)
        {
            _test.Reopen();
            Assert.StartsWith($"lost r{left + 1} ", _test.Shown[left], StringComparison.Ordinal);
            Assert.Equal("next", _test.Shown[^1]);
        }
    }

    // Of frames of one record each, the last one in the first file; one is in the second.
    private List<string> LoseLastOfFirstFile()
    {
        _test.Open();
        List<string> bodies = [];
        LogPosition last;
        do
        {
            last = _test.Log.Durable;
            bodies.Add(_test.Large((char)('A' + bodies.Count)));
            _test.Commit(7, (bodies[^1], bodies.Count, false));
        }
        while (_test.Log.Durable.Bytes < TestLog.SegmentBytes);
        int frame = (int)last.Bytes / Sector.Bytes * Sector.Bytes;
        _test.Disk.Overwrite(TestLog.First, frame, new byte[Sector.Bytes]);
        return bodies;
    }

    private void Fill()
    {
        for (int turn = 0; turn < 30; turn++)
        {
            for (long record = 0; record <= _random.Below(4); record++)
                Append();
            _test.Log.Flush();
            _test.Settle();
            if (_random.Chance(1, 8))
                _test.Reopen();
        }

        if (_random.Chance(1, 2))
            _test.Log.Dispose();
    }

    private void Append()
    {
        ulong group = 1 + (ulong)_random.Below(3);
        long number = _numbers[group] = _numbers.GetValueOrDefault(group) + 1;
        bool isStatement = _random.Chance(1, 4);
        int length = (int)_random.Below(isStatement || _random.Chance(1, 2) ? 200 : 5000);
        string body = new('x', length);
        _written[(group, number)] = (_test.Append(body, number, isStatement, group), length);
    }

    // Most blocks of a range: a bit of each, or a sector of the disk.
    private void Hurt(long reach)
    {
        long first = _random.Below(reach / Sector.Bytes);
        long last = Math.Min(first + _random.Below(SectorsMax), (reach / Sector.Bytes) - 1);
        for (long block = first; block <= last; block++)
        {
            if (_random.Chance(1, 4))
                continue;

            long place = (block * Sector.Bytes) + _random.Below(Sector.Bytes);
            string file = FileOf(place);
            int offset = (int)(place % TestLog.SegmentBytes);
            if (_random.Chance(1, 4))
            {
                int sector = offset / DiskSectorBytes * DiskSectorBytes;
                _test.Disk.Overwrite(file, sector, new byte[DiskSectorBytes]);
                continue;
            }

            int flipped = _test.Disk.Bytes(file)[offset] ^ (1 << (int)_random.Below(8));
            _test.Disk.Overwrite(file, offset, [(byte)flipped]);
        }
    }

    // What is damaged above the mark looks torn, and so does all behind it.
    private int AssertAllThatIsIntactIsShown(Dictionary<string, byte[]> before)
    {
        _test.Reopen();
        HashSet<(ulong, long)> shown =
            [.. _test.Headers.Select(static header => (header.Group.Number, header.Number.Number))];
        int hurt = 0;
        foreach (((ulong group, long number), (LogPosition position, int length)) in _written)
        {
            string file = FileOf(position.Bytes);
            int offset = (int)(position.Bytes % TestLog.SegmentBytes);
            int size = RecordFormat.HeaderBytes + length;
            bool isIntact = _test.Disk.Bytes(file).Slice(offset, size)
                .SequenceEqual(before[file].AsSpan(offset, size));
            hurt += isIntact ? 0 : 1;
            Assert.True(
                !isIntact || shown.Contains((group, number))
                    || position > _test.Log.Report.DurableMark,
                $"r{number} of g{group} at {position} is intact and not shown: "
                + string.Join("; ", _test.Log.Damage));
        }

        return hurt;
    }

    private string FileOf(long place) =>
        _test.Disk.List()[(int)(place / TestLog.SegmentBytes)].Name;
}
