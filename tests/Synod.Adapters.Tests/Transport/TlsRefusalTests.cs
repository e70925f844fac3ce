using System.Net;
using System.Security.Cryptography.X509Certificates;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Who is refused for its certificate, and what both ends are told. Node 1 listens at A,
/// who calls is at B.</summary>
public sealed class TlsRefusalTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new("another authority");
    private readonly Dictionary<NodeId, EndPoint> _book = [];

    [Fact]
    public Task A_certificate_of_another_authority_is_refused() => RefusedAsync(
        _stranger.Issue("n2", ["synod:member/2"], 1),
        RefusalCode.WrongCertificate,
        "wrong certificate: what B shows n1 at A is CN=n2, which is not signed by an authority "
        + "that is trusted here (CN=cluster authority) but by CN=another authority; use one of "
        + "this cluster");

    [Fact]
    public async Task A_certificate_whose_time_is_over_is_refused()
    {
        X509Certificate2 expired = _authority.Issue("n2", ["synod:member/2"], days: -1);
        string until = expired.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss");

        await RefusedAsync(
            expired,
            RefusalCode.WrongCertificate,
            $"wrong certificate: what B shows n1 at A is CN=n2, which expired at {until} UTC; "
            + "renew it");
    }

    [Fact]
    public Task No_certificate_is_refused() => RefusedAsync(
        null,
        RefusalCode.WrongCertificate,
        "wrong certificate: what B shows n1 at A is no certificate at all; configure Tls there, "
        + "with a certificate of this cluster");

    [Fact]
    public Task A_certificate_without_a_role_is_refused() => RefusedAsync(
        _authority.Issue("who", ["https://example.org"], 1),
        RefusalCode.WrongRole,
        "wrong role: B shows n1 at A the certificate CN=who, which names no role; give it "
        + "synod:member, synod:admin or synod:client as an alternative name of type URI");

    [Fact]
    public Task A_client_does_not_speak_as_a_node() => RefusedAsync(
        _authority.Issue("boss", ["synod:admin", "synod:client"], 1),
        RefusalCode.WrongRole,
        "wrong role: B speaks to n1 at A as n2 and shows the certificate CN=boss, which allows "
        + "Client, Admin, not Member; give each node one that names synod:member");

    [Fact]
    public Task A_node_does_not_speak_as_another_node() => RefusedAsync(
        _authority.Issue("n3", ["synod:member/3"], 1),
        RefusalCode.WrongRole,
        "wrong certificate: B says it is n2 and shows the certificate CN=n3 of n3; give each node "
        + "its own");

    [Fact]
    public async Task Who_speaks_without_TLS_is_told_that_it_is_required()
    {
        await using TestNode node = TestNode.Start(Secure(1));
        using RawPeer peer = await RawPeer.DialAsync(node.Address);

        await peer.SendAsync(RawPeer.FrameOf(RawPeer.Member(2)));

        Assert.Equal(
            (
                RefusalCode.TlsRequired,
                "TLS required: B speaks to n1 at A without TLS; configure Tls at the caller, with "
                + "a certificate of this cluster"),
            await peer.RefusalAsync(node));
        Assert.StartsWith("TLS required: ", await node.NoticeAsync(NoticeKind.Refused));
    }

    [Fact]
    public async Task Who_speaks_TLS_to_a_node_without_it_is_told_so_in_plain_words()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        TestClientSink sink = new();
        using ClientConnection client = new(
            new() { Address = node.Address, Tls = _authority.Options("me", "synod:client") }, sink);
        client.Start();

        Closure closure = await sink.ClosedAsync;

        Assert.Equal(RefusalCode.NoTls, closure.Refusal);
        Assert.Matches(
            $"^no TLS: .* speaks TLS and n1 at {node.Place} has none; configure Tls there, or none "
            + "at the caller$",
            closure.Text);
        Assert.Equal(closure.Text, await node.NoticeAsync(NoticeKind.Refused));
    }

    [Fact]
    public async Task A_node_that_is_not_believed_is_told_why_by_who_called_it()
    {
        TlsOptions both = _stranger.Member(1);
        both = both with { Authorities = [.. both.Authorities, .. Secure(1).Tls!.Authorities] };
        await using TestNode node = TestNode.Start(TestNode.Options(1) with { Tls = both });
        TestClientSink sink = new();
        using ClientConnection client = new(
            new() { Address = node.Address, Tls = _authority.Options("me", "synod:client") }, sink);
        client.Start();

        Closure closure = await sink.ClosedAsync;

        Assert.Equal(RefusalCode.WrongCertificate, closure.Refusal);
        Assert.Equal(
            $"wrong certificate: what {node.Place} shows this client is CN=n1, which is not signed "
            + "by an authority that is trusted here (CN=cluster authority) but by CN=another "
            + "authority; use one of this cluster",
            closure.Text);
        await node.Notices.FirstAsync(notice =>
            notice.Kind == NoticeKind.Refused && notice.Text == closure.Text);
    }

    [Fact]
    public async Task Two_nodes_of_two_authorities_tell_both_operators()
    {
        await using TestNode one = TestNode.Start(Secure(1), _book);
        await using TestNode two = TestNode.Start(
            TestNode.Options(2) with { Tls = _stranger.Member(2) }, _book);

        Assert.StartsWith(
            $"wrong certificate: what {two.Place} shows n1 at {one.Place} is CN=n2, ",
            await one.NoticeAsync(NoticeKind.RefusedByPeer));
        Assert.StartsWith(
            $"wrong certificate: what {one.Place} shows n2 at {two.Place} is CN=n1, ",
            await two.NoticeAsync(NoticeKind.RefusedByPeer));
        Assert.Empty(one.Sink.News.All);
    }

    [Fact]
    public async Task A_TLS_handshake_that_stands_still_is_closed()
    {
        await using TestNode node = TestNode.Start(
            Secure(1) with { HandshakeTimeout = TimeSpan.FromMilliseconds(50) });
        using RawPeer silent = await RawPeer.DialAsync(node.Address);
        using RawPeer slow = await RawPeer.DialAsync(node.Address);

        await slow.SendAsync(new byte[] { 0x16, 3, 1 });

        Assert.Empty(await silent.ReadToEndAsync());
        Assert.Empty(await slow.ReadToEndAsync());
    }

    [Fact]
    public async Task Who_only_looks_whether_the_port_is_open_is_no_news()
    {
        await using TestNode node = TestNode.Start(Secure(1));
        using (RawPeer peer = await RawPeer.DialAsync(node.Address))
        {
            peer.FinishSending();
            Assert.Empty(await peer.ReadToEndAsync());
        }

        Assert.Equal(0, node.Transport.HandshakesRefused);
        Assert.DoesNotContain(
            node.Notices.All, static notice => notice.Kind == NoticeKind.Refused);
    }

    [Fact]
    public async Task Bytes_that_only_begin_like_TLS_are_told_to_the_operator()
    {
        await using TestNode node = TestNode.Start(Secure(1));
        using RawPeer peer = await RawPeer.DialAsync(node.Address);

        await peer.SendAsync(new byte[] { 0x16, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99 });
        await peer.ReadToEndAsync();

        Assert.StartsWith(
            $"{peer.Place} and n1 at {node.Place} find no way to speak TLS: ",
            await node.NoticeAsync(NoticeKind.Refused));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    private async Task RefusedAsync(X509Certificate2? certificate, RefusalCode code, string text)
    {
        await using TestNode node = TestNode.Start(Secure(1));
        using RawTls peer = await RawTls.DialAsync(node.Address, certificate);

        await peer.SendAsync(RawPeer.FrameOf(RawPeer.Member(2)));

        string expected = text
            .Replace(" B ", $" {peer.Place} ").Replace("at A", $"at {node.Place}");
        Assert.Equal((FrameKind.Refusal, code, expected), await peer.AnswerAsync());
        Assert.Equal(expected, await node.NoticeAsync(NoticeKind.Refused));
        Assert.Empty(node.Sink.News.All);
    }

    private TcpTransportOptions Secure(uint number) =>
        TestNode.Options(number) with { Tls = _authority.Member(number) };
}
