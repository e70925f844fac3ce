using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>No number of connections keeps others out for long, or takes room without
/// bound.</summary>
public class CrowdTests
{
    [Fact]
    public async Task One_client_too_many_is_refused_until_another_leaves()
    {
        await using TestNode node =
            TestNode.Start(TestNode.Options(1) with { ClientsMax = 2 });
        using RawPeer first = await ClientAsync(node, FrameKind.Welcome);
        RawPeer second = await ClientAsync(node, FrameKind.Welcome);
        using RawPeer third = await RawPeer.DialAsync(node.Address);
        await third.SendAsync(RawPeer.FrameOf(RawPeer.Client()));

        Assert.Equal(
            (
                RefusalCode.TooManyConnections,
                "too many clients: 2 are connected to n1 at A, so B is refused; close some, share "
                + "connections, or raise ClientsMax"),
            await third.RefusalAsync(node));
        Assert.Equal(1, node.Transport.HandshakesRefused);

        second.Dispose();
        await node.Sink.News.FirstAsync(static news => news == "gone c2");
        using RawPeer fourth = await ClientAsync(node, FrameKind.Welcome);
    }

    [Fact]
    public async Task Members_come_in_however_many_clients_there_are()
    {
        await using TestNode node =
            TestNode.Start(TestNode.Options(1) with { ClientsMax = 1 });
        using RawPeer client = await ClientAsync(node, FrameKind.Welcome);
        using RawPeer member = await RawPeer.DialAsync(node.Address);

        await member.SendAsync(RawPeer.FrameOf(RawPeer.Member(2)));

        Assert.Equal(FrameKind.Welcome, await member.ReadKindAsync());
    }

    [Fact]
    public async Task Who_says_nothing_makes_room_for_who_does()
    {
        await using TestNode node =
            TestNode.Start(TestNode.Options(1) with { HandshakesMax = 3 });
        List<RawPeer> silent = [];
        for (int number = 0; number < 20; number++)
            silent.Add(await RawPeer.DialAsync(node.Address));

        using RawPeer client = await ClientAsync(node, FrameKind.Welcome);

        Assert.InRange(node.Transport.HandshakesCount, 0, 3);
        Assert.Equal(
            (
                RefusalCode.TooManyConnections,
                "too many handshakes: 3 others go on with n1 at A, and that of B has taken "
                + "longest; try again"),
            await silent[0].RefusalAsync(node));
        foreach (RawPeer peer in silent)
            peer.Dispose();
    }

    private static async Task<RawPeer> ClientAsync(TestNode node, FrameKind answer)
    {
        RawPeer client = await RawPeer.DialAsync(node.Address);
        await client.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
        Assert.Equal(answer, await client.ReadKindAsync());
        return client;
    }
}
