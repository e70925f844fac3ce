using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Checkpoints, floors, and what becomes of the segments below.</summary>
public class ReleaseTests
{
    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    [Feature("C01")]
    public void What_every_group_has_released_is_gone_and_a_read_of_it_says_so()
    {
        LogPosition first = _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();

        Release(2 + Large, checkpoint);

        Assert.Equal(2 * TestLog.SegmentBytes, _test.Log.Base.Bytes);
        Assert.Equal(_test.Log.Base, _test.Log.Report.Base);
        LogException error = Assert.Throws<LogException>(() => _test.Log.Read(first));
        Assert.Contains("was released", error.Message, StringComparison.Ordinal);
        Assert.Throws<LogException>(() => _test.Log.Show(first, _test));
        Assert.Equal("checkpoint", _test.Read(checkpoint));
        _test.Log.Release(Floor(2, first, 7));
        Assert.Equal(2 * TestLog.SegmentBytes, _test.Log.Base.Bytes);
    }

    [Fact]
    [Feature("C04")]
    public void The_file_of_a_released_segment_is_used_again_and_others_go()
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        string[] before = Files();

        Release(2 + Large, checkpoint);

        Assert.Equal(
            ["000000000001-0001.log", "000000000002-0001.log", "000000000003-0001.log",
                "000000000004-0001.log"],
            before);
        Assert.Equal(
            ["000000000003-0001.log", "000000000004-0001.log", "000000000005-0002.log"], Files());
    }

    [Fact]
    [Feature("C04")]
    public void A_log_that_is_released_goes_on_for_ever_in_the_same_room()
    {
        long number = 1;
        for (int round = 0; round < 60; round++)
        {
            for (int record = 0; record < 5; record++)
                _test.Commit(7, (_test.Large((char)('a' + (round % 26))), number++, false));
            Release(number, _test.Commit(7, ($"checkpoint {round}", number++, false)));
            Assert.InRange(_test.Disk.List().Count, 2, 5);
        }

        _test.Reopen();
        Assert.Equal(["g7 from r360", "checkpoint 59"], _test.Shown);
        Assert.Empty(_test.Log.Damage);
    }

    [Fact]
    public void A_group_that_releases_nothing_pins_all_from_its_first_record()
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint(group: 8);

        Release(Large + 1, checkpoint, group: 8);

        Assert.Equal(0, _test.Log.Base.Bytes);
        _test.Log.Release(Floor(1, _test.Commit(7, ("two", 2, false)), 7));
        _test.Settle();
        Assert.Equal(2 * TestLog.SegmentBytes, _test.Log.Base.Bytes);
    }

    [Fact]
    public void An_opening_shows_a_group_from_its_floor_on()
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        Release(2 + Large, checkpoint);
        _test.Commit(7, ("behind", 3 + Large, false));

        for (int opening = 0; opening < 3; opening++)
        {
            _test.Reopen();
            Assert.Equal([$"g7 from r{2 + Large}", "checkpoint", "behind"], _test.Shown);
            Assert.Equal(new(new GroupId(7), new(2 + Large), checkpoint), _test.Floors[0]);
            Assert.Empty(_test.Log.Damage);
            Assert.Equal(2 * TestLog.SegmentBytes, _test.Log.Base.Bytes);
        }
    }

    [Fact]
    [Feature("C11")]
    public void The_newest_statement_outlives_the_release_and_an_older_one_does_not()
    {
        _test.Commit(7, ("old vote", 1, true));
        LogPosition vote = _test.Commit(7, ("vote", 2, true));
        LogPosition checkpoint = FillAndCheckpoint(firstNumber: 3);
        Release(3 + Large, checkpoint);
        Assert.True(_test.Log.Base > vote);

        Assert.Equal("vote", _test.Read(vote));
        _test.Shown.Clear();
        _test.Log.Show(vote, _test);
        Assert.Equal(["vote"], _test.Shown);
        _test.Reopen();
        Assert.Equal([$"g7 from r{3 + Large}", "vote", "checkpoint"], _test.Shown);
        Assert.Equal(new RecordNumber(2), _test.Headers[0].Number);
        Assert.Equal("vote", _test.Read(_test.Positions[0]));

        // It is copied on, from segment to segment.
        _test.Commit(7, [.. Records(4 + Large, 2 * Large)]);
        LogPosition next = _test.Commit(7, ("next", 4 + (3 * Large), false));
        Release(4 + (3 * Large), next);
        _test.Reopen();
        Assert.Equal([$"g7 from r{4 + (3 * Large)}", "vote", "next"], _test.Shown);
    }

    [Fact]
    public void A_crash_after_any_step_of_a_release_leaves_a_log_that_opens()
    {
        for (int steps = 0; ; steps++)
        {
            foreach (bool survives in (bool[])[false, true])
            {
                TestLog test = new TestLog().Open();
                ReleaseTests tests = new(test);
                test.Commit(7, ("one", 1, true));
                LogPosition checkpoint = tests.FillAndCheckpoint();
                test.Disk.IsStepwise = true;
                test.Log.Release(Floor(2 + Large, checkpoint, 7));
                bool isDone = false;
                for (int step = 0; step < steps; step++)
                {
                    isDone = !test.Disk.RunOne();
                    test.Log.Poll();
                }

                test.Reopen((_, _) => survives);

                Assert.Empty(test.Log.Damage);
                Assert.Equal("checkpoint", test.Shown[^1]);
                bool isReleased = test.Shown.Count == 3;
                Assert.Equal(isReleased ? 3 : Large + 2, test.Shown.Count);
                Assert.Equal("one", test.Shown[isReleased ? 1 : 0]);
                test.Commit(7, ("behind", 3 + Large, false));
                test.Log.Release(Floor(2 + Large, checkpoint, 7));
                test.Settle();
                test.Reopen();
                Assert.Equal([$"g7 from r{2 + Large}", "one", "checkpoint", "behind"], test.Shown);
                if (isDone && survives)
                    return;
            }
        }
    }

    [Fact]
    public void No_file_goes_before_the_floor_is_durable()
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        string[] before = Files();
        _test.Disk.IsStepwise = true;
        _test.Log.Release(Floor(2 + Large, checkpoint, 7));
        int flushes = _test.Disk.Performed(DiskJobKind.Flush);

        while (_test.Disk.Performed(DiskJobKind.Flush) == flushes)
        {
            Assert.Equal(before, Files());
            Assert.Equal(0, _test.Log.Base.Bytes);
            Assert.True(_test.Disk.RunOne());
            _test.Log.Poll();
        }

        Assert.NotEqual(0, _test.Log.Base.Bytes);
    }

    [Fact]
    public void Nothing_is_written_to_a_recycled_file_before_its_name_is_durable()
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        _test.Disk.IsStepwise = true;
        _test.Log.Release(Floor(2 + Large, checkpoint, 7));
        int changes = 0;
        while (_test.Disk.RunOne())
        {
            _test.Log.Poll();
            if (_test.Disk.UnflushedNames == 0)
                continue;

            changes++;
            Assert.True(_test.Disk.RunOne());
            Assert.Equal(0, _test.Disk.UnflushedNames);
        }

        Assert.Equal(2, changes);
    }

    [Fact]
    [Feature("C05")]
    public void Old_frames_of_a_recycled_segment_are_not_taken_for_new_ones()
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        Release(2 + Large, checkpoint);
        string[] shown = [$"g7 from r{2 + Large}", "checkpoint"];
        long number = 3 + Large;
        while (_test.Log.Report.Bytes < 4 * TestLog.SegmentBytes)
        {
            string body = _test.Large('n');
            shown = [.. shown, body];
            _test.Commit(7, (body, number++, false));
        }

        Assert.Contains("000000000005-0002.log", Files());
        _test.Reopen();
        Assert.Equal(shown, _test.Shown);
        Assert.Empty(_test.Log.Damage);
    }

    [Fact]
    [Feature("C05")]
    public void Files_that_are_missing_and_were_not_released_are_damage()
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        Release(2 + Large, checkpoint);
        _test.Commit(7, [.. Records(3 + Large, 6)]);
        _test.Disk.Remove("000000000003-0001.log");

        _test.Reopen();
        LogDamage damage = Assert.Single(_test.Log.Damage);
        Assert.Equal(2 * TestLog.SegmentBytes, damage.From.Bytes);
        Assert.Equal(3 * TestLog.SegmentBytes, damage.To.Bytes);
        Assert.Contains("the first files are missing", damage.What, StringComparison.Ordinal);
        Assert.Equal($"g7 from r{2 + Large}", _test.Shown[0]);
        Assert.Equal(new RecordNumber(2 + Large), _test.Lost[0].From);
    }

    [Fact]
    [Feature("C05")]
    public void A_damaged_checkpoint_is_told_to_be_lost()
    {
        _test.Commit(7, ("vote", 1, true));
        LogPosition checkpoint = FillAndCheckpoint();
        Release(2 + Large, checkpoint);
        _test.Commit(7, ("behind", 3 + Large, false));
        _test.Log.Dispose();
        Overwrite(checkpoint);

        _test.Reopen();
        Assert.Equal(
            [$"g7 from r{2 + Large}", "vote", $"lost r{2 + Large} to r{2 + Large}", "behind"],
            _test.Shown);
        Assert.False(_test.Lost[0].HidesStatement);
        Assert.Equal(1, Assert.Single(_test.Log.Damage).LostMax);
    }

    [Fact]
    [Feature("C11")]
    public void A_floor_is_read_from_another_place_when_one_is_damaged()
    {
        LogPosition checkpoint = ReleasedTwice(out long number);
        LogPosition[] floors = [.. FrameStarts().Where(HasFloor)];
        Assert.InRange(floors.Length, 2, 10);

        foreach (LogPosition floor in floors[..^1])
            Overwrite(new LogPosition(floor.Bytes + FrameHeader.Bytes));
        _test.Reopen();
        Assert.Equal(new(new GroupId(7), new(number), checkpoint), _test.Floors[0]);
        Assert.Equal("checkpoint", _test.Shown[1]);
    }

    [Fact]
    [Feature("C05")]
    public void A_log_that_has_lost_all_floors_says_that_the_begin_is_lost()
    {
        ReleasedTwice(out long number);
        foreach (LogPosition floor in FrameStarts().Where(HasFloor).ToArray())
            Overwrite(new LogPosition(floor.Bytes + FrameHeader.Bytes));

        _test.Reopen();
        Assert.Empty(_test.Floors);
        Assert.Equal(new RecordNumber(1), _test.Lost[0].From);
        Assert.True(_test.Lost[0].Through < new RecordNumber(number));
        Assert.Contains("checkpoint", _test.Shown);
    }

    [Fact]
    public void A_full_log_goes_on_at_once_where_something_is_released()
    {
        _test.Options = _test.Options with { CapacityBytes = 3 * TestLog.SegmentBytes };
        _test.Reopen();
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        Assert.Equal(StoragePressure.High, _test.Log.Pressure);

        Release(2 + Large, checkpoint);

        Assert.Equal(StoragePressure.None, _test.Log.Pressure);
    }

    [Fact]
    public void Only_a_record_can_be_a_floor()
    {
        LogPosition one = _test.Commit(7, ("one", 1, false));

        Assert.Throws<ArgumentException>(() => _test.Log.Release(Floor(1, one, group: 8)));
        Assert.Throws<ArgumentException>(() => _test.Log.Release(Floor(1, default, 7)));
        Assert.Throws<ArgumentException>(
            () => _test.Log.Release(Floor(1, new LogPosition(one.Bytes + 8), 7)));
    }

    public ReleaseTests()
    {
    }

    private ReleaseTests(TestLog test) => _test = test;

    private static long Large => 9;

    private static LogFloor Floor(long number, LogPosition position, ulong group) =>
        new(new GroupId(group), new RecordNumber(number), position);

    private string[] Files() => [.. _test.Disk.List().Select(static file => file.Name)];

    // Large records, so that two segments are full and the checkpoint is in the third.
    private LogPosition FillAndCheckpoint(long firstNumber = 2, ulong group = 7)
    {
        foreach ((string body, long number, bool _) in Records(firstNumber, Large))
            _test.Commit(group, (body, number, false));
        return _test.Commit(group, ("checkpoint", firstNumber + Large, false));
    }

    private IEnumerable<(string Body, long Number, bool IsStatement)> Records(
        long first, long count)
    {
        for (long number = first; number < first + count; number++)
            yield return (_test.Large((char)('a' + (number % 26))), number, false);
    }

    private void Release(long number, LogPosition position, ulong group = 7)
    {
        _test.Log.Release(Floor(number, position, group));
        _test.Settle();
    }

    private LogPosition ReleasedTwice(out long number)
    {
        _test.Commit(7, ("one", 1, false));
        LogPosition checkpoint = FillAndCheckpoint();
        Release(2 + Large, checkpoint);
        number = 3 + Large;
        checkpoint = FillAndCheckpoint(number);
        number += Large;
        Release(number, checkpoint);
        _test.Commit(7, ("behind", number + 1, false));
        _test.Log.Dispose();
        return checkpoint;
    }

    private string FileOf(LogPosition position)
    {
        long index = (position.Bytes / TestLog.SegmentBytes) + 1;
        return Files().Single(file => file.StartsWith($"{index:D12}", StringComparison.Ordinal));
    }

    private void Overwrite(LogPosition position) => _test.Disk.Overwrite(
        FileOf(position), (int)(position.Bytes % TestLog.SegmentBytes) + 52, [0xFF, 0xFE]);

    private IEnumerable<LogPosition> FrameStarts()
    {
        long end = _test.Log.Report.Bytes;
        for (long position = _test.Log.Base.Bytes; position < end; position += Sector.Bytes)
            yield return new LogPosition(position);
    }

    private bool HasFloor(LogPosition frame)
    {
        int offset = (int)(frame.Bytes % TestLog.SegmentBytes);
        ReadOnlySpan<byte> bytes = _test.Disk.Bytes(FileOf(frame))[offset..];
        return FrameHeader.TryRead(bytes, out FrameHeader header) && header.Length > 0
            && header.Position == frame.Bytes
            && RecordFormat.IsFloor(bytes[FrameHeader.Bytes..]);
    }
}
