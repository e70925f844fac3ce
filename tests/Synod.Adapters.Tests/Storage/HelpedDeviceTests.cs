using System.Text;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Who wants the flush performs it.</summary>
public sealed class HelpedDeviceTests : IDisposable
{
    private const string File = "file";
    private const int Large = (256 * 1024) + 1;
    private static readonly TimeSpan SlowFlush = TimeSpan.FromMilliseconds(6);
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(2);

    private readonly string _path = Directory.CreateTempSubdirectory("synod-log-").FullName;
    private readonly AutoResetEvent _woken = new(false);
    private readonly ManualClock _clock = new();
    private readonly FileBlockDevice _device;

    public HelpedDeviceTests()
    {
        _device = FileBlockDevice.Open(_path);
        _device.Clock = _clock;
        _device.IsHelped = true;
        _device.Perform(
            new DiskJob { Kind = DiskJobKind.Create, File = File, Length = 1 << 20 });
        _device.Start(() => _woken.Set());
    }

    [Fact]
    public void What_is_quick_waits_for_the_helper_who_performs_it_before_it_goes_on()
    {
        DiskJob write = Submit(DiskJobKind.Write, "hello"u8.ToArray());
        DiskJob flush = Submit(DiskJobKind.Flush);
        Assert.False(_device.TryTake(out _));

        _device.Help(mayPerform: true);

        Assert.Equal([write, flush], Taken());
        Assert.Null(flush.Error);
        Assert.True(_woken.WaitOne(TimeSpan.Zero));
        byte[] bytes = new byte[5];
        _device.Read(File, 0, bytes);
        Assert.Equal("hello", Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void A_helper_who_must_not_wait_leaves_it_to_the_thread_of_the_device()
    {
        DiskJob write = Submit(DiskJobKind.Write, new byte[4096]);
        DiskJob flush = Submit(DiskJobKind.Flush);

        _device.Help(mayPerform: false);

        Assert.True(_woken.WaitOne(TimeSpan.FromSeconds(60)));
        Assert.Equal([write, flush], Taken());
    }

    [Fact]
    public void What_is_large_or_slow_waits_for_nobody()
    {
        Submit(DiskJobKind.Write, new byte[Large]);
        TakeUnhelped(1);
        Submit(DiskJobKind.Create);
        TakeUnhelped(1);
    }

    [Fact]
    public void Many_small_writes_are_large_together()
    {
        for (int written = 0; written < Large; written += 4096)
            Submit(DiskJobKind.Write, new byte[4096]);

        TakeUnhelped((Large / 4096) + 1);
    }

    [Fact]
    public void After_a_slow_flush_the_helper_waits_for_none_for_a_while()
    {
        int helper = Environment.CurrentManagedThreadId;
        List<int> flushedBy = [];
        using ManualResetEventSlim goesOn = new();
        _device.Performs = job =>
        {
            if (job.Kind != DiskJobKind.Flush)
                return;

            flushedBy.Add(Environment.CurrentManagedThreadId);
            if (flushedBy.Count == 1)
                _clock.Advance(SlowFlush);
            if (flushedBy.Count == 2 && flushedBy[1] != helper)
                goesOn.Wait(TimeSpan.FromSeconds(60));
        };
        Submit(DiskJobKind.Flush);
        _device.Help(mayPerform: true);
        Assert.Single(Taken());

        // It hangs: who helped before goes on, and hears of it when it is done.
        DiskJob hanging = Submit(DiskJobKind.Flush);
        _device.Help(mayPerform: true);
        Assert.Empty(Taken());
        goesOn.Set();
        TakeUnhelped(1);

        Assert.Null(hanging.Error);
        Assert.Equal(helper, flushedBy[0]);
        Assert.NotEqual(helper, flushedBy[1]);

        // A while later it is quick again.
        _clock.Advance(AWhile);
        Submit(DiskJobKind.Flush);
        _device.Help(mayPerform: true);
        Assert.Single(Taken());
        Assert.Equal(helper, flushedBy[2]);
    }

    [Fact]
    public void Draining_needs_no_helper()
    {
        Submit(DiskJobKind.Write, new byte[4096]);
        Submit(DiskJobKind.Flush);

        _device.Drain();

        Assert.Equal(2, Taken().Count);
    }

    [Fact]
    public void The_first_error_is_that_of_all_that_follows_whoever_performs_it()
    {
        DiskJob gone = new() { Kind = DiskJobKind.Flush, File = "gone" };
        _device.Submit(gone);
        _device.Help(mayPerform: true);
        DiskJob helped = Submit(DiskJobKind.Flush);
        _device.Help(mayPerform: true);
        DiskJob other = Submit(DiskJobKind.Create);
        _device.Drain();

        Assert.NotNull(gone.Error);
        Assert.Same(gone.Error, helped.Error);
        Assert.Same(gone.Error, other.Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Jobs_are_done_in_their_order_whoever_performs_them_and_none_is_left(ulong seed)
    {
        SeededRandom random = new(seed);
        List<DiskJob> submitted = [];
        List<DiskJob> done = [];
        for (int round = 0; round < 500; round++)
        {
            int size = random.Below(20) == 0 ? Large : 4096;
            for (long job = random.Below(4); job > 0; job--)
                submitted.Add(Submit(DiskJobKind.Write, new byte[size]));
            if (random.Below(50) == 0)
                submitted.Add(Submit(DiskJobKind.Create));
            submitted.Add(Submit(DiskJobKind.Flush));
            _device.Help(mayPerform: random.Below(3) > 0);
            if (random.Below(3) == 0)
                done.AddRange(Taken());
        }

        // No pulse of a drain: all that is there was promised to somebody.
        while (done.Count < submitted.Count)
        {
            done.AddRange(Taken());
            Assert.True(done.Count == submitted.Count || _woken.WaitOne(60_000));
        }

        Assert.Equal(submitted, done);
        Assert.All(done, static job => Assert.Null(job.Error));
    }

    public void Dispose()
    {
        _device.Dispose();
        _woken.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    private DiskJob Submit(DiskJobKind kind, byte[]? bytes = null)
    {
        DiskJob job = new() { Kind = kind, File = File, Length = 1 << 20, Bytes = bytes };
        _device.Submit(job);
        return job;
    }

    // Nobody is woken for a write.
    private void TakeUnhelped(int count)
    {
        int taken = 0;
        Assert.True(SpinWait.SpinUntil(
            () => (taken += Taken().Count) >= count, TimeSpan.FromSeconds(60)));
        Assert.Equal(count, taken);
    }

    private List<DiskJob> Taken()
    {
        List<DiskJob> jobs = [];
        while (_device.TryTake(out DiskJob? job))
            jobs.Add(job);
        return jobs;
    }
}
