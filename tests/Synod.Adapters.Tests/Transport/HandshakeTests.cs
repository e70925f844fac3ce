using System.Net;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Who is refused by node 1 (at A) when it calls (from B), and what it is told.</summary>
public class HandshakeTests
{
    [Fact]
    public async Task A_member_of_another_cluster_is_refused_and_both_clusters_are_named()
    {
        (RefusalCode Code, string Text) refusal =
            await CallAsync(RawPeer.Member(2) with { Cluster = new(0xBAD) });

        Assert.Equal(
            (
                RefusalCode.WrongCluster,
                "wrong cluster: B is of cluster 00000000000000000000000000000bad and n1 at A is "
                + "of cluster 000000000000000000000000000000c1; correct the cluster id or the "
                + "address"),
            refusal);
    }

    [Fact]
    public async Task A_call_for_another_node_is_refused_and_both_nodes_are_named()
    {
        (RefusalCode Code, string Text) refusal =
            await CallAsync(RawPeer.Member(2, called: 3));

        Assert.Equal(
            (
                RefusalCode.WrongNode,
                "wrong node: A is n1, not n3; correct the address of n3 at the caller"),
            refusal);
    }

    [Fact]
    public async Task A_node_that_is_no_peer_is_refused()
    {
        (RefusalCode Code, string Text) refusal = await CallAsync(RawPeer.Member(7));

        Assert.Equal(
            (
                RefusalCode.UnknownNode,
                "unknown node: n7 at B is not a peer of n1 at A, whose peers are n2, n3; add it "
                + "there, or correct its node id"),
            refusal);
    }

    [Fact]
    public async Task A_second_process_with_the_own_identity_is_refused_and_both_places_are_named()
    {
        (RefusalCode Code, string Text) refusal = await CallAsync(RawPeer.Member(1));

        Assert.Equal(
            (
                RefusalCode.SameIdentity,
                "two processes are n1: n1/0000000000000001 boot 1 at A, and B (listening at "
                + "127.0.0.1:1) says it is n1/0000000000000001 boot 1; stop one of them, or "
                + "give it a node id of its own"),
            refusal);
    }

    [Fact]
    public async Task Another_incarnation_of_a_living_peer_is_refused_and_both_places_are_named()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer first = await ComeInAsync(node, RawPeer.Member(2));
        using RawPeer second = await RawPeer.DialAsync(node.Address);

        await second.SendAsync(RawPeer.FrameOf(
            RawPeer.Member(2) with { From = new(TestNode.Identity(2, 1, 0xF00), 5) }));
        (RefusalCode code, string text) = await second.RefusalAsync(node);

