using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>A log that has nothing to do says once that all is durable.</summary>
public class IdleMarkTests
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly TestLog _test = new();

    public IdleMarkTests()
    {
        _test.Options = _test.Options with { IdleMarkAfter = After, Clock = _clock };
        _test.Open();
    }

    [Fact]
    public void It_is_written_once_and_then_the_disk_is_left_alone()
    {
        Assert.Equal(Timeout.InfiniteTimeSpan, _test.Log.PollWithin);
        _test.Commit("one");
        Assert.Equal(After, _test.Log.PollWithin);
        _clock.Advance(After / 2);
        _test.Settle();
        Assert.Equal(After / 2, _test.Log.PollWithin);
        (int writes, int flushes) = Jobs();

        _clock.Advance(After / 2);
        _test.Settle();
        Assert.Equal((writes + 1, flushes + 1), Jobs());
        for (int second = 0; second < 100; second++)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, _test.Log.PollWithin);
            _clock.Advance(After);
            _test.Settle();
        }

        Assert.Equal((writes + 1, flushes + 1), Jobs());
        _test.Log.Dispose();
        Assert.Equal((writes + 1, flushes + 1), Jobs());
    }

    [Fact]
    public void It_is_written_again_when_something_came_since()
    {
        for (int round = 0; round < 3; round++)
        {
            _test.Commit("one");
            (int writes, int flushes) = Jobs();
            _clock.Advance(After);
            _test.Settle();
            _clock.Advance(After);
            _test.Settle();
            Assert.Equal((writes + 1, flushes + 1), Jobs());
        }

        _test.Reopen();
        Assert.Equal(["one", "one", "one"], _test.Shown);
        Assert.Equal(0, _test.Log.Report.TornBytes);
    }

    [Fact]
    public void What_a_rush_has_left_in_memory_is_given_back_and_read_from_the_disk()
    {
        for (int record = 0; record < 20; record++)
            _test.Commit(_test.Large('x'));
        LogPosition last = _test.Commit("last");
        Assert.True(_test.Log.TryRead(last, out _));

        _clock.Advance(After);
        _test.Settle();
        Assert.False(_test.Log.TryRead(last, out _));
        Assert.Equal("last", _test.Read(last));
        Assert.Equal("next", _test.Read(_test.Commit("next")));
    }

    [Fact]
    public void A_log_that_is_busy_writes_none()
    {
        _test.Disk.IsStepwise = true;
        _test.Append("one");
        _test.Log.Flush();
        _clock.Advance(10 * After);
        _test.Log.Poll();

        Assert.Equal(Timeout.InfiniteTimeSpan, _test.Log.PollWithin);
        Assert.Equal(2, _test.Disk.Waiting);
        _test.Settle();
        Assert.Equal(After, _test.Log.PollWithin);
        _test.Append("not flushed yet");
        Assert.Equal(Timeout.InfiniteTimeSpan, _test.Log.PollWithin);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Feature("C05")]
    public void What_was_flushed_last_and_is_damaged_later_is_damage_and_no_torn_tail(bool isIdle)
    {
        _test.Commit("one");
        int last = (int)_test.Commit("two").Bytes;
        if (isIdle)
            _clock.Advance(After);
        _test.Settle();
        _test.Disk.Overwrite(TestLog.First, last, [0xFF, 0xFF, 0xFF, 0xFF]);
        _test.Reopen();

        Assert.Equal(isIdle ? 1 : 0, _test.Log.Damage.Count);
        Assert.Equal(isIdle ? ["one", "lost r2 to r2"] : ["one"], _test.Shown);
    }

    private (int Writes, int Flushes) Jobs() =>
        (_test.Disk.Performed(DiskJobKind.Write), _test.Disk.Performed(DiskJobKind.Flush));
}
