using System.Net;
using System.Net.Sockets;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public class PeerLinkTests
{
    private readonly Dictionary<NodeId, EndPoint> _book = [];

    [Fact]
    public async Task Three_nodes_connect_whatever_the_order_they_start_in()
    {
        await using TestNode three = TestNode.Start(TestNode.Options(3), _book);
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);

        await Task.WhenAll(one.UpAsync(2), one.UpAsync(3), two.UpAsync(1), two.UpAsync(3),
            three.UpAsync(1), three.UpAsync(2));

        Assert.InRange(one.Sink.RoundTrip, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_peer_that_stops_is_down_and_comes_back_with_a_higher_boot()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await Task.WhenAll(one.UpAsync(2), two.UpAsync(1));

        await two.DisposeAsync();
        await one.DownAsync(2);
        await using TestNode again = TestNode.Start(TestNode.Options(2, boot: 2), _book);

        await one.Sink.News.CountAsync(3);
        Assert.Equal(["up n2 boot 1", "down n2", "up n2 boot 2"], one.Sink.News.All);
        again.Send(1, "again");
        await again.UpAsync(1);
        again.Send(1, "and again");
        again.Transport.Flush();
        await one.Sink.Peers.FirstAsync(static frame => frame.From == TestNode.Identity(2, 2));
    }

    [Fact]
    public async Task A_peer_whose_disk_was_rolled_back_stays_down()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using (TestNode two = TestNode.Start(TestNode.Options(2, boot: 5), _book))
            await Task.WhenAll(one.UpAsync(2), two.UpAsync(1));

        await one.DownAsync(2);
        await using TestNode stale = TestNode.Start(TestNode.Options(2, boot: 4), _book);
        string told = await stale.NoticeAsync(NoticeKind.RefusedByPeer);

        Assert.Contains("n2/0000000000000002 boot 4, but boot 5 was seen already", told);
        Assert.Empty(stale.Sink.News.All);
        Assert.Equal(["up n2 boot 5", "down n2"], one.Sink.News.All);
    }

    [Fact]
    public async Task A_wrong_address_in_the_book_is_told_once_and_mended_when_the_book_is()
    {
        await using TestNode three = TestNode.Start(TestNode.Options(3));
        _book[new(2)] = three.Address;
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);

        string told = await one.NoticeAsync(NoticeKind.RefusedByPeer);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);

        Assert.Equal(
            $"wrong node: {three.Place} is n3, not n2; correct the address of n2 at the caller",
            told);
        Assert.Single(
            one.Notices.All, static notice => notice.Kind == NoticeKind.RefusedByPeer);
    }

    [Fact]
    public async Task A_node_whose_peers_address_is_its_own_is_told_so()
    {
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        lock (_book)
            _book[new(2)] = one.Address;

        Assert.Equal(
            $"wrong node: {one.Place} is n1, not n2; correct the address of n2 at the caller",
            await one.NoticeAsync(NoticeKind.RefusedByPeer));
    }

    [Fact]
    [Feature("B26")]
    public async Task A_peer_that_cannot_be_reached_is_tried_once_in_a_pause()
    {
        PausesByHand time = new();
        using TcpListener rude = new(IPAddress.Loopback, 0);
        rude.Start();
        _book[new(2)] = rude.LocalEndpoint;
        await using TestNode one = TestNode.Start(
            TestNode.Options(1) with { Peers = [new(2)], Time = time }, _book);

        for (int attempt = 0; attempt < 5; attempt++)
        {
            Task<Socket> accepted = rude
                .AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask();
            int pauses = 0;
            while (await Task.WhenAny(accepted, time.PausedAsync).WithinReason() != accepted)
            {
                Assert.False(accepted.IsCompleted);
                time.End();
                pauses++;
            }

            Assert.True(attempt == 0 || pauses > 0, $"attempt {attempt} came without a pause");
            (await accepted).Dispose();
        }
    }

    [Fact]
    [Feature("B26")]
    public async Task A_peer_that_calls_is_redialled_at_once_where_it_says_it_listens()
    {
        ShortTimersOnly clock = new();
        await using TestNode one = TestNode.Start(
            TestNode.Options(1) with { Time = clock, Peers = [new(2)] });
        await clock.PausedAsync;

        await using TestNode two = TestNode.Start(
            TestNode.Options(2), new() { [new(1)] = one.Address });

        await one.UpAsync(2);
    }

    [Fact]
    public async Task A_peer_that_moved_is_found_because_it_calls()
    {
        _book[new(2)] = NobodyListens();
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await one.NoticeAsync(NoticeKind.PeerUnreachable);

        await using TestNode two = TestNode.Start(
            TestNode.Options(2), new() { [new(1)] = one.Address });

        await one.UpAsync(2);
    }

    [Fact]
    public async Task All_addresses_may_change_at_once()
    {
        TestNode[] old = [.. Start(boot: 1)];
        await Task.WhenAll(old.Select(static node => node.Sink.News.CountAsync(2)));
        foreach (TestNode node in old)
            await node.DisposeAsync();

        TestNode[] moved = [.. Start(boot: 2)];

        await Task.WhenAll(moved.Select(static node => node.Sink.News.CountAsync(2)));
        foreach (TestNode node in moved)
            await node.DisposeAsync();
    }

    [Fact]
    [Feature("D03")]
    public async Task A_peer_that_cannot_be_reached_blocks_nobody()
    {
        using Socket silent = new(SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        _book[new(3)] = Assert.IsAssignableFrom<EndPoint>(silent.LocalEndPoint);
        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);
        await using TestNode two = TestNode.Start(TestNode.Options(2), _book);
        await one.UpAsync(2);

        one.Send(3, "nobody answers");
        one.Send(2, "somebody does");
        one.Transport.Flush();

        await two.Sink.Peers.CountAsync(1);
        Assert.Equal(1, one.Transport.FramesDropped);
    }

    [Fact]
    public async Task A_host_name_is_resolved_when_dialled()
    {
        await using TestNode two = TestNode.Start(TestNode.Options(2));
        int port = ((IPEndPoint)two.Address).Port;
        _book[new(2)] = Addresses.Parse($"localhost:{port}");

        await using TestNode one = TestNode.Start(TestNode.Options(1), _book);

        await one.UpAsync(2);
    }

    private static IPEndPoint NobodyListens()
    {
        using Socket gone = new(SocketType.Stream, ProtocolType.Tcp);
        gone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return Assert.IsType<IPEndPoint>(gone.LocalEndPoint);
    }

    private IEnumerable<TestNode> Start(ulong boot)
    {
        for (uint number = 1; number <= 3; number++)
            yield return TestNode.Start(TestNode.Options(number, boot), _book);
    }
}
