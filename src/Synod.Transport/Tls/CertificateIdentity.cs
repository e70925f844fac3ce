using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Transport;

/// <summary>What a certificate says of the one who shows it.</summary>
/// <param name="Subject">Its name, for people.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Node">The node that it may speak for; null if any.</param>
internal sealed record CertificateIdentity(string Subject, CertificateRoles Roles, NodeId? Node)
{
    private const string Prefix = "synod:";
    private const string AlternativeNames = "2.5.29.17";

    /// <summary>What it may do as a client.</summary>
    public ClientRole ClientRole => Roles switch
    {
        _ when Roles.HasFlag(CertificateRoles.Admin) => ClientRole.Admin,
        _ when Roles.HasFlag(CertificateRoles.Client) => ClientRole.Client,
        _ => ClientRole.Observer,
    };

    /// <summary>Reads the names of a certificate.</summary>
    public static CertificateIdentity Of(X509Certificate2 certificate)
    {
        CertificateRoles roles = CertificateRoles.None;
        NodeId? node = null;
        foreach (string name in Names(certificate))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;

            string role = name[Prefix.Length..];
            roles |= RoleOf(role, out NodeId? named);
            node ??= named;
        }

        return new(certificate.Subject, roles, node);
    }

    private static CertificateRoles RoleOf(string role, out NodeId? node)
    {
        const string oneMember = "member/";
        node = null;
        if (!role.StartsWith(oneMember, StringComparison.Ordinal))
        {
            return role switch
            {
                "client" => CertificateRoles.Client,
                "admin" => CertificateRoles.Admin,
                "member" => CertificateRoles.Member,
                _ => CertificateRoles.None,
            };
        }

        bool isNumber = uint.TryParse(
            role[oneMember.Length..],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out uint number);
        if (!isNumber || number == 0)
            return CertificateRoles.None;

        node = new NodeId(number);
        return CertificateRoles.Member;
    }

    // The names that are URIs; the class library reads only those that are hosts.
    private static List<string> Names(X509Certificate2 certificate)
    {
        List<string> found = [];
        Asn1Tag uri = new(TagClass.ContextSpecific, 6);
        try
        {
            foreach (X509Extension extension in certificate.Extensions)
            {
                if (extension.Oid?.Value != AlternativeNames)
                    continue;

                AsnReader names =
                    new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag().HasSameClassAndValue(uri))
                        found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, uri));
                    else
                        names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            // What cannot be read allows nothing.
            found.Clear();
        }

        return found;
    }
}
