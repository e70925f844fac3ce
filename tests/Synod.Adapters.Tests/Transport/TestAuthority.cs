using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>An authority made for one test, and the certificates that it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _own;
    private byte _serial;

    public TestAuthority(string name = "cluster authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, false, 0, critical: true));
        _own = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-100), DateTimeOffset.UtcNow.AddDays(100));
    }

    /// <summary>Options of one end whose certificate has these names.</summary>
    public TlsOptions Options(string name, params string[] uris) => new()
    {
        Certificate = Issue(name, uris, days: 1),
        Authorities = [_own],
    };

    public TlsOptions Member(uint number) => Options($"n{number}", $"synod:member/{number}");

    /// <summary>A certificate that ends in so many days, or has ended.</summary>
    public X509Certificate2 Issue(string name, string[] uris, int days)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        foreach (string uri in uris)
            names.AddUri(new Uri(uri));
        if (uris.Length > 0)
            request.CertificateExtensions.Add(names.Build());

        using X509Certificate2 signed = request.Create(
            _own,
            DateTimeOffset.UtcNow.AddDays(-50),
            DateTimeOffset.UtcNow.AddDays(days),
            [++_serial]);
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Writes files as an operator has them.</summary>
    public TlsOptions WriteTo(string folder, X509Certificate2 certificate)
    {
        using ECDsa? key = certificate.GetECDsaPrivateKey();
        TlsOptions options = new()
        {
            CertificateFile = Path.Combine(folder, "node.pem"),
            KeyFile = Path.Combine(folder, "node.key"),
            AuthorityFile = Path.Combine(folder, "authority.pem"),
        };
        File.WriteAllText(options.KeyFile, key?.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(options.AuthorityFile, _own.ExportCertificatePem());
        File.WriteAllText(options.CertificateFile, certificate.ExportCertificatePem());
        return options;
    }

    public void Dispose() => _own.Dispose();
}
