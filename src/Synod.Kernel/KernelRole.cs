namespace Synod.Kernel;

/// <summary>What a replica does in its group, in words that all protocols share.</summary>
public enum KernelRole
{
    /// <summary>Follows a leader, or waits for one.</summary>
    Following,

    /// <summary>Asks to become leader.</summary>
    Campaigning,

    /// <summary>Leads.</summary>
    Leading,

    /// <summary>Takes commands like every other member: the protocol has no leader.</summary>
    Serving,
}
