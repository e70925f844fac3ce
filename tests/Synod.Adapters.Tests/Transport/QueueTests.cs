using System.Net;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public class QueueTests
{
    private const int Mebibyte = 1024 * 1024;

    private readonly Dictionary<NodeId, EndPoint> _book = [];

    [Fact]
    public async Task A_full_queue_drops_and_counts_and_tells_once()
    {
        await using TestNode one = TestNode.Start(
            TestNode.Options(1) with { PeerQueueBytesMax = Mebibyte }, _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);
        byte[] frame = new byte[1024];

        for (int number = 0; number < 2048; number++)
            one.Transport.Send(new(2), frame);
        one.Transport.Flush();

        int held = (Mebibyte - 1024) / (1024 + 10) + 1;
        await two.Sink.Peers.CountAsync(held);
        Assert.Equal(2048 - held, one.Transport.FramesDropped);
        Assert.Equal(
            $"1048576 bytes wait for n2 at {two.Place}; frames to it are dropped until it takes "
            + "some",
            Assert.Single(
                one.Notices.All, static notice => notice.Kind == NoticeKind.QueueFull).Text);

        one.Send(2, "there is room again");
        one.Transport.Flush();
        await two.Sink.Peers.CountAsync(held + 1);
    }

    [Fact]
    public async Task A_queue_that_was_full_and_has_drained_tells_again()
    {
        await using TestNode one = TestNode.Start(
            TestNode.Options(1) with { PeerQueueBytesMax = 1000 }, _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);

        for (int number = 1; number <= 100; number++)
        {
            one.Transport.Send(new(2), new byte[1000]);
            one.Transport.Send(new(2), new byte[1000]);
            one.Transport.Flush();
            await two.Sink.Peers.CountAsync(number);
        }

        Assert.InRange(
            one.Notices.All.Count(static notice => notice.Kind == NoticeKind.QueueFull), 2, 100);
    }

    [Fact]
    public async Task A_receiver_that_takes_its_time_is_not_given_more()
    {
        await using TestNode one = TestNode.Start(
            TestNode.Options(1) with { PeerQueueBytesMax = Mebibyte }, _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        TaskCompletionSource gate = new();
        two.Sink.Gate = gate.Task;
        await one.UpAsync(2);

        one.Send(2, "first");
        one.Transport.Flush();
        await two.Sink.Peers.CountAsync(1);

        byte[] frame = new byte[Mebibyte / 2];
        while (one.Transport.FramesDropped < 1000)
        {
            one.Transport.Send(new(2), frame);
            one.Transport.Flush();
        }

        Assert.Equal(["first"], two.Sink.PeerTexts());
        Assert.InRange(two.Transport.BytesIn, 1, Mebibyte);
        gate.SetResult();
        await two.Sink.Peers.CountAsync(3);
    }

    [Fact]
    public async Task A_receiver_that_takes_its_time_keeps_nobody_else_waiting()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await using TestNode three = TestNode.Start(TestNode.Options(3), _book);
        await Task.WhenAll(one.UpAsync(3), two.UpAsync(3));
        three.Sink.Gate = new TaskCompletionSource().Task;

        one.Send(3, "first");
        one.Send(3, "waits");
        one.Transport.Flush();
        await three.Sink.Peers.CountAsync(1);
        two.Send(3, "does not wait");
        two.Transport.Flush();

        await three.Sink.Peers.CountAsync(2);
        Assert.Equal(["first", "does not wait"], three.Sink.PeerTexts());
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_disconnected()
    {
        await using TestNode node = TestNode.Start(
            TestNode.Options(1) with { ClientQueueBytesMax = Mebibyte });
        using RawPeer client = await RawPeer.DialAsync(node.Address);
        await client.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
        await client.SendAsync(RawPeer.FrameOf(FrameKind.Data, "hello"u8));
        await node.Sink.Clients.CountAsync(1);

        byte[] reply = new byte[Mebibyte / 2];
        for (int number = 0; number < 1000 && node.Transport.ClientsCount > 0; number++)
        {
            node.Transport.Reply(new(1, ClientRole.Admin), reply);
            node.Transport.Flush();
        }

        await node.Sink.News.FirstAsync(static news => news == "gone c1");
        Assert.EndsWith(
            "is closed: more than 1048576 bytes wait for the client",
            await node.NoticeAsync(NoticeKind.Closed));
        Assert.Equal(0, node.Transport.FramesDropped);
    }

    [Fact]
    public void An_empty_queue_takes_a_frame_of_any_size()
    {
        SendQueue queue = new(bytesMax: 10);

        Assert.True(queue.TryAdd(FrameKind.Data, new byte[100]));
        Assert.False(queue.TryAdd(FrameKind.Data, new byte[1]));
        Assert.True(queue.TryBegin());
        Assert.Equal(110, queue.Take().Length);
        Assert.False(queue.TryAdd(FrameKind.Data, new byte[1]));
        Assert.True(queue.Take().IsEmpty);
        Assert.True(queue.TryAdd(FrameKind.Data, new byte[1]));
    }

    [Fact]
    public void A_queue_has_one_writer_until_it_is_empty()
    {
        SendQueue queue = new(bytesMax: 1000);
        Assert.False(queue.TryBegin());
        queue.TryAdd(FrameKind.Data, "one"u8);

        Assert.True(queue.TryBegin());
        Assert.Equal(13, queue.Take().Length);
        queue.TryAdd(FrameKind.Data, "two"u8);
        queue.TryAdd(FrameKind.Data, "three"u8);
        Assert.False(queue.TryBegin());
        Assert.Equal(13 + 15, queue.Take().Length);
        Assert.True(queue.Take().IsEmpty);
        queue.TryAdd(FrameKind.Data, "four"u8);

        Assert.True(queue.TryBegin());
    }
}
