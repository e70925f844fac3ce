using System.Security.Cryptography.X509Certificates;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>Mutual TLS: nodes and clients show certificates that an authority of the cluster has
/// signed, and what they may do stands in them as <c>synod:member</c>, <c>synod:client</c> or
/// <c>synod:admin</c>. Files are looked at again at every handshake.</summary>
public sealed record SynodTlsOptions
{
    /// <summary>A PEM file with the own certificate, and behind it those between it and the
    /// authority, if there are any.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>A PEM file with its private key, not encrypted; null if the key is in
    /// <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A PEM file with all authorities that are trusted; those of the system are
    /// not.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>Instead of <see cref="CertificateFile"/>: the certificate with its private
    /// key.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Instead of <see cref="AuthorityFile"/>: the authorities.</summary>
    public IReadOnlyList<X509Certificate2> Authorities { get; set; } = [];

    /// <summary>Loads the certificates and looks whether others would accept them.</summary>
    /// <exception cref="ArgumentException">They cannot be used; says which and why.</exception>
    public void Validate()
    {
        try
        {
            ToTransport().Validate();
        }
        catch (TransportException fault)
        {
            throw new ArgumentException(fault.Message, fault);
        }
    }

    internal TlsOptions ToTransport() => new()
    {
        CertificateFile = CertificateFile,
        KeyFile = KeyFile,
        AuthorityFile = AuthorityFile,
        Certificate = Certificate,
        Authorities = Authorities,
    };
}
