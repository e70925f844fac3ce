using System.Net;
using System.Security.Cryptography.X509Certificates;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly Dictionary<NodeId, EndPoint> _book = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synod-tls");

    [Fact]
    public async Task Members_speak_TLS_in_both_directions()
    {
        await using TestNode one = TestNode.Start(Secure(1), _book);
        await using TestNode two = TestNode.Start(Secure(2), _book);
        await Task.WhenAll(one.UpAsync(2), two.UpAsync(1));
        byte[] big = new byte[1 << 20];
        new SeededRandomBytes(1).Fill(big);

        one.Transport.Send(new(2), big);
        one.Transport.Flush();
        two.Send(1, "back");
        two.Transport.Flush();

        await Task.WhenAll(one.Sink.Peers.CountAsync(1), two.Sink.Peers.CountAsync(1));
        Assert.True(big.AsSpan().SequenceEqual(two.Sink.Peers.All[0].Bytes));
        Assert.Equal(["back"], one.Sink.PeerTexts());
    }

    [Theory]
    [InlineData(ClientRole.Observer, "synod:member/2")]
    [InlineData(ClientRole.Client, "synod:client")]
    [InlineData(ClientRole.Admin, "synod:admin")]
    [InlineData(ClientRole.Admin, "synod:client", "synod:admin")]
    [InlineData(ClientRole.Client, "synod:client", "https://example.org", "synod:emperor")]
    public async Task The_role_of_a_client_comes_from_its_certificate(
        ClientRole role, params string[] names)
    {
        await using TestNode node = TestNode.Start(Secure(1));
        TestClientSink sink = new();
        using ClientConnection client = Dial(node, _authority.Options("somebody", names), sink);
        await sink.ConnectedAsync;

        client.Send("hello"u8);
        client.Flush();

        (ConnectionId from, _) = await node.Sink.Clients.FirstAsync(static _ => true);
        Assert.Equal(role, from.Role);
    }

    [Fact]
    public async Task Without_TLS_a_client_may_do_everything()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        TestClientSink sink = new();
        using ClientConnection client = new(new() { Address = node.Address }, sink);
        client.Start();
        await sink.ConnectedAsync;

        client.Send("hello"u8);
        client.Flush();

        (ConnectionId from, _) = await node.Sink.Clients.FirstAsync(static _ => true);
        Assert.Equal(ClientRole.Admin, from.Role);
    }

    [Fact]
    public async Task TLS_allows_an_address_that_others_reach()
    {
        await using TestNode node = TestNode.Start(
            Secure(1) with { Listen = new IPEndPoint(IPAddress.Any, 0) });

        Assert.NotEqual(0, node.Transport.Bound.Port);
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_without_a_restart()
    {
        TlsOptions files =
            _authority.WriteTo(_folder.FullName, _authority.Issue("old", ["synod:member"], 1));
        await using TestNode node = TestNode.Start(Secure(1) with { Tls = files });
        Assert.Equal("CN=old", await ShownAsync(node));

        _authority.WriteTo(_folder.FullName, _authority.Issue("new", ["synod:member"], 1));
        Touch(files);

        Assert.Equal("CN=new", await ShownAsync(node));
    }

    [Fact]
    public async Task Certificates_that_cannot_be_read_any_more_leave_the_old_ones_in_use()
    {
        TlsOptions files =
            _authority.WriteTo(_folder.FullName, _authority.Issue("old", ["synod:member"], 1));
        await using TestNode node = TestNode.Start(Secure(1) with { Tls = files });

        File.WriteAllText(files.CertificateFile ?? "", "half a fi");
        Touch(files);

        Assert.Equal("CN=old", await ShownAsync(node));
        Assert.EndsWith(
            "What was loaded before stays in use.",
            await node.NoticeAsync(NoticeKind.CertificateTrouble));
    }

    [Fact]
    public void Own_certificates_that_others_would_refuse_are_refused_at_the_start()
    {
        using TestAuthority other = new("another authority");
        X509Certificate2 expired = _authority.Issue("n1", ["synod:member/1"], days: -1);
        TlsOptions good = _authority.Member(1);

        Assert.Matches(
            "^TLS: the own certificate cannot be used: CN=n1 expired at .* UTC; renew it.$",
            Refusal(good with { Certificate = expired }));
        Assert.Equal(
            "TLS: the own certificate cannot be used: CN=n1 is not signed by an authority that is "
            + "trusted here (CN=another authority) but by CN=cluster authority; use one of this "
            + "cluster.",
            Refusal(good with { Authorities = other.Member(1).Authorities }));
        Assert.StartsWith(
            "TLS: the certificate CN=n1 names no role: ", Refusal(_authority.Options("n1")));
        Assert.Equal(
            "TLS: n1 cannot use the certificate CN=n2, which allows Member as n2: give it one that "
            + "names synod:member/1.",
            Refusal(_authority.Member(2)));
        Assert.StartsWith(
            "TLS: n1 cannot use the certificate CN=me, which allows Admin: ",
            Refusal(_authority.Options("me", "synod:admin")));
        Assert.Equal(
            "TLS: no file is named for the certificate and its key.", Refusal(new TlsOptions()));
        Assert.StartsWith(
            "TLS: the certificate and its key cannot be read from /nowhere/node.pem: ",
            Refusal(new TlsOptions { CertificateFile = "/nowhere/node.pem" }));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static ClientConnection Dial(TestNode node, TlsOptions tls, TestClientSink sink)
    {
        ClientConnection client = new(
            new() { Address = node.Address, Cluster = TestNode.Cluster, Tls = tls }, sink);
        client.Start();
        return client;
    }

    // Another time for certain, however coarse the clock of the file system is.
    private static void Touch(TlsOptions files) =>
        File.SetLastWriteTimeUtc(
            files.CertificateFile ?? "", DateTime.UtcNow + TimeSpan.FromMinutes(1));

    private static async Task<string> ShownAsync(TestNode node)
    {
        using RawTls raw = await RawTls.DialAsync(node.Address, certificate: null);
        return raw.Shown;
    }

    private static string Refusal(TlsOptions tls)
    {
        TcpTransport transport = new(TestNode.Options(1) with { Tls = tls });
        return Assert.Throws<TransportException>(() => transport.Start(new TestSink())).Message;
    }

    private TcpTransportOptions Secure(uint number) =>
        TestNode.Options(number) with { Tls = _authority.Member(number) };
}
