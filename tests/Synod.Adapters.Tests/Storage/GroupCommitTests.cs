using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class GroupCommitTests
{
    private readonly TestLog _test = new TestLog().Open();

    private int Flushes => _test.Disk.Performed(DiskJobKind.Flush);

    private int Writes => _test.Disk.Performed(DiskJobKind.Write);

    [Fact]
    [Feature("C03")]
    public void Many_appends_share_one_write_and_one_flush()
    {
        (int writes, int flushes) = (Writes, Flushes);

        for (int number = 1; number <= 50; number++)
            _test.Append("command", number);
        _test.Log.Flush();
        _test.Log.Poll();

        Assert.Equal(_test.Log.Appended, _test.Log.Durable);
        Assert.Equal((writes + 1, flushes + 1), (Writes, Flushes));
    }

    [Fact]
    [Feature("C03")]
    public void What_is_appended_during_a_flush_shares_the_next_one()
    {
        _test.Disk.IsStepwise = true;
        LogPosition first = _test.Append("first");
        _test.Log.Flush();
        int flushes = Flushes;

        for (int number = 2; number <= 50; number++)
        {
            _test.Append("meanwhile", number);
            _test.Log.Flush();
            _test.Log.Poll();
        }

        Assert.Equal(2, _test.Disk.Waiting);
        _test.Disk.Drain();
        _test.Log.Poll();
        Assert.Equal(first, _test.Log.Durable);
        _test.Settle();
        Assert.Equal(_test.Log.Appended, _test.Log.Durable);
        Assert.Equal(flushes + 2, Flushes);
    }

    [Fact]
    public void A_batch_larger_than_a_frame_takes_several_writes_and_one_flush()
    {
        (int writes, int flushes) = (Writes, Flushes);

        _test.Commit(_test.Large('a'), _test.Large('b'), "c");

        Assert.Equal((writes + 3, flushes + 1), (Writes, Flushes));
    }

    [Fact]
    public void A_flush_without_anything_new_does_nothing()
    {
        _test.Commit("one");
        (int writes, int flushes) = (Writes, Flushes);

        _test.Log.Flush();
        _test.Log.Poll();

        Assert.Equal((writes, flushes), (Writes, Flushes));
    }

    [Fact]
    public void The_owner_is_woken_by_a_flush_and_not_by_a_write()
    {
        _test.Disk.IsStepwise = true;
        _test.Append("one");
        _test.Log.Flush();
        int wakes = _test.Wakes;

        Assert.True(_test.Disk.RunOne());
        Assert.Equal(wakes, _test.Wakes);
        Assert.True(_test.Disk.RunOne());
        Assert.Equal(wakes + 1, _test.Wakes);
    }

    [Fact]
    public void Durable_moves_only_in_Poll()
    {
        LogPosition one = _test.Append("one");
        _test.Log.Flush();

        Assert.Equal(default, _test.Log.Durable);
        _test.Log.Poll();
        Assert.Equal(one, _test.Log.Durable);
    }

    [Fact]
    public void A_record_that_is_too_large_is_refused_and_nothing_else_is()
    {
        string large = _test.Large('x');

        Assert.Throws<ArgumentException>(() => _test.Append(large + "x"));
        _test.Commit(large);
    }

    [Fact]
    public void Appending_and_flushing_allocate_nothing_in_the_long_run()
    {
        RecordHeader header = new(new GroupId(1), default, new RecordNumber(1), RecordOwner.Kernel);
        byte[] body = new byte[100];
        _test.Options = _test.Options with { SegmentBytes = 32 << 20, CapacityBytes = 64 << 20 };
        FileLog log = FileLog.Open(new FreeDisk(), _test.Options, static () => { });

        // What allocates at each command does so in every round; the compiler, which works beside
        // us, only in some.
        Assert.Contains(0, Enumerable.Range(0, 8).Select(_ => AllocatedBy(500)));

        long AllocatedBy(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int number = 0; number < count; number++)
            {
                log.Append(header, body, body);
                log.Flush();
                log.Poll();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
