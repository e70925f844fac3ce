using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Synod.Processes.Tests;

/// <summary>A node that speaks TLS, with files as an operator has them.</summary>
public sealed class TlsNodeTests : IDisposable
{
    private readonly Alone _alone = new();
    private readonly X509Certificate2 _authority;

    public TlsNodeTests()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(PathOf("authority.pem"), _authority.ExportCertificatePem());
        Issue("node", "synod:member/1");
        Issue("client", "synod:client");
    }

    [Fact]
    public async Task A_node_with_TLS_serves_those_whose_certificate_allows_it()
    {
        string[] start = [.. _alone.Arguments, .. Tls("node")];
        using SynodProcess node = SynodProcess.Start(start);
        await node.LineAsync("serves in");

        SynodResult client = await AddAsync(Tls("client"));
        SynodResult observer = await AddAsync(Tls("node"));
        SynodResult plain = await AddAsync("--timeout", "1");

        Assert.Equal("1", client.Output);
        Assert.Equal(1, observer.Code);
        Assert.Contains("a Command needs the role Client", observer.Errors);
        Assert.Equal(1, plain.Code);
        Assert.Contains("TLS required: ", plain.Errors);
    }

    [Fact]
    public async Task A_node_with_the_certificate_of_a_client_does_not_start()
    {
        SynodResult node =
            await SynodProcess.RunAsync([.. _alone.Arguments, .. Tls("client")]);

        Assert.Equal(1, node.Code);
        Assert.Contains(
            "TLS: n1 cannot use the certificate CN=client, which allows Client: give it one that "
            + "names synod:member/1.",
            node.Errors);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _alone.Dispose();
    }

    private Task<SynodResult> AddAsync(params string[] more) => SynodProcess.RunAsync(
        ["counter", "add", "--cluster", _alone.Cluster, "--at", _alone.At, .. more]);

    private string[] Tls(string name) =>
    [
        "--tls-certificate", PathOf($"{name}.pem"),
        "--tls-key", PathOf($"{name}.key"),
        "--tls-authority", PathOf("authority.pem"),
    ];

    private string PathOf(string file) => Path.Combine(_alone.Folder, file);

    private void Issue(string name, string role)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri(role));
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(
            _authority,
            DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddDays(1),
            [(byte)name.Length]);
        File.WriteAllText(PathOf($"{name}.pem"), signed.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
