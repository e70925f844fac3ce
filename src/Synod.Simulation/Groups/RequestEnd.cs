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
}
