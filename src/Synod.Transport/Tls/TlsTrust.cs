using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Synod.Transport;

/// <summary>Decides whether a certificate is believed: by the authorities of the cluster alone. The
/// name of the machine does not matter: addresses change, and the role is what counts.</summary>
internal sealed class TlsTrust(X509Certificate2Collection authorities, TimeProvider time)
{
    /// <summary>The purpose of who dials.</summary>
    public const string ForClients = "1.3.6.1.5.5.7.3.2";

    /// <summary>The purpose of who listens.</summary>
    public const string ForServers = "1.3.6.1.5.5.7.3.1";

    private string Authorities =>
        string.Join(", ", authorities.Select(static one => one.Subject).Distinct());

    /// <summary>What is wrong with a certificate and what to do, beginning with a verb; or null.
    /// </summary>
    public string? Fault(
        X509Certificate2 certificate, X509Certificate2Collection between, string purpose)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        if (certificate.NotAfter.ToUniversalTime() < now)
            return $"expired at {Text(certificate.NotAfter)}; renew it";
        if (certificate.NotBefore.ToUniversalTime() > now)
        {
            return $"is not valid before {Text(certificate.NotBefore)} and here it is {Text(now)}; "
                + "set the clocks, or wait";
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        if (chain.Build(certificate))
            return null;

        X509ChainStatusFlags all = chain.ChainStatus.Aggregate(
            X509ChainStatusFlags.NoError, static (sum, one) => sum | one.Status);
        const X509ChainStatusFlags stranger =
            X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
        return (all & stranger) != 0
            ? $"is not signed by an authority that is trusted here ({Authorities}) but by "
                + $"{certificate.Issuer}; use one of this cluster"
            : $"is not valid ({all}); make another";
    }

    private static string Text(DateTime when) =>
        when.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
