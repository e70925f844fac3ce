using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class DamageTests
{
    private const string Second = "000000000002-0001.log";
    private const string Third = "000000000003-0001.log";

    private readonly TestLog _test = new TestLog().Open();
    private long _number;

    // Frames of one record each: 1 to 6; then a mark.
    [Fact]
    [Feature("C05")]
    public void Any_flipped_byte_is_told_or_harmless_and_nothing_else_is_lost()
    {
        string[] bodies = ["one", "two", "three", "four", "five", "six"];
        foreach (string body in bodies)
            Commit(body);
        _test.Log.Dispose();
        int end = (int)_test.Log.Report.Bytes;

        // The mark at the end says that all before it is durable. If it is hurt itself, nothing is
        // missing.
        for (int offset = 0; offset < end; offset++)
        {
            TestLog test = Flipped(offset);
            int frame = offset / Sector.Bytes;
            bool isPadding = !IsUsed(offset);
            string hit = $"offset {offset} in frame {frame}: {string.Join("; ", test.Shown)}";
            Assert.True(Expected(bodies, frame).Any(test.Shown.SequenceEqual), hit);
            Assert.True(test.Log.Damage.Count == 0 || !isPadding, hit);
            AssertGoesOn(test);
        }
    }

    [Fact]
    [Feature("C05")]
    public void The_bytes_that_are_damaged_are_never_written_to()
    {
        Commit("one", "two");
        Commit("three");
        _test.Disk.Overwrite(TestLog.First, Sector.Bytes + 160, [0xFF]);
        byte[] before = _test.Disk.Bytes(TestLog.First).Slice(Sector.Bytes, Sector.Bytes).ToArray();

        for (int opening = 0; opening < 3; opening++)
        {
            _test.Reopen();
            LogDamage damage = Assert.Single(_test.Log.Report.Damage);
            Assert.Equal(new LogPosition(Sector.Bytes), damage.From);
            Assert.Equal(new LogPosition(2 * Sector.Bytes), damage.To);
            Assert.Equal(1, damage.LostMax);
            Assert.Contains("body CRC", damage.What, StringComparison.Ordinal);
            Assert.Contains(
                $"{TestLog.First} at offset 4096", damage.What, StringComparison.Ordinal);
            byte[] after =
                _test.Disk.Bytes(TestLog.First).Slice(Sector.Bytes, Sector.Bytes).ToArray();
            Assert.Equal(before, after);
        }

        Assert.Equal(["lost r1 to r1", "two", "three"], _test.Shown);
    }

    [Fact]
    [Feature("C05")]
    public void Intact_records_of_a_damaged_frame_are_used()
    {
        Commit("one", "two", "three", "four");
        Commit("five");
        _test.Reopen();
        int second = (int)_test.Positions[1].Bytes;
        _test.Disk.Overwrite(TestLog.First, second + 4, [0x77, 0x77]);
        _test.Reopen();
        Assert.Equal(["one", "lost r2 to r2", "three", "four", "five"], _test.Shown);

        // And without the head of their frame, as far as they are intact.
        _test.Disk.Overwrite(TestLog.First, Sector.Bytes, new byte[FrameHeader.Bytes]);
        _test.Reopen();
        Assert.Equal(["one", "lost r2 to r2", "three", "four", "five"], _test.Shown);
        Assert.Equal(1, Assert.Single(_test.Log.Damage).LostMax);
        Assert.Equal("four", _test.Read(_test.Positions[2]));
    }

    [Fact]
    [Feature("C05")]
    public void Behind_the_last_record_as_much_is_told_to_be_lost_as_can_be()
    {
        Commit("one");
        Commit("two");
        Commit("three", "four");
        _test.Log.Dispose();
        _test.Disk.Overwrite(TestLog.First, 3 * Sector.Bytes, new byte[Sector.Bytes]);
        _test.Reopen();

        // The mark behind it counts the records, so it is exact.
        Assert.Equal(["one", "two", "lost r3 to r4"], _test.Shown);
        Assert.Equal(2, Assert.Single(_test.Log.Damage).LostMax);

        // The numbers are not used again, and the gap is seen for ever.
        _number = 4;
        Commit("five");
        _test.Reopen();
        Assert.Equal(["one", "two", "lost r3 to r4", "five"], _test.Shown);
    }

    // A replica behind whose last record anything was lost cannot know whose it was.
    [Fact]
    [Feature("C05")]
    public void Every_replica_behind_whose_last_record_something_is_missing_is_told()
    {
        Commit("one");
        _test.Commit(8, ("eight", 1, false));
        Commit("two");
        _test.Disk.Overwrite(TestLog.First, 3 * Sector.Bytes, new byte[Sector.Bytes]);
        Commit("three");
        _test.Reopen();

        Assert.Equal(["one", "eight", "lost r2 to r2", "three", "lost r2 to r2"], _test.Shown);
        Assert.Equal([new GroupId(7), new GroupId(8)], _test.Lost.Select(lost => lost.Group));
    }

    [Fact]
    [Feature("C05")]
    public void A_frame_of_another_place_or_time_is_damage()
    {
        Commit("one");
        Commit("two");
        Commit("six");
        Commit("ten");
        byte[] one = _test.Disk.Bytes(TestLog.First).Slice(4096, 4096).ToArray();
        _test.Disk.Overwrite(TestLog.First, 8192, one);
        _test.Reopen();
        Assert.Equal(["one", "lost r2 to r2", "six", "ten"], _test.Shown);
        Assert.Contains(
            "belongs at position 4096", _test.Log.Damage[0].What, StringComparison.Ordinal);

        Assert.True(FrameHeader.TryRead(one, out FrameHeader header));
        header = header with { Position = 8192 };
        header.WriteTo(one);
        _test.Disk.Overwrite(TestLog.First, 8192, one);
        _test.Reopen();
        Assert.Equal(["one", "lost r2 to r2", "six", "ten"], _test.Shown);
        Assert.Contains("chain CRC", _test.Log.Damage[0].What, StringComparison.Ordinal);
    }

    // The disk has acknowledged a write that it did not perform: what an earlier opening left
    // there, and cut, looks well.
    [Fact]
    [Feature("C05")]
    public void What_an_earlier_opening_has_cut_does_not_come_back_in_a_gap()
    {
        Commit("A");
        _test.Disk.IsStepwise = true;
        Append(_test.Large('B'));
        Append(_test.Large('C'));
        _test.Log.Flush();
        while (_test.Disk.Waiting > 1)
            _test.Disk.RunOne();
        int start = _test.Disk.Unflushed()[0].Sector;
        _test.Reopen((_, sector) => sector != start + 1);
        byte[] stale = _test.Disk.Bytes(TestLog.First)[..(3 * TestLog.FrameBytesMax)].ToArray();
        _number = 1;
        Commit(_test.Large('D'));
        Commit("E");
        Commit("F");

        // D was never written: where it should be the old B and C are.
        int from = 3 * Sector.Bytes;
        int to = (int)_test.Log.Durable.Bytes - FrameHeader.Bytes - Sector.Bytes;
        _test.Disk.Overwrite(TestLog.First, from, stale.AsSpan(from, to - from));
        _test.Reopen();
        Assert.Equal(["A", "lost r2 to r2", "E", "F"], _test.Shown);
    }

    [Fact]
    [Feature("C05")]
    public void A_lost_or_short_segment_in_the_middle_is_damage()
    {
        FillThreeSegments();
        byte[] second = _test.Disk.Bytes(Second).ToArray();
        List<string> all = [.. _test.Reopen().Shown];
        List<string> others =
            [.. all.Where((_, index) => _test.Positions[index].Bytes / TestLog.SegmentBytes != 1)];
        Assert.InRange(others.Count, 5, all.Count - 3);

        _test.Disk.Remove(Second);
        AssertLeft(others);
        _test.Disk.Plant(Second, new byte[TestLog.SegmentBytes]);
        AssertLeft(others);
        _test.Disk.Plant(Second, []);
        AssertLeft(others);
        _test.Disk.Plant(Second, second.AsSpan(0, 8192));
        AssertLeft(others);
        _test.Disk.Plant(Second, second);
        _test.Disk.Plant("000000000002-0002.log", second);
        LogException error = Assert.Throws<LogException>(() => _test.Open());
        Assert.Contains("segment 2 is there in two files", error.Message, StringComparison.Ordinal);
        _test.Disk.Remove(Second);

        // Its frames are of another generation, and so not the log's; each record is.
        _test.Reopen();
        Assert.Equal(all, _test.Shown);
        Assert.Contains("of generation 1", _test.Log.Damage[0].What, StringComparison.Ordinal);
        _test.Disk.Remove("000000000002-0002.log");
        _test.Disk.Plant(Second, second);
        Assert.Equal(all, _test.Reopen().Shown);
    }

    [Fact]
    [Feature("C05")]
    public void The_first_segment_may_be_lost()
    {
        FillThreeSegments();
        List<string> all = [.. _test.Reopen().Shown];
        int first = _test.Positions.FindIndex(
            static position => position.Bytes >= TestLog.SegmentBytes);
        _test.Disk.Remove(TestLog.First);

        _test.Reopen();
        Assert.Equal([$"lost r1 to r{first}", .. all[first..]], _test.Shown);
        AssertGoesOn(_test);
    }

    [Fact]
    [Feature("C05")]
    public void The_newest_segment_may_be_lost_though_no_mark_speaks_of_it()
    {
        FillThreeSegments();
        List<string> all = [.. _test.Reopen().Shown];
        int kept = _test.Positions.FindIndex(
            static position => position.Bytes >= 2 * TestLog.SegmentBytes);
        _test.Disk.Remove(Third);

        _test.Reopen();
        Assert.Equal(all[..kept], _test.Shown[..kept]);
        Assert.StartsWith($"lost r{kept + 1} to", _test.Shown[^1], StringComparison.Ordinal);
        LostRecords lost = Assert.Single(_test.Lost);
        Assert.True(lost.Through.Number >= all.Count);
        Assert.True(lost.HidesStatement);
        _number = lost.Through.Number;
        Commit("next");
        _test.Reopen();
        Assert.Equal(lost, Assert.Single(_test.Lost));
        Assert.Equal("next", _test.Shown[^1]);
    }

    [Fact]
    public void A_log_without_one_intact_frame_is_refused_and_not_a_new_log()
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
        Commit("one");
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
    [Feature("C05")]
    public void Closing_leaves_nothing_that_could_be_taken_for_a_torn_tail()
    {
        Commit("one");
        Commit("two");
        _test.Log.Dispose();
        _test.Disk.Overwrite(TestLog.First, (2 * Sector.Bytes) + 160, [0xFF]);
        _test.Reopen();

        Assert.Equal(["one", "lost r2 to r2"], _test.Shown);
    }

    private static IEnumerable<string[]> Expected(string[] bodies, int frame)
    {
        yield return bodies;
        if (frame == 0 || frame > bodies.Length)
            yield break;

        string lost = $"lost r{frame} to r{frame}";
        yield return [.. bodies[..(frame - 1)], lost, .. bodies[frame..]];
    }

    // A frame has a head, and a record of 48 bytes and its text.
    private bool IsUsed(int offset)
    {
        ReadOnlySpan<byte> frame = _test.Disk.Bytes(TestLog.First)
            [(offset / Sector.Bytes * Sector.Bytes)..][..Sector.Bytes];
        bool isHeader = FrameHeader.TryRead(frame, out FrameHeader header);
        return isHeader && offset % Sector.Bytes < FrameHeader.Bytes + header.Length;
    }

    private TestLog Flipped(int offset)
    {
        TestLog copy = new();
        foreach (DiskFile file in _test.Disk.List())
            copy.Disk.Plant(file.Name, _test.Disk.Bytes(file.Name));
        byte was = copy.Disk.Bytes(TestLog.First)[offset];
        copy.Disk.Overwrite(TestLog.First, offset, [(byte)(was ^ 0x10)]);
        return copy.Open();
    }

    private static void AssertGoesOn(TestLog test)
    {
        string[] shown = [.. test.Shown];
        long number = Math.Max(
            test.Headers.Count == 0 ? 0 : test.Headers[^1].Number.Number,
            test.Lost.Count == 0 ? 0 : test.Lost[^1].Through.Number);
        test.Commit(7, ("more", number + 1, false));
        test.Reopen();
        Assert.Equal([.. shown, "more"], test.Shown);
    }

    private void AssertLeft(List<string> others)
    {
        _test.Reopen();
        Assert.Equal(
            others,
            _test.Shown.Where(static text =>
                !text.StartsWith("lost", StringComparison.Ordinal)));
        LostRecords lost = Assert.Single(_test.Lost);
        Assert.False(lost.HidesStatement);
    }

    private void FillThreeSegments()
    {
        while (_test.Log.Report.Segments < 4)
            Commit(_test.Large('x'));
        Commit(_test.Large('x'), "end");
        Commit("end");
    }

    private void Append(string body) => _test.Append(body, ++_number);

    private void Commit(params string[] bodies) =>
        _test.Commit(7, [.. bodies.Select(body => (body, ++_number, false))]);

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
