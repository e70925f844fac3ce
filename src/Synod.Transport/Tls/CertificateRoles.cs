namespace Synod.Transport;

/// <summary>What a certificate allows: its names of the form <c>synod:role</c>.</summary>
[Flags]
internal enum CertificateRoles
{
    /// <summary>It says nothing that Synod knows.</summary>
    None = 0,

    /// <summary><c>synod:client</c>: commands and queries.</summary>
    Client = 1,

    /// <summary><c>synod:admin</c>: administration too.</summary>
    Admin = 2,

    /// <summary><c>synod:member</c> or <c>synod:member/3</c>: speaks as a node, or as this node
    /// only.</summary>
    Member = 4,
}
