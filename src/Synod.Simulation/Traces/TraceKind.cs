namespace Synod.Simulation;

/// <summary>What kinds of things happen in a run.</summary>
public enum TraceKind
{
    /// <summary>A node starts; the number is its boot.</summary>
    Started,

    /// <summary>A node stops.</summary>
    Stopped,

    /// <summary>A node begins to stand still.</summary>
    Paused,

    /// <summary>A node that stood still goes on.</summary>
    Resumed,

    /// <summary>The kernel of a node begins a life.</summary>
    Began,

    /// <summary>A frame leaves a node for a peer; the number is that of the frame.</summary>
    Sent,

    /// <summary>A frame arrives at a node from a peer; the number is that of the frame.</summary>
    Delivered,

    /// <summary>A frame of a node to a peer is lost; the number is that of the frame.</summary>
    Lost,

    /// <summary>A node learns that its connection to a peer is up.</summary>
    LinkUp,

    /// <summary>A node learns that its connection to a peer is down.</summary>
    LinkDown,

    /// <summary>A node appends a record to its log; the number is that of the record.</summary>
    Appended,

    /// <summary>A record is on the disk for certain; the number is that of the record.</summary>
    Durable,

    /// <summary>A node plays another role, or knows another leader or term; the number is the
    /// term.</summary>
    Role,

    /// <summary>A node applies a command; the number says how many it has applied in this life.
    /// </summary>
    Applied,

    /// <summary>A client calls; the number is that of the process.</summary>
    Called,

    /// <summary>A client's call ends; the number is that of the process.</summary>
    Returned,

    /// <summary>A fault of the plan hits; the number is its place in the plan.</summary>
    Fault,

    /// <summary>A fault that lasted is over.</summary>
    Healed,

    /// <summary>A promise was not kept.</summary>
    Violated,
}
