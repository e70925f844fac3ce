namespace Synod.Runtime;

/// <summary>What a frame between nodes, or between a client and a node, is.</summary>
public enum NodeFrameKind : byte
{
    /// <summary>A message of a kernel to its like.</summary>
    Kernel = 1,

    /// <summary>The creator asks a member to persist the first epoch of a group.</summary>
    Create = 2,

    /// <summary>A member has persisted it.</summary>
    Created = 3,

    /// <summary>All members have persisted it: serve.</summary>
    Serve = 4,

    /// <summary>A member holds another creation of the same group.</summary>
    CreatedOther = 5,

    /// <summary>A node is alive; of no group.</summary>
    Ping = 6,

    /// <summary>A client asks.</summary>
    Request = 16,

    /// <summary>A node answers a client.</summary>
    Response = 17,
}
