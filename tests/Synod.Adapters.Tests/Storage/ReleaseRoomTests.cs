using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Files that are released take room until they are used again or removed.</summary>
public class ReleaseRoomTests
{
    private readonly TestLog _test = new TestLog().Open();
    private long _number;

    [Fact]
    [Feature("C04")]
    public void A_released_file_that_is_still_read_from_takes_of_the_capacity()
    {
        OpenWithRoomFor(4);
        LogPosition first = Commit("one");
        LogPosition checkpoint = Fill(8);
        Assert.Equal(4, _test.Disk.List().Count);
        _test.Disk.IsStepwise = true;
        LogLoad load = new();
        load.Add(first, TestLog.SegmentBytes);
        _test.Log.Load(load);
        Release(checkpoint);
        RunAll();
        Assert.NotEqual(0, _test.Log.Base.Bytes);
        Assert.Equal(StoragePressure.None, _test.Log.Pressure);

        while (_test.Log.Pressure == StoragePressure.None)
            Append();
        RunAll();
        Assert.InRange(_test.Disk.List().Count, 1, 4);
        Assert.Equal(StoragePressure.High, _test.Log.Pressure);

        Assert.True(_test.Disk.ReadOne());
        RunAll();
        Assert.InRange(_test.Disk.List().Count, 1, 4);
        Assert.Equal(StoragePressure.None, _test.Log.Pressure);
    }

    [Fact]
    [Feature("C04")]
    public void A_segment_that_is_made_when_the_log_is_in_it_already_is_no_reserve()
    {
        OpenWithRoomFor(3);
        _test.Disk.IsStepwise = true;
        while (_test.Log.Pressure == StoragePressure.None)
            Append();
        Assert.Equal(2, _test.Disk.List().Count);

        RunAll();
        Assert.Equal(3, _test.Disk.List().Count);
        Assert.Equal(StoragePressure.High, _test.Log.Pressure);
        Assert.NotEqual(Timeout.InfiniteTimeSpan, _test.Log.PollWithin);
    }

    [Fact]
    [Feature("C04")]
    public void An_opening_uses_a_released_file_again_rather_than_to_make_one_more()
    {
        OpenWithRoomFor(3);
        Commit("one");
        LogPosition checkpoint = Fill(8);
        Assert.Equal(StoragePressure.High, _test.Log.Pressure);
        _test.Disk.IsStepwise = true;
        Release(checkpoint);
        while (_test.Log.Base.Bytes == 0)
        {
            Assert.True(_test.Disk.RunOne());
            _test.Log.Poll();
        }

        _test.Reopen();
        Assert.Equal(
            ["000000000002-0001.log", "000000000003-0001.log", "000000000004-0002.log"],
            _test.Disk.List().Select(static file => file.Name));
        Assert.Equal(StoragePressure.None, _test.Log.Pressure);
        Commit("behind");
        Fill(3);
        Assert.InRange(_test.Disk.List().Count, 1, 3);
        _test.Reopen();
        Assert.Empty(_test.Log.Damage);
        Assert.Equal(["g7 from r9", _test.Large('x'), "behind"], _test.Shown[..3]);
        Assert.Equal(2 + 1 + 3, _test.Shown.Count);
    }

    private void OpenWithRoomFor(int segments)
    {
        _test.Options = _test.Options with { CapacityBytes = segments * TestLog.SegmentBytes };
        _test.Reopen();
    }

    private LogPosition Commit(string body) => _test.Commit(7, (body, ++_number, false));

    private LogPosition Append() => _test.Append(_test.Large('x'), ++_number);

    private LogPosition Fill(int records)
    {
        LogPosition last = default;
        for (int record = 0; record < records; record++)
            last = Commit(_test.Large('x'));
        return last;
    }

    // The newest record is the floor.
    private void Release(LogPosition newest) =>
        _test.Log.Release(new LogFloor(new GroupId(7), new RecordNumber(_number), newest));

    private void RunAll()
    {
        do
            _test.Log.Poll();
        while (_test.Disk.RunOne());
        _test.Log.Poll();
    }
}
