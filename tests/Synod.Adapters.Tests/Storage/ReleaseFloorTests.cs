using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Nothing is released before every floor is in the log, twice.</summary>
public class ReleaseFloorTests
{
    // So many floors fill two sectors to the last, so they do not fit into two frames of one.
    private const int FloorsMin = 100;

    private static readonly int Floors = MostIn(2 * Sector.Bytes);

    [Fact]
    [Feature("C11")]
    public void A_release_for_which_not_all_floors_fit_twice_waits_for_the_next_segment()
    {
        TestLog test = WithTwoSectorsTooFew(out long number, out LogPosition floor);

        test.Log.Release(new LogFloor(new GroupId(7), new RecordNumber(number), floor));
        test.Settle();
        Assert.Equal(0, test.Log.Base.Bytes);
        test.Commit(7, (test.Large('y'), number + 1, false));
        test.Settle();
        Assert.Equal(2 * TestLog.SegmentBytes, test.Log.Base.Bytes);

        test.Reopen();
        Assert.Equal(Floors, test.Floors.Count);
        Assert.Empty(test.Log.Damage);
    }

    [Fact]
    [Feature("C11")]
    public void A_crash_at_any_step_finds_nothing_released_of_which_a_floor_is_not_there_twice()
    {
        bool isDone = false;
        for (int steps = 0; !isDone; steps++)
        {
            TestLog test = WithTwoSectorsTooFew(out long number, out LogPosition floor);
            test.Disk.IsStepwise = true;
            test.Log.Release(new LogFloor(new GroupId(7), new RecordNumber(number), floor));
            test.Append(test.Large('y'), number + 1);
            test.Log.Flush();
            for (int step = 0; step < steps; step++)
            {
                isDone = !test.Disk.RunOne();
                test.Log.Poll();
            }

            test.Disk.Crash((_, _) => true);
            (long released, int floors) = OnDisk(test);
            Assert.True(
                released == 0 || floors >= 2 * Floors, $"{floors} floors after {steps} steps");
            Assert.False(isDone && released == 0);
            test.Reopen();
            Assert.Empty(test.Log.Damage);
            Assert.Equal(released, test.Log.Base.Bytes);
            Assert.True(released == 0 || test.Floors.Count == Floors);
        }
    }

    private static int MostIn(int bytes) =>
        (bytes - FrameHeader.Bytes) / RecordFormat.SizeOf(sizeof(long));

    // One group holds all, many others have named their floors. The rest of the segment is as long
    // as the floors twice, but not if the last are divided by the end of a block of the window.
    private static TestLog WithTwoSectorsTooFew(out long number, out LogPosition floor)
    {
        Assert.InRange(Floors, FloorsMin, int.MaxValue);
        TestLog test = new TestLog().Open();
        number = 1;
        test.Commit(7, ("one", number++, false));
        while (test.Log.Report.Bytes < 2 * TestLog.SegmentBytes)
            test.Commit(7, (test.Large('x'), number++, false));
        for (ulong group = 100; group < 99UL + (ulong)Floors; group++)
        {
            LogPosition record = test.Append("other", 1, group: group);
            test.Log.Release(new LogFloor(new GroupId(group), new RecordNumber(1), record));
        }

        test.Log.Flush();
        test.Settle();

        // What does not fit into the rest of a block begins the next one.
        test.Commit(7, ("small", number++, false));
        test.Commit(7, (new string('b', Sector.Bytes), number++, false));
        long end = 3 * TestLog.SegmentBytes;
        while (end - test.Log.Report.Bytes > TestLog.FrameBytesMax + Sector.Bytes)
            test.Commit(7, ("small", number++, false));
        floor = test.Commit(7, (new string('f', Sector.Bytes / 2), number, false));
        Assert.Equal(end - (4 * Sector.Bytes), test.Log.Report.Bytes);
        Assert.Equal(0, test.Log.Base.Bytes);
        return test;
    }

    private static (long Released, int Floors) OnDisk(TestLog test)
    {
        (long released, int floors) = (0, 0);
        foreach (DiskFile file in test.Disk.List())
        {
            ReadOnlySpan<byte> bytes = test.Disk.Bytes(file.Name);
            for (int offset = 0; offset < bytes.Length; offset += Sector.Bytes)
            {
                if (!FrameHeader.TryRead(bytes[offset..], out FrameHeader header))
                    continue;

                released = Math.Max(released, header.ReleasedThrough);
                RecordCursor records = new(
                    bytes.Slice(offset + FrameHeader.Bytes, header.Length),
                    header.Position + FrameHeader.Bytes,
                    header.LogId);
                while (records.MoveNext())
                    floors += RecordFormat.IsFloor(records.Record) ? 1 : 0;
            }
        }

        return (released, floors);
    }
}
