using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class TornTailTests
{
    private static readonly string[] Names = ["all but one", "none from one on", "only one"];

    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    [Feature("C06")]
    public void A_tail_cut_at_any_sector_is_dropped_and_the_log_goes_on()
    {
        // The last sectors are only the padding of the last frame.
        int sectors = WithUnflushedFrames().Disk.Unflushed().Count;
        Assert.InRange(sectors, 60, 200);

        for (int cut = 0; cut < sectors; cut++)
        {
            foreach (string name in Names)
                AssertPrefixSurvives(name, cut);
        }
    }

    [Fact]
    [Feature("C06")]
    public void A_torn_tail_is_reported()
    {
        TestLog test = WithUnflushedFrames();
        int index = 0;
        test.Reopen((_, _) => index++ != 1);

        Assert.Equal(["kept"], test.Shown);
        Assert.InRange(test.Log.Report.TornBytes, 30_000, 40_000);
        test.Reopen();
        Assert.Equal(0, test.Log.Report.TornBytes);
    }

    // B is torn in the middle, and C behind it is intact. The next opening appends B again, byte
    // for byte, and crashes so that exactly the sectors survive that were missing. Without a
    // durable cut between, the old B would be whole again, and the old C would follow it.
    [Fact]
    public void Stale_frames_never_come_back_to_life()
    {
        const int frameSectors = TestLog.FrameBytesMax / MemoryBlockDevice.SectorBytes;
        for (int torn = 1; torn < frameSectors; torn++)
        {
            TestLog test = new TestLog().Open();
            test.Commit("A");
            WriteUnflushed(test, test.Large('B'), test.Large('C'));
            int start = test.Disk.Unflushed()[0].Sector;
            test.Reopen((_, sector) => sector != start + torn);
            Assert.Equal(["A"], test.Shown);

            WriteUnflushed(test, test.Large('B'));
            test.Reopen((_, sector) => sector == start + torn);

            Assert.Equal(["A"], test.Shown);
            test.Commit("D");
            test.Reopen();
            Assert.Equal(["A", "D"], test.Shown);
        }
    }

    [Fact]
    [Feature("C06")]
    public void A_torn_first_opening_leaves_a_new_log()
    {
        TestLog test = new();
        test.Disk.Plant(TestLog.First, []);
        test.Open().Commit("one");
        test.Reopen();
        Assert.Equal(["one"], test.Shown);

        test.Disk.Plant(TestLog.First, new byte[TestLog.SegmentBytes]);
        Assert.Throws<LogException>(() => test.Open());
        test.Disk.Remove("000000000002-0001.log");
        test.Open();
        Assert.Empty(test.Shown);
    }

    [Fact]
    [Feature("C06")]
    public void A_log_that_must_be_there_and_is_not_is_refused()
    {
        _test.Commit("one");
        _test.Log.Dispose();
        _test.Options = _test.Options with { MustBeThere = true };
        Assert.Equal(["one"], _test.Open().Shown);
        _test.Log.Dispose();
        foreach (DiskFile file in _test.Disk.List())
            _test.Disk.Remove(file.Name);

        LogException error = Assert.Throws<LogException>(() => _test.Open());

        Assert.Contains("not one intact frame", error.Message, StringComparison.Ordinal);
        Assert.Empty(_test.Disk.List());
    }

    [Fact]
    [Feature("C06")]
    public void A_half_made_spare_segment_is_made_again()
    {
        _test.Disk.IsStepwise = true;
        while (_test.Log.Report.Segments < 3)
            _test.Append(_test.Large('x'));
        int waiting = _test.Disk.Waiting;
        for (int job = 1; job < waiting; job++)
            _test.Disk.RunOne();

        _test.Reopen((_, _) => true);
        Assert.Equal(3, _test.Log.Report.Segments);
        Assert.Equal(TestLog.SegmentBytes, _test.Disk.List()[2].Length);
        Assert.Equal(StoragePressure.None, _test.Log.Pressure);
    }

    [Theory]
    [Feature("C06")]
    [InlineData(-1, 1)]
    [InlineData(1 << 20, 1)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(56, 2)]
    [InlineData(56, -1)]
    public void An_impossible_size_of_a_frame_is_reported(int length, int records)
    {
        _test.Commit("one");
        FrameHeader header = HeaderAt(Sector.Bytes);
        Overwrite(Sector.Bytes, header with { Length = length, Records = records });

        LogException error = Assert.Throws<LogException>(() => _test.Reopen());
        Assert.Contains($"{TestLog.First} at offset 4096", error.Message, StringComparison.Ordinal);
        Assert.Contains("impossible size", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Feature("C06")]
    [InlineData(-1)]
    [InlineData(9)]
    [InlineData(int.MaxValue)]
    public void An_impossible_size_of_a_record_is_reported(int length)
    {
        _test.Commit("one");
        FrameHeader header = HeaderAt(Sector.Bytes);
        int start = Sector.Bytes + FrameHeader.Bytes;
        byte[] body = _test.Disk.Bytes(TestLog.First).Slice(start, header.Length).ToArray();
        BitConverter.TryWriteBytes(body.AsSpan(4), length);
        _test.Disk.Overwrite(TestLog.First, start, body);
        Overwrite(Sector.Bytes, header with { BodyCrc = Crc32C.Of(body) });

        LogException error = Assert.Throws<LogException>(() => _test.Reopen());
        Assert.Contains("impossible size", error.Message, StringComparison.Ordinal);
    }

    private static TestLog WithUnflushedFrames()
    {
        TestLog test = new TestLog().Open();
        test.Commit("kept");
        WriteUnflushed(test, test.Large('a'), test.Large('b'), "c");
        return test;
    }

    private static void WriteUnflushed(TestLog test, params string[] bodies)
    {
        test.Disk.IsStepwise = true;
        foreach (string body in bodies)
            test.Append(body);
        test.Log.Flush();
        while (test.Disk.Waiting > 1)
            test.Disk.RunOne();
    }

    private static void AssertPrefixSurvives(string name, int cut)
    {
        TestLog test = WithUnflushedFrames();
        string[] all = ["kept", test.Large('a'), test.Large('b'), "c"];
        int index = 0;
        test.Reopen((_, _) => Survives(name, index++, cut));
        int count = test.Shown.Count;
        Assert.InRange(count, 1, name == Names[2] ? 1 : all.Length);
        Assert.Equal(all[..count], test.Shown);

        test.Commit("next");
        test.Reopen();
        Assert.Equal([.. all[..count], "next"], test.Shown);
    }

    private static bool Survives(string name, int index, int cut) =>
        name == Names[0] ? index != cut : name == Names[1] ? index < cut : index == cut;

    private FrameHeader HeaderAt(int offset)
    {
        ReadOnlySpan<byte> bytes = _test.Disk.Bytes(TestLog.First);
        Assert.True(FrameHeader.TryRead(bytes.Slice(offset, Sector.Bytes), out FrameHeader header));
        return header;
    }

    private void Overwrite(int offset, FrameHeader header)
    {
        byte[] bytes = new byte[FrameHeader.Bytes];
        header.WriteTo(bytes);
        _test.Disk.Overwrite(TestLog.First, offset, bytes);
    }
}
