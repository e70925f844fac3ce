using System.Buffers.Binary;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

[Collection(Alone.Name)]
public class StrangerTests
{
    private const string Told =
        " to n1 at A; only nodes and clients of Synod can speak to this port, so correct the "
        + "address there";

    [Fact]
    public Task A_web_browser_is_refused() => RefuseAsync(
        "GET /health HTTP/1.1\r\nHost: n1\r\n\r\n"u8.ToArray(), "an HTTP request");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Random_bytes_are_refused(ulong seed)
    {
        byte[] bytes = new byte[3000];
        new SeededRandomBytes(seed).Fill(bytes);
        return RefuseAsync(bytes, "bytes of another protocol");
    }

    [Fact]
    public Task A_stranger_who_talks_without_end_is_still_told_why()
    {
        byte[] bytes = new byte[8 * 1024 * 1024];
        new SeededRandomBytes(4).Fill(bytes);
        return RefuseAsync(bytes, "bytes of another protocol");
    }

    [Fact]
    public Task A_frame_that_is_no_hello_is_refused() => RefuseAsync(
        RawPeer.FrameOf(FrameKind.Data, "hello?"u8), "bytes of another protocol");

    [Fact]
    public Task A_hello_that_is_cut_short_is_refused() => RefuseAsync(
        RawPeer.FrameOf(FrameKind.Hello, "SYNOD\u0001"u8), "bytes of another protocol");

    [Fact]
    public async Task A_header_that_announces_two_gigabytes_is_refused_without_room_for_them()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer client = await RawPeer.DialAsync(node.Address);
        await client.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
        Assert.Equal(FrameKind.Welcome, await client.ReadKindAsync());
        byte[] header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, int.MaxValue);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        await client.SendAsync(header);
        await client.ReadToEndAsync();

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1024 * 1024);
        Assert.Equal(
            $"the connection c1 of a client at {client.Place} is closed: a frame of 2147483647 "
            + "bytes was announced; 61446 is the limit",
            await node.NoticeAsync(NoticeKind.Closed));
    }

    [Fact]
    public async Task A_large_frame_in_the_handshake_is_refused_by_its_header()
    {
        byte[] header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 5000);

        await RefuseAsync(header, "bytes of another protocol");
    }

    [Fact]
    public async Task A_wrong_checksum_closes_only_its_own_connection()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer good = await ClientAsync(node);
        using RawPeer bad = await ClientAsync(node);
        byte[] frame = RawPeer.FrameOf(FrameKind.Data, "flipped"u8);
        frame[^1] ^= 1;

        await bad.SendAsync(frame);
        await bad.ReadToEndAsync();
        await good.SendAsync(RawPeer.FrameOf(FrameKind.Data, "whole"u8));

        await node.Sink.Clients.CountAsync(1);
        Assert.Equal("whole"u8, node.Sink.Clients.All.Single().Bytes);
        Assert.EndsWith(
            $" of a client at {bad.Place} is closed: the checksum of a frame of 9 bytes is wrong",
            await node.NoticeAsync(NoticeKind.Closed));
    }

    [Theory]
    [InlineData(1, "a Hello came after the handshake")]
    [InlineData(2, "a Welcome came after the handshake")]
    [InlineData(3, "a Refusal came after the handshake")]
    [InlineData(9, "a frame is of the unknown kind 9")]
    [InlineData(0, "a frame is of the unknown kind 0")]
    public async Task A_kind_that_is_out_of_place_closes_the_connection(byte kind, string reason)
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer client = await ClientAsync(node);

        await client.SendAsync(RawPeer.FrameOf((FrameKind)kind, "?"u8));
        await client.ReadToEndAsync();

        Assert.EndsWith($" is closed: {reason}", await node.NoticeAsync(NoticeKind.Closed));
    }

    [Fact]
    public async Task A_ping_gets_a_pong()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer client = await ClientAsync(node);

        await client.SendAsync(RawPeer.FrameOf(FrameKind.Ping, ""u8));

        Assert.Equal(FrameKind.Pong, await client.ReadKindAsync());
    }

    private static async Task<RawPeer> ClientAsync(TestNode node)
    {
        RawPeer client = await RawPeer.DialAsync(node.Address);
        await client.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
        Assert.Equal(FrameKind.Welcome, await client.ReadKindAsync());
        return client;
    }

    private static async Task RefuseAsync(byte[] bytes, string guess)
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer stranger = await RawPeer.DialAsync(node.Address);
        await stranger.SendAsync(bytes);
        stranger.FinishSending();

        Assert.Equal(
            (RefusalCode.NotSynod, $"not a Synod peer: B sent {guess}{Told}"),
            await stranger.RefusalAsync(node));

        using RawPeer next = await ClientAsync(node);
    }
}
