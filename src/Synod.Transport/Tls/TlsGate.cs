using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>Carries out TLS on a connection, at either end. Every certificate passes TLS itself and
/// is judged behind it, so that the other end can be told in words what is wrong with it: nothing
/// but a refusal is said to one that is not believed.</summary>
/// <param name="credentials">What this end shows and whom it believes.</param>
internal sealed class TlsGate(TlsCredentials credentials)
{
    /// <summary>The first byte of every TLS handshake, which no frame of a handshake begins
    /// with in the clear: such a frame would be short of its head.</summary>
    public const byte FirstByte = 0x16;

    /// <summary>The listener's part. What is wrong with the certificate of the dialler, or
    /// null.</summary>
    public async Task<Refusal?> AcceptAsync(Connection connection, string here)
    {
        TlsMaterial own = credentials.Current;
        Verdict verdict = new(own.Trust, TlsTrust.ForClients);
        await connection.SecureAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = own.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = verdict.Take,
        }).ConfigureAwait(false);
        return Judge(connection, verdict, (connection.Remote, here));
    }

    /// <summary>The dialler's part. What is wrong with the certificate of the listener, or
    /// null.</summary>
    public async Task<Refusal?> DialAsync(Connection connection, string self)
    {
        TlsMaterial own = credentials.Current;
        Verdict verdict = new(own.Trust, TlsTrust.ForServers);
        await connection.SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ClientCertificateContext = own.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = verdict.Take,
        }).ConfigureAwait(false);
        if (Judge(connection, verdict, (connection.Remote, self)) is { } refusal)
            return refusal;

        CertificateIdentity identity = connection.Certificate ?? verdict.Identity;
        return identity.Roles.HasFlag(CertificateRoles.Member) ? null : new(
            RefusalCode.WrongRole,
            $"wrong role: {connection.Remote} shows {self} the certificate {identity.Subject}, "
            + $"which allows {identity.Roles}, not Member; only a node may be called, so give it "
            + "a certificate that names synod:member");
    }

    /// <summary>What is wrong with a node that says it is another than its certificate names, or
    /// null.</summary>
    public static Refusal? Judge(CertificateIdentity? identity, NodeId claimed, string remote) =>
        identity?.Node is not { } named || named == claimed ? null : new(
            RefusalCode.WrongRole,
            $"wrong certificate: {remote} says it is {claimed} and shows the certificate "
            + $"{identity.Subject} of {named}; give each node its own");

    private static Refusal? Judge(
        Connection connection, Verdict verdict, (string Remote, string Here) ends)
    {
        if (verdict.Fault is { } fault)
        {
            return new(
                RefusalCode.WrongCertificate,
                $"wrong certificate: what {ends.Remote} shows {ends.Here} {fault}");
        }

        if (verdict.Identity.Roles == CertificateRoles.None)
        {
            return new(
                RefusalCode.WrongRole,
                $"wrong role: {ends.Remote} shows {ends.Here} the certificate "
                + $"{verdict.Identity.Subject}, which names no role; give it synod:member, "
                + "synod:admin or synod:client as an alternative name of type URI");
        }

        connection.Certificate = verdict.Identity;
        return null;
    }

    // Called back by TLS, once. It lets everyone pass: what is wrong is told behind it.
    private sealed class Verdict(TlsTrust trust, string purpose)
    {
        private bool _isTaken;

        public string? Fault { get; private set; } =
            "is no certificate at all; configure Tls there, with a certificate of this cluster";

        public CertificateIdentity Identity { get; private set; } =
            new("", CertificateRoles.None, null);

        public bool Take(
            object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            _isTaken = true;
            if (certificate is not X509Certificate2 shown)
                return _isTaken;

            Identity = CertificateIdentity.Of(shown);
            string? fault = trust.Fault(shown, chain?.ChainPolicy.ExtraStore ?? [], purpose);
            Fault = fault is null ? null : $"is {shown.Subject}, which {fault}";
            return _isTaken;
        }
    }
}
