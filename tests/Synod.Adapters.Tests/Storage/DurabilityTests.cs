using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class DurabilityTests
{
    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    [Feature("C02")]
    public void A_crash_right_after_the_acknowledgement_loses_nothing()
    {
        List<string> acknowledged = [];
        for (int round = 0; round < 40; round++)
        {
            string body = $"round {round} ".PadRight(round * 97, '.');
            _test.Commit(body);
            acknowledged.Add(body);
            _test.Reopen();
            Assert.Equal(acknowledged, _test.Shown);
        }
    }

    [Fact]
    [Feature("C02")]
    public void Nothing_is_durable_before_its_flush_has_ended()
    {
        _test.Disk.IsStepwise = true;
        _test.Append("one");
        _test.Log.Flush();

        Assert.True(_test.Disk.RunOne());
        _test.Log.Poll();
        Assert.Equal(default, _test.Log.Durable);

        Assert.True(_test.Disk.RunOne());
        _test.Log.Poll();
        Assert.Equal(_test.Log.Appended, _test.Log.Durable);
    }

    [Fact]
    public void What_was_not_flushed_may_be_lost_and_the_log_goes_on()
    {
        _test.Commit("kept");
        _test.Disk.IsStepwise = true;
        _test.Append("lost");
        _test.Log.Flush();
        _test.Disk.RunOne();

        _test.Reopen();
        Assert.Equal(["kept"], _test.Shown);
        _test.Commit("next");
        _test.Reopen();
        Assert.Equal(["kept", "next"], _test.Shown);
    }

    [Fact]
    public void All_of_a_header_comes_back()
    {
        RecordHeader header = new(
            new GroupId(0x1111_2222_3333_4444),
            new EpochId(5, new Lineage(UInt128.MaxValue - 6)),
            new RecordNumber(long.MaxValue),
            RecordOwner.Runtime);
        LogPosition position = _test.Log.Append(header, [1, 2], [3]);
        _test.Log.Flush();
        _test.Settle();

        _test.Reopen();
        Assert.Equal([header], _test.Headers);
        Assert.Equal([position], _test.Positions);
        Assert.Equal((position, position), (_test.Log.Appended, _test.Log.Durable));
    }

    [Fact]
    public void Closing_makes_durable_what_was_appended_and_marks_it()
    {
        _test.Append("one");
        _test.Append(_test.Large('x'));
        _test.Log.Dispose();

        _test.Reopen();
        Assert.Equal(2, _test.Shown.Count);
        Assert.True(_test.Positions[^1] < _test.Log.Report.DurableMark);
    }

    [Fact]
    public void Opening_and_closing_without_a_record_writes_one_mark_each_time()
    {
        for (int opening = 2; opening < 6; opening++)
        {
            _test.Log.Dispose();
            _test.Open();
            Assert.Equal(opening, _test.Log.Report.Opening);
            Assert.Equal(opening, _test.Log.Report.Frames);
        }
    }

    [Theory]
    [InlineData(DiskJobKind.Write)]
    [InlineData(DiskJobKind.Flush)]
    public void The_first_error_poisons_for_ever(DiskJobKind failing)
    {
        LogPosition durable = _test.Commit("one");
        _test.Disk.Fail(failing);
        _test.Append("two");
        _test.Log.Flush();
        _test.Append("three");
        _test.Log.Poll();

        LogException poison = Assert.IsType<LogException>(_test.Log.Poison);
        Assert.Contains("EIO", poison.Message, StringComparison.Ordinal);
        Assert.Contains(TestLog.First, poison.Message, StringComparison.Ordinal);
        Assert.Contains("restarted", poison.Message, StringComparison.Ordinal);
        AssertStaysPoisoned(durable, poison);
    }

    [Fact]
    public void A_flush_that_follows_a_failed_one_does_not_count()
    {
        LogPosition durable = _test.Commit("one");
        _test.Disk.IsStepwise = true;
        _test.Disk.Fail(DiskJobKind.Flush);
        while (_test.Log.Report.Segments < 3)
            _test.Append(_test.Large('x'));
        _test.Log.Flush();
        _test.Settle();

        Assert.NotNull(_test.Log.Poison);
        Assert.Equal(durable, _test.Log.Durable);
    }

    // After a failed flush Linux shows readers what it has not written, and says yes to the next
    // flush. So a restarted log must not take what it reads for durable.
    [Fact]
    [Feature("C02")]
    public void What_is_read_after_a_failed_flush_is_made_durable_before_it_is_shown()
    {
        _test.Commit("one");
        _test.Disk.Fail(DiskJobKind.Flush);
        _test.Append("two");
        _test.Log.Flush();
        _test.Log.Poll();
        Assert.NotNull(_test.Log.Poison);

        _test.Disk.Restart();
        _test.Open();
        Assert.Equal(["one", "two"], _test.Shown);
        _test.Reopen();
        Assert.Equal(["one", "two"], _test.Shown);
    }

    [Fact]
    public void An_opening_that_fails_to_write_says_so()
    {
        _test.Log.Dispose();
        _test.Disk.Fail(DiskJobKind.Flush);

        LogException error = Assert.Throws<LogException>(() => _test.Open());
        Assert.Contains("EIO", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_close_that_fails_to_write_is_in_the_poison()
    {
        _test.Append("one");
        _test.Disk.Fail(DiskJobKind.Flush, skip: 1);
        _test.Log.Dispose();

        Assert.Contains("EIO", _test.Log.Poison?.Message, StringComparison.Ordinal);
    }

    private void AssertStaysPoisoned(LogPosition durable, LogException poison)
    {
        int writes = _test.Disk.Performed(DiskJobKind.Write);
        int flushes = _test.Disk.Performed(DiskJobKind.Flush);

        Assert.Same(poison, Assert.Throws<LogException>(() => _test.Append("four")));
        _test.Log.Flush();
        _test.Settle();
        _test.Log.Dispose();

        Assert.Equal(durable, _test.Log.Durable);
        Assert.Same(poison, _test.Log.Poison);
        Assert.Equal(writes, _test.Disk.Performed(DiskJobKind.Write));
        Assert.Equal(flushes, _test.Disk.Performed(DiskJobKind.Flush));
    }
}
