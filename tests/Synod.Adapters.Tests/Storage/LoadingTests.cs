using System.Buffers.Binary;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Records that have left the window come back beside the owner's thread.</summary>
public class LoadingTests
{
    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    public void What_is_in_memory_needs_no_load_and_what_is_not_needs_one()
    {
        LogPosition old = _test.Commit("old");
        Fill(20);
        LogPosition young = _test.Append("young");

        Assert.False(_test.Log.TryRead(old, out _));
        Assert.True(_test.Log.TryRead(young, out ReadOnlySpan<byte> body));
        Assert.Equal("young", Encoding.ASCII.GetString(body));
        int before = _test.Disk.ReadsAtOnce;
        LogLoad load = Load((young, 0), (old, 3));
        Assert.Equal("old", BodyOf(load, old));
        Assert.Equal("young", BodyOf(load, young));
        Assert.Equal(before, _test.Disk.ReadsAtOnce);
    }

    [Fact]
    public void Records_that_lie_close_together_are_read_in_one_piece()
    {
        LogPosition[] positions = [.. Enumerable.Range(0, 40).Select(
            number => _test.Append($"record {number}"))];
        _test.Commit("end");
        Fill(20);

        LogLoad load = Load([.. positions.Select(static position => (position, 9))]);

        Assert.Equal(1, _test.Disk.Performed(DiskJobKind.Read));
        for (int number = 0; number < positions.Length; number++)
            Assert.Equal($"record {number}", BodyOf(load, positions[number]));
    }

    [Fact]
    public void A_record_that_is_longer_than_was_told_is_read_again()
    {
        LogPosition small = _test.Append("small");
        LogPosition large = _test.Commit(_test.Large('L'));
        Fill(20);

        LogLoad load = Load((small, 0), (large, 0));

        Assert.Equal("small", BodyOf(load, small));
        Assert.Equal(_test.Large('L'), BodyOf(load, large));
    }

    [Fact]
    public void Every_record_of_a_log_can_be_loaded_at_once()
    {
        string[] bodies = [.. Enumerable.Range(0, 80).Select(
            static number => $"record {number} ".PadRight(number * 130, '.'))];
        _test.Commit(bodies);
        _test.Reopen();
        LogPosition[] positions = [.. _test.Positions];

        foreach (int known in (int[])[0, 50])
        {
            LogLoad load = Load([.. positions.Select(position => (position, known))]);
            Assert.Equal(bodies, positions.Select(position => BodyOf(load, position)));
        }
    }

    [Fact]
    public void A_record_that_is_damaged_fails_its_load_and_no_other()
    {
        LogPosition one = _test.Commit("one");
        LogPosition two = _test.Commit("two");
        Fill(20);
        _test.Disk.Overwrite(TestLog.First, (int)one.Bytes + RecordFormat.HeaderBytes, "ONE"u8);

        Assert.Contains(
            $"@{one.Bytes}", Load((one, 3)).Failure?.Message, StringComparison.Ordinal);
        Assert.Equal("two", BodyOf(Load((two, 3)), two));
        Assert.Null(_test.Log.Poison);
    }