        Assert.Equal(RefusalCode.SameIdentity, code);
        Assert.Equal(
            $"two processes are n2: n2/0000000000000002 boot 1 at {first.Place} (listening at "
            + "127.0.0.1:2) is alive, and B (listening at 127.0.0.1:2) says it is "
            + "n2/0000000000000f00 boot 1; stop one of them, or give it a node id of its own",
            text);
    }

    [Fact]
    public async Task Another_incarnation_is_accepted_once_the_first_is_gone()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using (await ComeInAsync(node, RawPeer.Member(2)))
        {
        }

        await node.NoticeAsync(NoticeKind.Closed);

        using RawPeer second = await ComeInAsync(
            node, RawPeer.Member(2) with { From = new(TestNode.Identity(2, 1, 0xF00), 5) });
    }

    [Fact]
    public async Task A_lower_boot_of_a_disk_is_refused_even_when_the_higher_one_is_gone()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        string place;
        using (RawPeer first = await ComeInAsync(
            node, RawPeer.Member(2) with { From = new(TestNode.Identity(2, boot: 5), 5) }))
        {
            place = first.Place;
        }

        await node.NoticeAsync(NoticeKind.Closed);
        using RawPeer second = await RawPeer.DialAsync(node.Address);
        await second.SendAsync(RawPeer.FrameOf(
            RawPeer.Member(2) with { From = new(TestNode.Identity(2, boot: 4), 6) }));
        (RefusalCode code, string text) = await second.RefusalAsync(node);

        Assert.Equal(RefusalCode.LowerBoot, code);
        Assert.Equal(
            "B (listening at 127.0.0.1:2) says it is n2/0000000000000002 boot 4, but boot 5 "
            + $"was seen already at {place} (listening at 127.0.0.1:2): its disk was rolled "
            + "back, or it is a stale duplicate; stop it, and start it with an empty data "
            + "directory if there is no other n2",
            text);
    }

    [Fact]
    public async Task Two_processes_on_copies_of_one_disk_are_told_apart()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer first = await ComeInAsync(node, RawPeer.Member(2));
        using RawPeer second = await RawPeer.DialAsync(node.Address);

        await second.SendAsync(RawPeer.FrameOf(
            RawPeer.Member(2) with { From = new(TestNode.Identity(2), 77) }));
        (RefusalCode code, string text) = await second.RefusalAsync(node);

        Assert.Equal(RefusalCode.SameIdentity, code);
        Assert.Equal(
            "two processes are n2/0000000000000002 boot 1: "
            + $"{first.Place} (listening at 127.0.0.1:2) and B (listening at 127.0.0.1:2) "
            + "run on copies of one data directory; stop one of them and empty its copy",
            text);
    }

    [Fact]
    public async Task A_second_connection_of_the_same_process_replaces_the_first()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer first = await ComeInAsync(node, RawPeer.Member(2));

        using RawPeer second = await ComeInAsync(node, RawPeer.Member(2));
        await first.ReadToEndAsync();

        await second.SendAsync(RawPeer.FrameOf(FrameKind.Data, "still here"u8));
        await node.Sink.Peers.CountAsync(1);
        Assert.EndsWith(
            "is closed: a newer connection of n2/0000000000000002 boot 1 replaces it",
            await node.NoticeAsync(NoticeKind.Closed));
    }

    [Fact]
    public void A_client_of_any_cluster_must_be_on_the_same_machine()
    {
        Doorkeeper doorkeeper = new(
            TestNode.Cluster, new(TestNode.Identity(1), 1), "192.0.2.1:7001", []);
        Hello anyCluster = RawPeer.Client() with { Cluster = default };

        Assert.Null(doorkeeper.Judge(anyCluster, IPEndPoint.Parse("127.0.0.1:5000")));
        Assert.Null(doorkeeper.Judge(RawPeer.Client(), IPEndPoint.Parse("192.0.2.9:5000")));
        Assert.Equal(
            RefusalCode.WrongCluster,
            doorkeeper.Judge(anyCluster, IPEndPoint.Parse("192.0.2.9:5000"))?.Code);
    }

    [Fact]
    public async Task The_same_refusal_over_and_over_is_told_once()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        for (int number = 0; number < 5; number++)
        {
            using RawPeer peer = await RawPeer.DialAsync(node.Address);
            await peer.SendAsync(RawPeer.FrameOf(RawPeer.Member(7)));
            await peer.RefusalAsync(node);
        }

        Assert.Single(node.Notices.All, static notice => notice.Kind == NoticeKind.Refused);
    }

    [Fact]
    public async Task A_newer_format_is_refused_and_both_formats_are_named()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer peer = await RawPeer.DialAsync(node.Address);
        byte[] hello = [.. RawPeer.FrameOf(RawPeer.Member(2)), 1, 2, 3];
        hello[0] += 3;
        hello[8] = 2;
        RawPeer.Mend(hello);

        await peer.SendAsync(hello);

        Assert.Equal(
            (
                RefusalCode.NewerFormat,
                "newer format: B speaks format 2 of the transport and n1 at A speaks 1; upgrade "
                + "n1 first"),
            await peer.RefusalAsync(node));
    }

    [Fact]
    public async Task A_handshake_that_takes_too_long_is_closed()
    {
        await using TestNode node = TestNode.Start(
            TestNode.Options(1) with { HandshakeTimeout = TimeSpan.FromMilliseconds(50) });
        using RawPeer peer = await RawPeer.DialAsync(node.Address);

        await peer.SendAsync(RawPeer.FrameOf(RawPeer.Member(2)).AsMemory(0, 11));

        Assert.Empty(await peer.ReadToEndAsync());
    }

    [Fact]
    public async Task A_member_that_leaves_before_it_is_welcomed_is_not_taken_for_living()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        for (int number = 0; number < 50; number++)
        {
            using RawPeer hasty = await RawPeer.DialAsync(node.Address);
            await hasty.SendAsync(RawPeer.FrameOf(RawPeer.Member(2)));
        }

        using RawPeer peer = await KnockUntilWelcomeAsync(
            node, RawPeer.Member(2) with { From = new(TestNode.Identity(2, 1, 0xF00), 5) });
    }

    private static async Task<(RefusalCode Code, string Text)> CallAsync(Hello hello)
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        using RawPeer peer = await RawPeer.DialAsync(node.Address);
        await peer.SendAsync(RawPeer.FrameOf(hello));
        (RefusalCode code, string text) = await peer.RefusalAsync(node);
        string notice = await node.NoticeAsync(NoticeKind.Refused);
        Assert.Equal(text, notice.Replace(peer.Place, "B").Replace(node.Place, "A"));
        return (code, text);
    }

    private static async Task<RawPeer> ComeInAsync(TestNode node, Hello hello)
    {
        RawPeer peer = await RawPeer.DialAsync(node.Address);
        await peer.SendAsync(RawPeer.FrameOf(hello));
        Assert.Equal(FrameKind.Welcome, await peer.ReadKindAsync());
        return peer;
    }

    private static async Task<RawPeer> KnockUntilWelcomeAsync(TestNode node, Hello hello)
    {
        for (int number = 0; number < 10_000; number++)
        {
            RawPeer peer = await RawPeer.DialAsync(node.Address);
            await peer.SendAsync(RawPeer.FrameOf(hello));
            if (await peer.ReadKindAsync() == FrameKind.Welcome)
                return peer;

            peer.Dispose();
        }

        throw new TimeoutException($"{hello.From.Identity} is never welcome");
    }
}
