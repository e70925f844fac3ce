using System.Buffers.Binary;
using System.Net;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Nobody waits behind a large frame.</summary>
public class LargeFrameTests
{
    private const int Chunk = WireFormat.ChunkBytes;
    private const int Mebibyte = 1024 * 1024;

    private readonly Dictionary<NodeId, EndPoint> _book = [];

    [Fact]
    public void A_small_frame_leaves_behind_no_more_than_a_chunk_of_a_large_one()
    {
        SendQueue queue = new(bytesMax: 10 * Mebibyte);
        queue.TryAdd(FrameKind.Data, new byte[(3 * Chunk) + 7]);
        Assert.True(queue.TryBegin());

        string first = Next(queue);
        queue.TryAdd(FrameKind.Data, "beat"u8);
        string second = Next(queue);
        queue.TryAdd(FrameKind.Data, "beat"u8);

        Assert.Equal($"Begin {Chunk}", first);
        Assert.Equal($"Data 4, More {Chunk}", second);
        Assert.Equal($"Data 4, More {Chunk}", Next(queue));
        Assert.Equal("More 7", Next(queue));
        Assert.Equal("", Next(queue));
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void Frames_of_one_flow_keep_their_order_and_others_do_not_wait_for_them()
    {
        SendQueue queue = new(bytesMax: 10 * Mebibyte);
        queue.TryAdd(FrameKind.Data, "before"u8, flow: 7);
        queue.TryAdd(FrameKind.Data, new byte[Chunk + 1], flow: 7);
        queue.TryAdd(FrameKind.Data, "behind"u8, flow: 7);
        queue.TryAdd(FrameKind.Data, "another"u8, flow: 8);
        queue.TryAdd(FrameKind.Data, "no flow"u8);
        Assert.True(queue.TryBegin());

        Assert.Equal($"Data 6, Data 7, Data 7, Begin {Chunk}", Next(queue));
        queue.TryAdd(FrameKind.Data, "late"u8, flow: 7);
        Assert.Equal("More 1, Data 6, Data 4", Next(queue));
        queue.TryAdd(FrameKind.Data, "later"u8, flow: 7);
        Assert.Equal("Data 5", Next(queue));
    }

    [Fact]
    public void A_queue_counts_large_frames_too()
    {
        SendQueue queue = new(bytesMax: 4 * Chunk);

        Assert.True(queue.TryAdd(FrameKind.Data, new byte[3 * Chunk]));
        Assert.False(queue.TryAdd(FrameKind.Data, new byte[2 * Chunk]));
        Assert.True(queue.TryAdd(FrameKind.Data, new byte[Chunk / 2]));
        Assert.InRange(queue.Bytes, 3.5 * Chunk, (3.5 * Chunk) + 100);
    }

    [Fact]
    public async Task A_beat_arrives_before_three_large_frames_that_left_before_it()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        using SlowReader two = new();
        _book[new(2)] = two.Address;
        await two.AcceptAsync();
        await one.UpAsync(2);

        for (int number = 0; number < 3; number++)
            one.Transport.Send(new(2), new(1), new byte[Mebibyte]);
        one.Transport.Flush();
        one.Send(2, "beat");
        one.Transport.Flush();

        // What the two systems between hold cannot be overtaken: little, as nobody reads yet.
        int before = 0;
        while (await two.NextAsync() is var (kind, bytes) && kind != FrameKind.Data)
            before += bytes;
        Assert.InRange(before, 0, Mebibyte);
        for (int rest = before; rest < 3 * Mebibyte;)
            rest += (await two.NextAsync()).Bytes;

        // The sender counts a write until the next one begins: one more frame, and no other waits.
        one.Send(2, "end");
        one.Transport.Flush();
        while ((await two.NextAsync()).Kind != FrameKind.Data)
            continue;
        Assert.InRange(one.Transport.QueuedBytes, 0, 100);
        Assert.Equal(0, one.Transport.FramesDropped);
    }

