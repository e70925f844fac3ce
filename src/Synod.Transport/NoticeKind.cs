namespace Synod.Transport;

/// <summary>What a <see cref="TransportNotice"/> is about.</summary>
public enum NoticeKind
{
    /// <summary>The listener serves.</summary>
    Listening,

    /// <summary>Accepting failed for now, as when the process has too many files open; it is tried
    /// again.</summary>
    AcceptFailed,

    /// <summary>The connection to a peer is up.</summary>
    PeerConnected,

    /// <summary>The connection to a peer is lost; it is redialled.</summary>
    PeerLost,

    /// <summary>A peer cannot be reached; told once until the reason is another.</summary>
    PeerUnreachable,

    /// <summary>A peer refuses this node, or is not who it should be; told once until the reason
    /// is another.</summary>
    RefusedByPeer,

    /// <summary>This node refused someone.</summary>
    Refused,

    /// <summary>An accepted connection was closed for what came over it, or for how much waited to
    /// leave over it.</summary>
    Closed,

    /// <summary>The files of the certificates have changed and cannot be used; those that were
    /// loaded before stay in use.</summary>
    CertificateTrouble,

    /// <summary>The queue to a peer is full and frames are dropped; told once until it has
    /// drained.</summary>
    QueueFull,
}
