namespace Synod.Simulation;

/// <summary>How a request to a group of bare kernels ended.</summary>
internal enum RequestEnd
{
    /// <summary>Not yet.</summary>
    Open,

    /// <summary>The kernel said that it is ordered; it runs when its gate is open.</summary>
    Ordered,

    /// <summary>The command ran where it was proposed.</summary>
    Applied,

    /// <summary>The read ran.</summary>
    Answered,

    /// <summary>It certainly never happens.</summary>
    Rejected,

    /// <summary>It may still happen.</summary>
    Abandoned,

    /// <summary>The life that was asked has ended.</summary>
    Lost,

    /// <summary>Of a transfer: the target leads.</summary>
    Done,

    /// <summary>Of a transfer: it was cancelled.</summary>
    Cancelled,

    /// <summary>Of a transfer: a later one took its place.</summary>
    Overridden,

    /// <summary>Of a transfer: the target did not take over.</summary>
    Unresponsive,

    /// <summary>Of a transfer: another than the target leads.</summary>
    OtherLeads,

    /// <summary>Of a transfer: who was asked does not lead.</summary>
    NotLeader,
}
