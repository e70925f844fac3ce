using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class SegmentTests
{
    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    [Feature("C04")]
    public void Segments_roll_at_their_size_and_one_is_always_ahead()
    {
        Assert.Equal(["000000000001-0001.log", "000000000002-0001.log"], Files());

        for (int record = 0; record < 4; record++)
            _test.Commit(_test.Large('x'));

        Assert.Equal(
            ["000000000001-0001.log", "000000000002-0001.log", "000000000003-0001.log"], Files());
        Assert.All(
            _test.Disk.List(), static file => Assert.Equal(TestLog.SegmentBytes, file.Length));
        Assert.InRange(_test.Log.Durable.Bytes, TestLog.SegmentBytes, 2 * TestLog.SegmentBytes);
    }

    [Fact]
    [Feature("C04")]
    public void Names_first_and_last_are_right_right_after_a_reload()
    {
        List<string> bodies = [];
        List<LogPosition> positions = [];
        for (int record = 0; record < 100; record++)
        {
            bodies.Add($"record {record} ".PadRight(record * 40, '.'));
            positions.Add(_test.Commit(bodies[^1]));
        }

        IReadOnlyList<string> files = Files();
        Assert.InRange(files.Count, 5, 15);
        _test.Reopen();

        Assert.Equal(files, Files());
        Assert.Equal(bodies, _test.Shown);
        Assert.Equal(positions, _test.Positions);
        Assert.Equal(positions[^1], _test.Log.Appended);
        Assert.Equal(positions[^1], _test.Log.Durable);
    }

    [Fact]
    public void A_frame_never_crosses_a_segment()
    {
        for (int record = 0; record < 30; record++)
        {
            long first = _test.Append(_test.Large('x')).Bytes - FrameHeader.Bytes;
            long last = first + TestLog.FrameBytesMax - 1;
            Assert.Equal(first / TestLog.SegmentBytes, last / TestLog.SegmentBytes);
        }
    }

    [Fact]
    [Feature("C04")]
    public void Segments_of_another_size_follow_when_the_option_changes()
    {
        _test.Commit([.. Enumerable.Repeat(_test.Large('a'), 5)]);
        _test.Options = _test.Options with { SegmentBytes = 2 * TestLog.SegmentBytes };
        _test.Reopen();
        _test.Commit([.. Enumerable.Repeat(_test.Large('b'), 10)]);
        _test.Options = _test.Options with { SegmentBytes = TestLog.SegmentBytes };
        _test.Reopen();
        _test.Commit([.. Enumerable.Repeat(_test.Large('c'), 20)]);
        _test.Reopen();

        string letters = string.Concat(_test.Shown.Select(static body => body[0]));
        Assert.Equal(new string('a', 5) + new string('b', 10) + new string('c', 20), letters);
        Assert.Contains(
            _test.Disk.List(), static file => file.Length == 2 * TestLog.SegmentBytes);
    }

    [Fact]
    public void Many_segments_can_be_filled_without_a_poll()
    {
        for (int record = 0; record < 40; record++)
            _test.Append(_test.Large('x'));
        _test.Log.Flush();
        _test.Settle();

        Assert.Equal(_test.Log.Appended, _test.Log.Durable);
        _test.Reopen();
        Assert.Equal(40, _test.Shown.Count);
    }

    [Fact]
    public void The_report_counts_what_is_there()
    {
        _test.Commit("one", "two");
        _test.Commit("three");
        LogReport before = _test.Log.Report;
        _test.Reopen();

        Assert.Equal(
            before with { Opening = 2, Frames = 4, Bytes = 16384, DurableMark = new(8192) },
            _test.Log.Report);
        Assert.Equal((2, 3L), (before.Segments, before.Frames));
        Assert.Equal((3L, 12288L), (before.Records, before.Bytes));
    }

    private IReadOnlyList<string> Files() =>
        [.. _test.Disk.List().Select(static file => file.Name)];
}
