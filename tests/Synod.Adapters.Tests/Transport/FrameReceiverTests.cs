using System.Text;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public class FrameReceiverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public void Frames_are_found_however_the_bytes_are_cut(int chunk)
    {
        FrameBuffer stream = new();
        string[] texts =
        [
            "", "a", "bc", new('d', 5000), "e", new('f', 70_000), "", "g",
        ];
        foreach (string text in texts)
            stream.WriteBytes(RawPeer.FrameOf(FrameKind.Data, Encoding.UTF8.GetBytes(text)));

        FrameReceiver receiver = new() { BodyBytesMax = 100_000 };
        List<string> found = [];
        foreach (byte[] part in stream.Written.ToArray().Chunk(chunk))
            Receive(receiver, part, found);

        Assert.Equal(texts, found);
        Assert.True(receiver.Unread.IsEmpty);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(4097u)]
    [InlineData(uint.MaxValue)]
    public void A_length_out_of_bounds_is_refused_from_the_header(uint length)
    {
        FrameReceiver receiver = new();
        BitConverter.GetBytes((ulong)length).CopyTo(receiver.Room());
        receiver.Received(8);

        WireException thrown = Assert.Throws<WireException>(() => receiver.TryNext(out _));

        Assert.Equal(
            $"a frame of {length} bytes was announced; 4096 is the limit", thrown.Message);
    }

    [Fact]
    public void Room_grows_with_what_arrives_and_not_with_what_is_announced()
    {
        FrameReceiver receiver = new() { BodyBytesMax = int.MaxValue - 8 };
        Memory<byte> room = receiver.Room();
        BitConverter.GetBytes((ulong)(int.MaxValue - 8)).CopyTo(room);
        receiver.Received(room.Length);

        Assert.False(receiver.TryNext(out _));
        Assert.InRange(receiver.Room().Length, 1, room.Length);
    }

    private static void Receive(FrameReceiver receiver, ReadOnlySpan<byte> part, List<string> found)
    {
        while (!part.IsEmpty)
        {
            Memory<byte> room = receiver.Room();
            int count = Math.Min(room.Length, part.Length);
            part[..count].CopyTo(room.Span);
            receiver.Received(count);
            part = part[count..];
            while (receiver.TryNext(out ReceivedFrame frame))
                found.Add(Encoding.UTF8.GetString(frame.Payload.Span));
        }
    }
}