    [Fact]
    public async Task Replies_of_one_group_keep_their_order_and_others_do_not_wait_for_them()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        node.Sink.Answer = (from, _) =>
        {
            node.Transport.Reply(from, new GroupId(7), new byte[Mebibyte]);
            node.Transport.Reply(from, new GroupId(7), "behind"u8);
            node.Transport.Reply(from, "no group"u8);
            node.Transport.Flush();
        };
        TestClientSink sink = new();
        using ClientConnection client = new(new() { Address = node.Address }, sink);
        client.Start();
        await sink.ConnectedAsync;
        client.Send("ask"u8);
        client.Flush();

        await sink.Frames.FirstAsync(static text => text == "behind");
        Assert.Equal(
            ["no group", new string('\0', Mebibyte), "behind"], sink.Frames.All);
    }

    [Fact]
    public async Task Large_frames_in_both_directions_and_small_ones_between_arrive_whole()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await Task.WhenAll(one.UpAsync(2), two.UpAsync(1));
        byte[][] frames = [.. Enumerable.Range(0, 40).Select(static number =>
        {
            byte[] frame = new byte[number % 4 == 0 ? 300_000 + number : number];
            new SeededRandomBytes((ulong)number + 1).Fill(frame);
            return frame;
        })];

        foreach (byte[] frame in frames)
        {
            one.Transport.Send(new(2), new(1), frame);
            one.Transport.Flush();
            two.Transport.Send(new(1), frame);
            two.Transport.Flush();
        }

        await Task.WhenAll(one.Sink.Peers.CountAsync(40), two.Sink.Peers.CountAsync(40));
        Assert.Equal(frames, two.Sink.Peers.All.Select(static frame => frame.Bytes));
        Assert.Equal(
            frames.Select(Convert.ToHexString).Order(),
            one.Sink.Peers.All.Select(static frame => Convert.ToHexString(frame.Bytes)).Order());
    }

    [Theory]
    [InlineData("Begin 16777217", "a frame of 16777217 bytes was announced in pieces; 16777216 is "
        + "the limit")]
    [InlineData("Begin 61440", "a frame of 61440 bytes was announced in pieces; 16777216 is the "
        + "limit")]
    [InlineData("Begin 100000, Begin 100000", "a frame in pieces began in the middle of another")]
    [InlineData("More", "a piece came of a frame that never began")]
    [InlineData("Begin 70000, Full, More", "a piece of 61440 bytes came where 8550 are missing")]
    public async Task Pieces_that_do_not_fit_close_the_connection(string pieces, string reason)
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer client = await RawPeer.DialAsync(node.Address);
        await client.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
        Assert.Equal(FrameKind.Welcome, await client.ReadKindAsync());

        foreach (string piece in pieces.Split(", "))
            await client.SendAsync(PieceOf(piece));
        await client.ReadToEndAsync();

        Assert.EndsWith($" is closed: {reason}", await node.NoticeAsync(NoticeKind.Closed));
    }

    private static byte[] PieceOf(string piece)
    {
        if (piece == "More")
            return RawPeer.FrameOf(FrameKind.More, new byte[Chunk]);
        if (piece == "Full")
            return RawPeer.FrameOf(FrameKind.More, new byte[Chunk - 10]);

        byte[] begin = new byte[sizeof(uint) + 20];
        BinaryPrimitives.WriteUInt32LittleEndian(begin, uint.Parse(piece.Split(' ')[1]));
        return RawPeer.FrameOf(FrameKind.Begin, begin);
    }

    // What the next write consists of.
    private static string Next(SendQueue queue)
    {
        ReadOnlyMemory<byte> bytes = queue.Take();
        FrameReceiver receiver = new() { BodyBytesMax = WireFormat.BodyBytesMax };
        List<string> found = [];
        while (!bytes.IsEmpty)
        {
            Memory<byte> room = receiver.Room();
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            receiver.Received(count);
            bytes = bytes[count..];
            while (receiver.TryNext(out ReceivedFrame frame))
            {
                int head = frame.Kind == FrameKind.Begin ? sizeof(uint) : 0;
                found.Add($"{frame.Kind} {frame.Payload.Length - head}");
            }
        }

        return string.Join(", ", found);
    }
}
