using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Release where the disk is damaged or full, and with many floors.</summary>
public class ReleaseFaultTests
{
    private const int Filling = 7;

    private readonly TestLog _test = new TestLog().Open();
    private long _number;

    [Fact]
    [Feature("C11")]
    public void A_statement_that_is_lost_before_the_floor_is_told_at_the_floor()
    {
        Commit("vote 1", isStatement: true);
        Fill();
        LogPosition vote = Commit("vote 2", isStatement: true);
        Release(Commit("next"));
        Commit("behind");
        Assert.NotEqual(0, _test.Log.Base.Bytes);
        Assert.True(_test.Log.Base < vote);
        Overwrite(vote, new byte[2 * Sector.Bytes]);

        _test.Reopen();
        Assert.Equal(
            ["g7 from r10", "vote 1", "lost r10 to r9", "next", "behind"], _test.Shown);
        Assert.True(Assert.Single(_test.Lost).HidesStatement);
    }

    [Fact]
    [Feature("C11")]
    public void A_newer_statement_that_is_left_shows_that_none_is_hidden_before_the_floor()
    {
        Commit("vote 1", isStatement: true);
        Fill();
        LogPosition vote = Commit("vote 2", isStatement: true);
        Commit("vote 3", isStatement: true);
        Release(Commit("next"));
        Commit("behind");
        Assert.NotEqual(0, _test.Log.Base.Bytes);
        Assert.True(_test.Log.Base < vote);
        Overwrite(vote, new byte[2 * Sector.Bytes]);

        _test.Reopen();
        Assert.Equal(["g7 from r11", "vote 3", "next", "behind"], _test.Shown);
        Assert.Empty(_test.Lost);
        Assert.Single(_test.Log.Damage);
    }

    [Fact]
    [Feature("C11")]
    public void A_statement_that_was_shown_from_a_copy_can_be_read_when_the_copy_is_released()
    {
        LogPosition original = Commit("vote", isStatement: true);
        Fill();
        Overwrite(original, new byte[Sector.Bytes]);
        _test.Reopen();
        int index = _test.Shown.IndexOf("vote");
        LogPosition shown = _test.Positions[index];
        Assert.NotEqual(original, shown);
        Assert.True(shown < _test.Positions[index + 1]);

        Fill();
        Release(Commit("checkpoint"));
        Assert.True(_test.Log.Base.Bytes >= 4 * TestLog.SegmentBytes);
        Assert.Equal("vote", _test.Read(shown));
    }

    [Fact]
    [Feature("C04")]
    public void A_file_is_not_used_again_behind_one_that_may_not_fit_on_the_disk()
    {
        Commit("one");
        Fill();
        LogPosition checkpoint = Commit("checkpoint");
        _test.Disk.RoomBytes = 4 * TestLog.SegmentBytes;
        _test.Disk.IsStepwise = true;
        _test.Log.Release(new LogFloor(new GroupId(7), new RecordNumber(_number), checkpoint));
        for (int record = 0; record < 4; record++)
            _test.Append(_test.Large('y'), ++_number);
        _test.Log.Flush();
        int creates = _test.Disk.Performed(DiskJobKind.Create);
        while (_test.Disk.RunOne())
            _test.Log.Poll();

        Assert.Equal(creates + 1, _test.Disk.Performed(DiskJobKind.Create));
        Assert.NotEqual(0, _test.Log.Base.Bytes);
        Assert.Equal(
            ["000000000003-0001.log", "000000000004-0001.log", "000000000005-0002.log",
                "000000000006-0002.log"],
            _test.Disk.List().Select(static file => file.Name));
        _test.Disk.IsStepwise = false;
        Fill();
        Assert.Null(_test.Log.Poison);
        _test.Reopen();
        Assert.Empty(_test.Log.Damage);
        Assert.Equal("g7 from r9", _test.Shown[0]);
        Assert.Equal(1 + 1 + 4 + Filling, _test.Shown.Count);
    }

    [Fact]
    [Feature("C04")]
    public void A_group_that_was_idle_for_long_does_not_make_the_release_impossible()
    {
        LogPosition first = _test.Commit(8, ("idle", 1, false));
        for (int floor = 0; floor < 1000; floor++)
        {
            LogPosition record = _test.Append("record", ++_number);
            _test.Log.Release(new LogFloor(new GroupId(7), new RecordNumber(_number), record));
        }

        Fill();
        Release(Commit("checkpoint"));
        Assert.Equal(0, _test.Log.Base.Bytes);
        LogPosition idle = _test.Commit(8, ("no more", 2, false));
        Assert.True(first < idle);
        _test.Log.Release(new LogFloor(new GroupId(8), new RecordNumber(2), idle));
        _test.Settle();

        Assert.NotEqual(0, _test.Log.Base.Bytes);
        _test.Reopen();
        Assert.Equal(["g7 from r1008", "g8 from r2", "checkpoint", "no more"], _test.Shown);
    }

    [Fact]
    [Feature("C04")]
    public void A_log_that_closes_uses_no_file_again()
    {
        Commit("one");
        Fill();
        LogPosition checkpoint = Commit("checkpoint");
        string[] before = [.. _test.Disk.List().Select(static file => file.Name)];

        _test.Log.Release(new LogFloor(new GroupId(7), new RecordNumber(_number), checkpoint));
        _test.Log.Dispose();

        Assert.NotEqual(0, _test.Log.Base.Bytes);
        Assert.Equal(before, _test.Disk.List().Select(static file => file.Name));
        _test.Reopen();
        Assert.Equal([$"g7 from r{_number}", "checkpoint"], _test.Shown);
    }

    // Three records to a segment, so the third has room left.
    private void Fill()
    {
        for (int record = 0; record < Filling; record++)
            Commit(_test.Large('x'));
    }

    private LogPosition Commit(string body, bool isStatement = false) =>
        _test.Commit(7, (body, ++_number, isStatement));

    // The newest record is the floor.
    private void Release(LogPosition newest)
    {
        _test.Log.Release(new LogFloor(new GroupId(7), new RecordNumber(_number), newest));
        _test.Settle();
    }

    private void Overwrite(LogPosition position, byte[] bytes)
    {
        long index = (position.Bytes / TestLog.SegmentBytes) + 1;
        string file = _test.Disk.List().Select(static file => file.Name).Single(
            name => name.StartsWith($"{index:D12}", StringComparison.Ordinal));
        long sector = position.Bytes % TestLog.SegmentBytes / Sector.Bytes;
        _test.Disk.Overwrite(file, (int)sector * Sector.Bytes, bytes);
    }
}
