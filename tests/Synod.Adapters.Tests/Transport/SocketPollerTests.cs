using System.Buffers;
using System.Diagnostics;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public sealed class SocketPollerTests : IDisposable
{
    private readonly SocketPoller _poller = SocketPoller.TryCreate()!;
    private readonly TestAuthority _authority = new();

    [Fact]
    public async Task No_wake_is_lost_between_two_threads_that_wake_each_other()
    {
        const int rounds = 50_000;
        using SocketPoller other = SocketPoller.TryCreate()!;
        int turn = 0;

        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await Task.WhenAll(
            Task.Run(() => Play(_poller, other, 0), cancellation),
            Task.Run(() => Play(other, _poller, 1), cancellation)).WithinReason();

        Assert.Equal(2 * rounds, turn);

        void Play(SocketPoller mine, SocketPoller theirs, int parity)
        {
            for (int round = 0; round < rounds; round++)
            {
                while (Volatile.Read(ref turn) % 2 != parity)
                    mine.Wait(Timeout.InfiniteTimeSpan);
                Interlocked.Increment(ref turn);
                theirs.Wake();
            }
        }
    }

    [Fact]
    public void A_wake_before_the_wait_ends_it_and_is_used_up()
    {
        _poller.Wake();
        _poller.Wake();
        _poller.Wait(Timeout.InfiniteTimeSpan);

        long begun = Stopwatch.GetTimestamp();
        _poller.Wait(TimeSpan.FromMilliseconds(20.1));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 20, 10_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_arrives_is_read_and_handed_on_in_the_thread_that_waits(bool isSecure)
    {
        ThreadSink sink = new();
        await using TcpTransport node = Start(sink, isSecure);
        using PollingThread polling = new(_poller);
        TestClientSink answers = new();
        using ClientConnection client = new(
            new()
            {
                Address = node.Bound,
                Cluster = TestNode.Cluster,
                Tls = isSecure ? _authority.Options("client", "synod:client") : null,
            },
            answers);
        client.Start();
        await answers.ConnectedAsync;
        byte[] large = new byte[3 << 20];
        new SeededRandomBytes(1).Fill(large);

        for (int frame = 0; frame < 20; frame++)
        {
            client.Send(frame % 4 == 0 ? large : large.AsSpan(0, frame));
            client.Flush();
            await sink.Frames.CountAsync(frame + 1);
        }

        // The first ones may have come with the handshake, which is carried out elsewhere.
        (int Thread, byte[] Bytes)[] frames = [.. sink.Frames.All];
        Assert.All(frames[1..], frame => Assert.Equal(polling.Id, frame.Thread));
        for (int frame = 0; frame < 20; frame++)
        {
            ReadOnlySpan<byte> sent = frame % 4 == 0 ? large : large.AsSpan(0, frame);
            Assert.True(sent.SequenceEqual(frames[frame].Bytes));
        }
    }

    [Fact]
    public async Task Who_sends_without_end_keeps_neither_the_waiting_thread_nor_others()
    {
        CountingSink sink = new();
        await using TcpTransport node = Start(sink);
        using RawPeer flood = await RawPeer.DialAsync(node.Bound);
        using RawPeer other = await RawPeer.DialAsync(node.Bound);
        foreach (RawPeer peer in (RawPeer[])[flood, other])
        {
            await peer.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
            Task<FrameKind> welcome = peer.ReadKindAsync();
            while (!welcome.IsCompleted)
                _poller.Wait(TimeSpan.FromMilliseconds(1));
            Assert.Equal(FrameKind.Welcome, await welcome);
        }

        using CancellationTokenSource stop = new();
        Task flooding = FloodAsync(flood, stop.Token);
        long most = 0;
        while (sink.Bytes < 64 << 20)
        {
            long before = sink.Bytes;
            _poller.Wait(TimeSpan.FromSeconds(10));
            most = Math.Max(most, sink.Bytes - before);
        }

        await other.SendAsync(RawPeer.FrameOf(FrameKind.Data, [7]));
        for (int waits = 0; sink.Small == 0 && waits < 100; waits++)
            _poller.Wait(TimeSpan.FromSeconds(10));

        // Four buffers of 64 KiB for an event and four that were postponed, and what was begun.
        Assert.InRange(most, 1, 9 * 64 * 1024);
        Assert.Equal(1, sink.Small);
        await stop.CancelAsync();
        await node.DisposeAsync();
        await flooding;
    }

    [Fact]
    public async Task Who_says_something_and_closes_at_once_was_heard()
    {
        ThreadSink sink = new();
        await using TcpTransport node = Start(sink);
        using PollingThread polling = new(_poller);

        for (int number = 1; number <= 300; number++)
        {
            using RawPeer peer = await RawPeer.DialAsync(node.Bound);
            await peer.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
            if (number % 2 == 0)
                await peer.ReadKindAsync();
            await peer.SendAsync(RawPeer.FrameOf(FrameKind.Data, [1]));
            peer.FinishSending();
            await sink.Frames.CountAsync(number);
            await sink.Gone.CountAsync(number);
        }

        Assert.Equal(0, node.ClientsCount);
    }

    [Fact]
    public async Task A_connection_is_closed_while_nobody_waits()
    {
        ThreadSink sink = new();
        TcpTransport node = Start(sink);
        using RawPeer peer = await RawPeer.DialAsync(node.Bound);
        using (new PollingThread(_poller))
        {
            await peer.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
            await peer.ReadKindAsync();
        }

        await node.DisposeAsync().AsTask().WithinReason();

        Assert.Single(sink.Gone.All);
        Assert.Empty(await peer.ReadToEndAsync());
    }

    [Fact]
    public async Task Help_reads_when_nobody_waits_and_leaves_it_to_who_does()
    {
        ThreadSink sink = new();
        await using TcpTransport node = Start(sink);
        using RawPeer peer = await RawPeer.DialAsync(node.Bound);
        await peer.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
        Task<FrameKind> welcome = peer.ReadKindAsync();
        while (!welcome.IsCompleted)
        {
            _poller.Help();
            await Task.Yield();
        }

        await peer.SendAsync(RawPeer.FrameOf(FrameKind.Data, [1]));
        while (sink.Frames.Count == 0)
        {
            _poller.Help();
            await Task.Yield();
        }

        using (new PollingThread(_poller))
        {
            await peer.SendAsync(RawPeer.FrameOf(FrameKind.Data, [2]));
            for (; sink.Frames.Count < 2; await Task.Yield())
                _poller.Help();
        }

        Assert.Equal(2, sink.Frames.Count);
    }

    public void Dispose()
    {
        _poller.Dispose();
        _authority.Dispose();
    }

    private static async Task FloodAsync(RawPeer flood, CancellationToken stop)
    {
        byte[] frame = RawPeer.FrameOf(FrameKind.Data, new byte[50_000]);
        try
        {
            while (!stop.IsCancellationRequested)
                await flood.SendAsync(frame);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The node has stopped.
        }
    }

    private TcpTransport Start(ITransportSink sink, bool isSecure = false)
    {
        TcpTransport transport = new(TestNode.Options(1) with
        {
            Peers = [],
            Poller = _poller,
            Tls = isSecure ? _authority.Member(1) : null,
        });
        transport.Start(sink);
        return transport;
    }

    private abstract class ClientSink : ITransportSink
    {
        public Watched<ConnectionId> Gone { get; } = new();

        public void PeerUp(PeerIdentity peer, TimeSpan roundTrip)
        {
        }

        public void PeerDown(NodeId peer)
        {
        }

        public ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame) => default;

        public abstract ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame);

        public void ClientGone(ConnectionId client) => Gone.Add(client);
    }

    private sealed class ThreadSink : ClientSink
    {
        public Watched<(int Thread, byte[] Bytes)> Frames { get; } = new();

        public override ValueTask ClientFrame(
            ConnectionId from, in ReadOnlySequence<byte> frame)
        {
            Frames.Add((Environment.CurrentManagedThreadId, frame.ToArray()));
            return default;
        }
    }

    private sealed class CountingSink : ClientSink
    {
        public long Bytes { get; private set; }

        public int Small { get; private set; }

        public override ValueTask ClientFrame(
            ConnectionId from, in ReadOnlySequence<byte> frame)
        {
            Bytes += frame.Length;
            Small += frame.Length == 1 ? 1 : 0;
            return default;
        }
    }
}
