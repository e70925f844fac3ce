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
