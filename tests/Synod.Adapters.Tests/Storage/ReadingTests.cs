using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class ReadingTests
{
    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    public void A_record_is_read_from_memory_before_it_is_written()
    {
        LogPosition one = _test.Append("one");
        LogPosition two = _test.Append(_test.Large('2'));

        Assert.Equal("one", _test.Read(one));
        Assert.Equal(_test.Large('2'), _test.Read(two));
    }

    [Fact]
    public void A_record_that_has_left_the_window_is_read_from_the_disk()
    {
        LogPosition small = _test.Commit("small");
        LogPosition large = _test.Commit(_test.Large('L'));
        for (int record = 0; record < 20; record++)
            _test.Commit(_test.Large('x'));

        Assert.Equal("small", _test.Read(small));
        Assert.Equal(_test.Large('L'), _test.Read(large));
        int offset = (int)small.Bytes + RecordFormat.HeaderBytes;
        _test.Disk.Overwrite(TestLog.First, offset, "SMALL"u8);
        LogException error = Assert.Throws<LogException>(() => _test.Read(small));
        Assert.Contains($"@{small.Bytes}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_window_keeps_the_newest_records_in_memory()
    {
        for (int record = 0; record < 20; record++)
            _test.Commit(_test.Large('x'));
        LogPosition last = _test.Commit("last");
        int offset = (int)(last.Bytes % TestLog.SegmentBytes) + RecordFormat.HeaderBytes;

        _test.Disk.Overwrite(_test.Disk.List()[^2].Name, offset, "LAST"u8);
        Assert.Equal("last", _test.Read(last));
    }

    [Fact]
    public void What_a_slow_disk_has_not_written_stays_in_memory()
    {
        _test.Disk.IsStepwise = true;
        LogPosition[] positions = [.. Enumerable.Range(0, 20).Select(
            number => _test.Append(_test.Large((char)('a' + number))))];

        for (int number = 0; number < positions.Length; number++)
            Assert.Equal(_test.Large((char)('a' + number)), _test.Read(positions[number]));
        _test.Log.Flush();
        _test.Settle();
        for (int number = 0; number < positions.Length; number++)
            Assert.Equal(_test.Large((char)('a' + number)), _test.Read(positions[number]));
    }

    [Fact]
    public void Every_replayed_record_can_be_read()
    {
        string[] bodies = [.. Enumerable.Range(0, 60).Select(
            static number => $"record {number} ".PadRight(number * 100, '.'))];
        _test.Commit(bodies);
        _test.Reopen();

        Assert.Equal(bodies, _test.Positions.Select(_test.Read));
    }

    [Fact]
    public void A_record_is_shown_with_its_header_from_memory_and_from_the_disk()
    {
        LogPosition small = _test.Append("small", number: 41);
        LogPosition large = _test.Append(_test.Large('L'), number: 42);
        (RecordHeader, LogPosition, string)[] fromMemory = [Show(small), Show(large)];
        for (int record = 0; record < 20; record++)
            _test.Commit(_test.Large('x'));

        (RecordHeader, LogPosition, string)[] fromDisk = [Show(small), Show(large)];
        Assert.Equal(fromMemory, fromDisk);
        EpochId epoch = new(3, new Lineage(0x0123));
        RecordHeader header =
            new(new GroupId(7), epoch, new RecordNumber(41), RecordOwner.Kernel);
        Assert.Equal((header, small, "small"), fromMemory[0]);
        Assert.Equal(_test.Large('L'), fromMemory[1].Item3);
        _test.Disk.Overwrite(TestLog.First, (int)small.Bytes, "HEAD"u8);
        Assert.Throws<LogException>(() => Show(small));
    }

    [Fact]
    public void A_place_that_is_no_record_is_refused()
    {
        LogPosition one = _test.Commit("one");

        Assert.Throws<ArgumentOutOfRangeException>(() => _test.Read(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => _test.Read(new(one.Bytes + 1)));
        _test.Reopen();
        Assert.Throws<LogException>(() => _test.Read(new(one.Bytes - 8)));
        Assert.Throws<LogException>(() => Show(new(one.Bytes - 8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Show(default));
    }

    private (RecordHeader Header, LogPosition Position, string Body) Show(LogPosition position)
    {
        _test.Shown.Clear();
        _test.Headers.Clear();
        _test.Positions.Clear();
        _test.Log.Show(position, _test);
        return (_test.Headers.Single(), _test.Positions.Single(), _test.Shown.Single());
    }
}
