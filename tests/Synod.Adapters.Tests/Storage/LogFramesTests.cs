using Synod.Abstractions;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public class LogFramesTests
{
    private readonly TestLog _test = new TestLog().Open();

    [Fact]
    public void Every_frame_on_the_device_shows_its_records_and_says_what_is_durable()
    {
        string[] bodies = ["one", "two", _test.Large('3')];
        _test.Commit(bodies);
        _test.Commit("four");
        _test.Shown.Clear();

        List<LogFrame> frames = Walk(_test.Disk.Bytes(TestLog.First));

        Assert.Equal([.. bodies, "four"], _test.Shown);
        Assert.Equal([0, 2, 1, 1], frames.Select(static frame => frame.Records));
        Assert.Equal(_test.Log.Report.Bytes, frames[^1].End.Bytes);
        Assert.Equal(frames[^2].End, frames[^1].DurableThrough);
        Assert.Equal(frames[0].End, frames[1].DurableThrough);
    }

    [Fact]
    public void Bytes_that_are_no_whole_and_intact_frame_show_nothing()
    {
        LogPosition one = _test.Commit("one");
        byte[] frame = _test.Disk.Bytes(TestLog.First)
            .Slice((int)one.Bytes - FrameHeader.Bytes, Sector.Bytes).ToArray();
        _test.Shown.Clear();

        Assert.True(LogFrames.TryShow(frame, _test, out LogFrame whole));
        Assert.Equal(new LogPosition(one.Bytes - FrameHeader.Bytes), whole.Position);
        Assert.Equal(["one"], _test.Shown);
        for (int length = 0; length < frame.Length; length += 7)
            Assert.False(LogFrames.TryShow(frame.AsSpan(0, length), _test, out _));
        for (int offset = 0; offset < FrameHeader.Bytes + RecordFormat.SizeOf(3); offset++)
        {
            frame[offset] ^= 0x10;
            Assert.False(LogFrames.TryShow(frame, _test, out _), $"offset {offset}");
            frame[offset] ^= 0x10;
        }

        Assert.Equal(["one"], _test.Shown);
    }

    private List<LogFrame> Walk(ReadOnlySpan<byte> bytes)
    {
        List<LogFrame> frames = [];
        while (LogFrames.TryShow(bytes, _test, out LogFrame frame))
        {
            frames.Add(frame);
            bytes = bytes[(int)(frame.End.Bytes - frame.Position.Bytes)..];
        }

        return frames;
    }
}
