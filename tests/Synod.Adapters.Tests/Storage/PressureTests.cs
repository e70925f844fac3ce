using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class PressureTests
{
    private readonly ManualClock _clock = new();
    private readonly TestLog _test = new();

    public PressureTests()
    {
        _test.Options = _test.Options with
        {
            CapacityBytes = 2 * TestLog.SegmentBytes,
            Clock = _clock,
        };
    }

    [Fact]
    public void The_reserve_is_high_and_its_last_quarter_full_and_behind_it_is_poison()
    {
        _test.Open();
        List<StoragePressure> seen = FillToTheEnd();

        StoragePressure[] steps = [.. seen.Distinct()];
        Assert.Equal([StoragePressure.None, StoragePressure.High, StoragePressure.Full], steps);
        string? message = _test.Log.Poison?.Message;
        Assert.Contains("full to the last byte", message, StringComparison.Ordinal);
        Assert.Contains("CapacityBytes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_log_opens_and_shows_what_it_holds()
    {
        _test.Open();
        int records = FillToTheEnd().Count;
        _test.Disk.Restart();

        _test.Open();
        for (int opening = 0; opening < 10 && _test.Log.Poison is null; opening++)
            _test.Reopen();
        Assert.Equal(records, _test.Shown.Count);
        Assert.Equal(StoragePressure.Full, _test.Log.Pressure);
        Assert.NotNull(_test.Log.Poison);
        Assert.Equal(_test.Shown[0], _test.Read(_test.Positions[0]));

        _test.Options = _test.Options with { CapacityBytes = 3 * TestLog.SegmentBytes };
        _test.Reopen().Commit("more");
    }

    [Fact]
    public void A_full_disk_is_foreseen_and_service_resumes_by_itself()
    {
        _test.Options = _test.Options with { CapacityBytes = 16 * TestLog.SegmentBytes };
        _test.Disk.RoomBytes = 2 * TestLog.SegmentBytes;
        _test.Open();
        while (_test.Log.Pressure == StoragePressure.None)
            _test.Commit("x".PadRight(1000));
        Assert.Equal(StoragePressure.High, _test.Log.Pressure);
        Assert.Null(_test.Log.Poison);

        _test.Disk.RoomBytes = 3 * TestLog.SegmentBytes;
        _test.Commit("still high");
        Assert.Equal(StoragePressure.High, _test.Log.Pressure);
        _clock.Advance(_test.Options.SpareRetryInterval);
        _test.Log.Poll();
        _test.Settle();

        Assert.Equal(StoragePressure.None, _test.Log.Pressure);
    }

    [Fact]
    public void A_full_disk_is_tried_again_at_most_once_in_the_interval()
    {
        _test.Options = _test.Options with { CapacityBytes = 16 * TestLog.SegmentBytes };
        _test.Disk.RoomBytes = TestLog.SegmentBytes;
        _test.Open();
        Assert.Equal(StoragePressure.High, _test.Log.Pressure);
        int before = _test.Disk.Performed(DiskJobKind.Create);

        for (int poll = 0; poll < 100; poll++)
        {
            _clock.Advance(_test.Options.SpareRetryInterval / 10);
            _test.Log.Poll();
            Assert.Equal(StoragePressure.High, _test.Log.Pressure);
        }

        Assert.InRange(_test.Disk.Performed(DiskJobKind.Create) - before, 5, 10);
    }

    [Fact]
    public void A_log_that_fits_nowhere_is_refused()
    {
        _test.Disk.RoomBytes = TestLog.SegmentBytes - 1;

        LogException error = Assert.Throws<LogException>(() => _test.Open());
        Assert.Contains("full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_was_needed_at_once_and_does_not_fit_is_poison()
    {
        _test.Options = _test.Options with { CapacityBytes = 16 * TestLog.SegmentBytes };
        _test.Disk.RoomBytes = 2 * TestLog.SegmentBytes;
        _test.Open();
        LogPosition durable = _test.Commit("one");
        _test.Disk.IsStepwise = true;
        for (int record = 0; record < 9; record++)
            _test.Append(_test.Large('x'));
        _test.Settle();

        Assert.Contains("ENOSPC", _test.Log.Poison?.Message, StringComparison.Ordinal);
        Assert.True(durable <= _test.Log.Durable);
        _test.Reopen();
        Assert.Equal("one", _test.Shown[0]);
    }

    [Theory]
    [InlineData(nameof(FileLogOptions.SegmentBytes))]
    [InlineData(nameof(FileLogOptions.FrameBytesMax))]
    [InlineData(nameof(FileLogOptions.CapacityBytes))]
    [InlineData(nameof(FileLogOptions.WindowBytes))]
    public void Sizes_that_do_not_fit_together_are_refused_by_name(string name)
    {
        _test.Options = name switch
        {
            nameof(FileLogOptions.SegmentBytes) => _test.Options with { SegmentBytes = 65_537 },
            nameof(FileLogOptions.FrameBytesMax) => _test.Options with { FrameBytesMax = 0 },
            nameof(FileLogOptions.CapacityBytes) => _test.Options with { CapacityBytes = 65_536 },
            _ => _test.Options with { WindowBytes = -1 },
        };

        ArgumentException error = Assert.Throws<ArgumentException>(() => _test.Open());
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
    }

    private List<StoragePressure> FillToTheEnd()
    {
        List<StoragePressure> seen = [];
        string body = "x".PadRight(3000);
        while (_test.Log.Poison is null)
        {
            try
            {
                _test.Commit(body);
                seen.Add(_test.Log.Pressure);
            }
            catch (LogException)
            {
                Assert.NotNull(_test.Log.Poison);
            }
        }

        return seen;
    }
}
