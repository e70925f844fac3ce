namespace Synod.Transport;

/// <summary>Why a node refuses a connection. A newer node may know more reasons.</summary>
public enum RefusalCode : byte
{
    /// <summary>No refusal: the connection failed, or ended, otherwise.</summary>
    None = 0,

    /// <summary>What was sent is not Synod's protocol.</summary>
    NotSynod = 1,

    /// <summary>The dialler speaks a newer format of the transport.</summary>
    NewerFormat = 2,

    /// <summary>The dialler is of another cluster.</summary>
    WrongCluster = 3,

    /// <summary>Another node than the one called listens at the address.</summary>
    WrongNode = 4,

    /// <summary>The member that calls is not one of the node's peers.</summary>
    UnknownNode = 5,

    /// <summary>Another process with the same node id is alive.</summary>
    SameIdentity = 6,

    /// <summary>The boot is lower than one seen before: a rolled-back disk or a stale
    /// duplicate.</summary>
    LowerBoot = 7,

    /// <summary>The dialler speaks without TLS to a node that requires it.</summary>
    TlsRequired = 8,

    /// <summary>The dialler speaks TLS to a node that has none.</summary>
    NoTls = 9,

    /// <summary>There is no certificate, or it is not signed by an authority of the cluster, or its
    /// time is over.</summary>
    WrongCertificate = 10,

    /// <summary>The certificate does not allow what its owner comes for.</summary>
    WrongRole = 11,

    /// <summary>So many are connected that there is no room.</summary>
    TooManyConnections = 12,
}
