namespace Synod.TestKit;

/// <summary>What is known of an operation.</summary>
public enum OperationType
{
    /// <summary>It happened and was answered.</summary>
    Ok,

    /// <summary>It certainly did not happen and never will.</summary>
    Fail,

    /// <summary>Unknown: it may have happened, and it may still happen at any later time, or
    /// never.</summary>
    Info,
}