    // Who reads on for a length that cannot be never ends, and what waits for it never leaves.
    [Theory]
    [InlineData(0, 3)]
    [InlineData(200, 3)]
    [InlineData(int.MaxValue, 3)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(-1, 3)]
    [InlineData(-1, 0)]
    public void A_record_that_is_damaged_in_its_length_fails_its_load(int length, int known)
    {
        LogPosition one = _test.Commit("one");
        Fill(20);
        byte[] claimed = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(claimed, length);
        _test.Disk.Overwrite(TestLog.First, (int)one.Bytes + 4, claimed);

        LogLoad load = LoadWithin(2, (one, known));

        Assert.Contains($"@{one.Bytes}", load.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_short_fails_a_load_of_what_was_in_it()
    {
        LogPosition one = _test.Commit("one");
        Fill(20);
        _test.Disk.Plant(
            TestLog.First, _test.Disk.Bytes(TestLog.First)[..(int)one.Bytes].ToArray());

        LogLoad load = LoadWithin(1, (one, 3));

        Assert.Contains($"@{one.Bytes}", load.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_that_fails_fails_its_load_and_the_log_goes_on()
    {
        LogPosition one = _test.Commit("one");
        Fill(20);
        _test.Disk.Fail(DiskJobKind.Read);

        Assert.Contains("EIO", Load((one, 3)).Failure?.Message, StringComparison.Ordinal);
        Assert.Equal("one", BodyOf(Load((one, 3)), one));
        _test.Commit("two");
    }

    [Fact]
    public void A_flush_does_not_wait_for_a_read()
    {
        LogPosition one = _test.Commit("one");
        Fill(20);
        _test.Disk.IsStepwise = true;
        LogLoad load = Begin((one, 3));
        LogPosition two = _test.Append("two");
        _test.Log.Flush();
        while (_test.Disk.RunOne())
            _test.Log.Poll();

        Assert.Equal(two, _test.Log.Durable);
        Assert.False(_test.Log.TryTakeLoaded(out _));
        Assert.Equal("one", BodyOf(End(load), one));
    }

    [Fact]
    public void What_is_not_written_yet_is_taken_from_memory()
    {
        Fill(20);
        LogPosition old = _test.Commit(_test.Large('o'));
        _test.Commit(_test.Large('x'));
        _test.Disk.IsStepwise = true;
        LogPosition young = _test.Append("young");
        _test.Log.Flush();

        Assert.False(_test.Log.TryRead(old, out _));
        LogLoad load = End(Begin((old, _test.Log.RecordBytesMax), (young, 5)));

        Assert.Equal(_test.Large('o'), BodyOf(load, old));
        Assert.Equal("young", BodyOf(load, young));
    }

    [Fact]
    public void A_file_is_not_used_again_while_it_is_read_from()
    {
        LogPosition old = _test.Commit(7, ("old", 1, false));
        Fill(9);
        LogPosition checkpoint = _test.Commit(7, ("checkpoint", 2, false));
        string[] before = Files();
        _test.Disk.IsStepwise = true;
        LogLoad load = Begin((old, 3));
        _test.Log.Release(
            new LogFloor(new GroupId(7), new RecordNumber(2), checkpoint));
        while (_test.Disk.RunOne())
            _test.Log.Poll();

        Assert.Equal(before, Files());
        Assert.True(_test.Log.Base > old);
        Assert.Equal("old", BodyOf(End(load), old));
        _test.Settle();
        Assert.NotEqual(before, Files());
        Assert.False(End(Begin((old, 3))).TryGet(old, out _));
    }

    private void Fill(int records)
    {
        for (int record = 0; record < records; record++)
            _test.Commit(_test.Large('x'));
    }

    private LogLoad Load(params (LogPosition Position, int Bytes)[] records) =>
        End(Begin(records));

    private LogLoad LoadWithin(int reads, params (LogPosition Position, int Bytes)[] records)
    {
        _test.Disk.IsStepwise = true;
        LogLoad load = Begin(records);
        for (int read = 0; read < reads && _test.Disk.ReadOne(); read++)
            _test.Log.Poll();

        Assert.True(_test.Log.TryTakeLoaded(out LogLoad? done));
        Assert.Same(load, done);
        return load;
    }

    private LogLoad Begin(params (LogPosition Position, int Bytes)[] records)
    {
        LogLoad load = new();
        foreach ((LogPosition position, int bytes) in records)
            load.Add(position, bytes);
        _test.Log.Load(load);
        return load;
    }

    private LogLoad End(LogLoad load)
    {
        LogLoad? done;
        while (!_test.Log.TryTakeLoaded(out done))
        {
            Assert.True(_test.Disk.ReadOne() || _test.Disk.Done > 0);
            _test.Log.Poll();
        }

        Assert.Same(load, done);
        return load;
    }

    private string[] Files() => [.. _test.Disk.List().Select(static file => file.Name)];

    private static string BodyOf(LogLoad load, LogPosition position)
    {
        Assert.Null(load.Failure);
        Assert.True(load.TryGet(position, out ReadOnlySpan<byte> body));
        return Encoding.ASCII.GetString(body);
    }
}
