using System.Security.Cryptography.X509Certificates;

namespace Synod.Transport;

/// <summary>Mutual TLS: both ends show a certificate that is signed by an authority of the cluster,
/// and what it may do stands in it. TLS 1.2 or 1.3. Files are looked at again at every handshake,
/// so that a renewed certificate is used without a restart.</summary>
public sealed record TlsOptions
{
    /// <summary>A PEM file with the certificate of this end, and behind it those between it and the
    /// authority, if there are any.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the private key, not encrypted; null if it is in
    /// <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A PEM file with the certificates of all authorities that are trusted; those of the
    /// system are not.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Instead of <see cref="CertificateFile"/>: the certificate with its private
    /// key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Instead of <see cref="AuthorityFile"/>: the authorities.</summary>
    public IReadOnlyList<X509Certificate2> Authorities { get; init; } = [];

    /// <summary>Loads the certificates and looks whether others would accept them.</summary>
    /// <exception cref="TransportException">They cannot be used; says which and why.</exception>
    public void Validate() => _ = TlsMaterial.Load(this, TimeProvider.System);
}
