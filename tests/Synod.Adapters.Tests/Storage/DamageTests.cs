using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class DamageTests
{
    private const string Second = "000000000002-0001.log";
    private const string Third = "000000000003-0001.log";

    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    public void A_flipped_byte_in_what_was_flushed_is_refused_by_name_and_nothing_is_changed()
    {
        _test.Commit("one");
        _test.Commit("two");
        _test.Commit("three");
        byte[] intact = _test.Disk.Bytes(TestLog.First)[..(3 * Sector.Bytes)].ToArray();

        for (int offset = 0; offset < intact.Length; offset++)
        {
            // The padding of a frame means nothing.
            if (offset % Sector.Bytes >= (offset < Sector.Bytes ? 72 : 123))
                continue;

            _test.Disk.Overwrite(TestLog.First, offset, [(byte)(intact[offset] ^ 0x10)]);
            AssertRefused($"{TestLog.First} at offset {offset / Sector.Bytes * Sector.Bytes}");
            _test.Disk.Overwrite(TestLog.First, offset, [intact[offset]]);
        }

        _test.Reopen();
        Assert.Equal(["one", "two", "three"], _test.Shown);
    }

    [Fact]
    public void The_message_says_what_is_wrong_and_what_to_do()
    {
        _test.Commit("one");
        _test.Commit("two");
        _test.Disk.Overwrite(TestLog.First, Sector.Bytes + 80, [0xFF]);
        string body = AssertRefused("body CRC");
        Assert.Contains("durable up to position 8192", body, StringComparison.Ordinal);
        Assert.Contains("position 4096", body, StringComparison.Ordinal);
        Assert.Contains("add it anew", body, StringComparison.Ordinal);

        _test.Disk.Overwrite(TestLog.First, Sector.Bytes, new byte[FrameHeader.Bytes]);
        AssertRefused("no intact frame header");
    }

    [Fact]
    public void A_frame_of_another_place_or_time_is_damage()
    {
        _test.Commit("one");
        _test.Commit("two");
        _test.Commit("six");
        byte[] one = _test.Disk.Bytes(TestLog.First).Slice(4096, 4096).ToArray();
        _test.Disk.Overwrite(TestLog.First, 8192, one);
        AssertRefused("belongs at position 4096");

        Assert.True(FrameHeader.TryRead(one, out FrameHeader header));
        header = header with { Position = 8192 };
        header.WriteTo(one);
        _test.Disk.Overwrite(TestLog.First, 8192, one);
        AssertRefused("chain CRC");
    }

    [Fact]
    public void A_lost_or_short_segment_is_damage()
    {
        FillThreeSegments();
        byte[] second = _test.Disk.Bytes(Second).ToArray();
        _test.Disk.Plant(Second, second.AsSpan(0, 8192));
        AssertRefused(Second);
        _test.Disk.Plant(Second, new byte[TestLog.SegmentBytes]);
        AssertRefused("no intact frame header");
        _test.Disk.Remove(Second);
        AssertRefused("segment 2 is missing");
        _test.Disk.Plant(Second, second);
        _test.Disk.Plant("000000000002-0002.log", second);
        AssertRefused("segment 2 is there in two files");
        _test.Disk.Remove(Second);
        AssertRefused("of generation 1");
        _test.Disk.Remove("000000000002-0002.log");
        _test.Disk.Plant(Second, second);
        _test.Reopen();
    }

    [Fact]
    public void A_log_without_one_intact_frame_is_damage_and_not_a_new_log()
    {
        FillThreeSegments();
        foreach (DiskFile file in _test.Disk.List())
            _test.Disk.Plant(file.Name, new byte[file.Length]);

        AssertRefused("not one intact frame");
    }

    [Fact]
    public void Segments_of_two_logs_are_refused_with_both_names()
    {
        FillThreeSegments();
        TestLog other = new();
        other.Options = other.Options with { NewLogId = new LogId(0xBAD) };
        other.Open();
        while (other.Log.Report.Segments < 4)
            other.Commit(other.Large('y'));

        _test.Disk.Plant(Third, other.Disk.Bytes(Third));
        string message = AssertRefused(Third);
        Assert.Contains("5eed", message, StringComparison.Ordinal);
        Assert.Contains("bad", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(32768)]
    public void A_log_of_a_newer_format_is_refused_with_both_versions(int offset)
    {
        _test.Commit("one");
        byte[] header = new byte[128];
        _test.Disk.Bytes(TestLog.First)[..FrameHeader.Bytes].CopyTo(header);
        BitConverter.TryWriteBytes(header.AsSpan(8), (ushort)2);
        BitConverter.TryWriteBytes(header.AsSpan(10), (ushort)header.Length);
        BitConverter.TryWriteBytes(header.AsSpan(124), Crc32C.Of(header.AsSpan(0, 124)));
        _test.Disk.Overwrite(TestLog.First, offset, header);

        string message = AssertRefused($"{TestLog.First} at offset {offset}");
        Assert.Contains("format version 2", message, StringComparison.Ordinal);
        Assert.Contains("up to version 1", message, StringComparison.Ordinal);
    }

    // What was flushed after the last mark and is damaged before the next one looks like a torn
    // tail; the next flush, or closing, writes the mark.
    [Fact]
    public void Closing_leaves_nothing_that_could_be_taken_for_a_torn_tail()
    {
        _test.Commit("one");
        _test.Log.Dispose();
        _test.Disk.Overwrite(TestLog.First, Sector.Bytes + 80, [0xFF]);

        AssertRefused("body CRC");
    }

    private void FillThreeSegments()
    {
        while (_test.Log.Report.Segments < 4)
            _test.Commit(_test.Large('x'));
        _test.Commit(_test.Large('x'), "end");
        _test.Commit("end");
    }

    private string AssertRefused(string expected)
    {
        byte[] before = AllBytes();
        int writes = _test.Disk.Performed(DiskJobKind.Write);
        LogException error = Assert.Throws<LogException>(() => _test.Open());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(writes, _test.Disk.Performed(DiskJobKind.Write));
        Assert.True(before.AsSpan().SequenceEqual(AllBytes()));
        return error.Message;
    }

    private byte[] AllBytes() =>
        [.. _test.Disk.List().SelectMany(file => _test.Disk.Bytes(file.Name).ToArray())];
}
