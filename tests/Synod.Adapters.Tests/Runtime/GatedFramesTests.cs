using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Frames wait behind the records of their own group, in room that all groups share.
/// </summary>
public sealed class GatedFramesTests
{
    private readonly GatedFramePool _pool = new();

    [Fact]
    public void Each_group_waits_for_its_own_records_in_room_that_others_have_used()
    {
        GatedFrames one = new(_pool);
        GatedFrames other = new(_pool);
        one.Add(new RecordNumber(1), MemberSet.Of(new Member(1)), [1, 2, 3]);
        Assert.True(one.TryTake(new RecordNumber(1), out _, out _));
        one.Add(new RecordNumber(2), MemberSet.Of(new Member(1)), [4]);
        other.Add(new RecordNumber(5), MemberSet.Of(new Member(2)), [5, 6]);
        one.Add(new RecordNumber(3), MemberSet.Of(new Member(2)), [7]);

        Assert.False(other.TryTake(new RecordNumber(4), out _, out _));
        Assert.Equal([4], Taken(ref one, 2));
        Assert.False(one.TryTake(new RecordNumber(2), out _, out _));
        Assert.Equal([5, 6], Taken(ref other, 5));
        Assert.Equal([7], Taken(ref one, 3));
        Assert.False(one.TryTake(new RecordNumber(9), out _, out _));
    }

    private static byte[] Taken(ref GatedFrames frames, long durable)
    {
        RecordNumber through = new(durable);
        Assert.True(frames.TryTake(through, out _, out ReadOnlySpan<byte> frame));
        return frame.ToArray();
    }
}
