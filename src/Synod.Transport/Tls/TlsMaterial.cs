using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Synod.Transport;

/// <summary>What one end needs for a handshake, loaded.</summary>
/// <param name="Context">The own certificate as it is shown.</param>
/// <param name="Identity">What it says.</param>
/// <param name="Trust">Who is believed.</param>
internal sealed record TlsMaterial(
    SslStreamCertificateContext Context, CertificateIdentity Identity, TlsTrust Trust)
{
    /// <summary>Loads and checks it.</summary>
    /// <exception cref="TransportException">It cannot be used; says which and why.</exception>
    public static TlsMaterial Load(TlsOptions options, TimeProvider time)
    {
        X509Certificate2 own = options.Certificate
            ?? Read("the certificate and its key", options.CertificateFile, path =>
                X509Certificate2.CreateFromPemFile(path, options.KeyFile ?? path));
        X509Certificate2Collection between = options.Certificate is not null ? [] : Read(
            "the certificate", options.CertificateFile, path => All(path).Skip(1));
        X509Certificate2Collection authorities = [.. options.Authorities];
        if (authorities.Count == 0)
            authorities = Read("the authorities", options.AuthorityFile, All);

        TlsTrust trust = new(authorities, time);
        string name = options.CertificateFile ?? own.Subject;
        Require(own.HasPrivateKey, $"the certificate {name} has no private key beside it");
        Require(authorities.Count > 0, $"{options.AuthorityFile} holds no certificate");
        if (trust.Fault(own, between, TlsTrust.ForClients) is { } fault)
            throw Refuse($"the own certificate cannot be used: {name} {fault}");

        CertificateIdentity identity = CertificateIdentity.Of(own);
        Require(
            identity.Roles != CertificateRoles.None,
            $"the certificate {name} names no role: give it an alternative name of type URI, "
            + "synod:member, synod:admin or synod:client");
        SslStreamCertificateContext context =
            SslStreamCertificateContext.Create(own, between, offline: true);
        return new(context, identity, trust);
    }

    private static X509Certificate2Collection All(string path)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(path);
        return all;
    }

    private static T Read<T>(string what, string? path, Func<string, T> read)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw Refuse($"no file is named for {what}");

        try
        {
            return read(path);
        }
        catch (Exception cause)
            when (cause is IOException or UnauthorizedAccessException or CryptographicException
                or ArgumentException)
        {
            throw Refuse($"{what} cannot be read from {path}: {cause.Message}", cause);
        }
    }

    private static X509Certificate2Collection Read(
        string what, string? path, Func<string, IEnumerable<X509Certificate2>> read) =>
        Read<X509Certificate2Collection>(what, path, path => [.. read(path)]);

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw Refuse(otherwise);
    }

    private static TransportException Refuse(string what, Exception? cause = null) =>
        new($"TLS: {what}.", cause);
}
