using System.Net;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Transport;

public class TcpFrameTests
{
    private readonly Dictionary<NodeId, EndPoint> _book = [];

    [Fact]
    public async Task Frames_arrive_whole_and_in_order()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);

        for (int number = 0; number < 100; number++)
        {
            one.Send(2, $"frame {number}");
            one.Transport.Flush();
        }

        await two.Sink.Peers.CountAsync(100);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(static number => $"frame {number}"),
            two.Sink.PeerTexts());
        Assert.All(
            two.Sink.Peers.All,
            static frame => Assert.Equal(TestNode.Identity(1), frame.From));
    }

    [Fact]
    public async Task Many_small_frames_leave_in_one_write()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);
        long before = one.Transport.BytesOut;

        for (int number = 0; number < 10_000; number++)
            one.Send(2, "small");
        long queued = one.Transport.BytesOut;
        one.Transport.Flush();

        await two.Sink.Peers.CountAsync(10_000);
        Assert.Equal(before, queued);
        Assert.All(two.Sink.PeerTexts(), static text => Assert.Equal("small", text));
        Assert.Equal(0, one.Transport.FramesDropped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData(16 * 1024 * 1024)]
    public async Task A_frame_of_any_size_up_to_the_limit_arrives(int size)
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);
        byte[] big = new byte[size];
        new SeededRandomBytes(1).Fill(big);

        one.Transport.Send(new(2), new(1), big);
        one.Transport.Send(new(2), new(1), "after"u8);
        one.Transport.Flush();

        await two.Sink.Peers.CountAsync(2);
        Assert.True(big.AsSpan().SequenceEqual(two.Sink.Peers.All[0].Bytes));
        Assert.Equal("after", two.Sink.PeerTexts().Last());
    }

    [Fact]
    public async Task A_frame_beyond_the_limit_is_our_own_bug()
    {
        await using TestNode one = TestNode.Start(
            TestNode.Options(1) with { FrameBytesMax = 100 });

        ArgumentException thrown = Assert.Throws<ArgumentException>(
            () => one.Transport.Send(new(2), new byte[101]));

        Assert.StartsWith("A frame has 101 bytes; 100 is the limit.", thrown.Message);
    }

    [Fact]
    public async Task Frames_of_one_thread_stay_in_order_while_others_send()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            for (int number = 0; number < 1000; number++)
            {
                one.Send(2, $"{sender} {number}");
                one.Transport.Flush();
            }
        })));

        await two.Sink.Peers.CountAsync(4000);
        foreach (IGrouping<string, string> sender in two.Sink.PeerTexts()
            .GroupBy(static text => text[..1]))
        {
            Assert.Equal(
                Enumerable.Range(0, 1000).Select(number => $"{sender.Key} {number}"), sender);
        }
    }

    [Fact]
    public async Task A_frame_to_a_peer_that_is_not_there_is_dropped_and_counted()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);

        one.Send(2, "nobody listens");
        one.Send(9, "nobody knows who that is");
        one.Transport.Flush();

        Assert.Equal(2, one.Transport.FramesDropped);
    }
}
