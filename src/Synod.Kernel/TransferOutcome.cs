namespace Synod.Kernel;

/// <summary>How the transfer of leadership that was asked for has ended.</summary>
public enum TransferOutcome
{
    /// <summary>The target leads.</summary>
    Done,

    /// <summary>It was cancelled: the leader serves again and asks nobody any more. A target that
    /// had begun to campaign by then may still win. Also the end of what cancels.</summary>
    Cancelled,

    /// <summary>A later call took its place.</summary>
    Overridden,

    /// <summary>The target is not connected or is damaged, and was not asked; or it did not take
    /// over in time: the leader serves again and asks nobody any more, but a target that had begun
    /// to campaign by then may still win.</summary>
    Unresponsive,

    /// <summary>Leadership was lost on the way, and a member other than the target
    /// leads.</summary>
    OtherLeads,

    /// <summary>This replica does not lead; the status names who does, if anyone is
    /// known.</summary>
    NotLeader,
}
