namespace Synod.Hosting;

/// <summary>A part of a running node that can crash alone.</summary>
public enum NodePart
{
    /// <summary>The replica of a group: what it proposes, accepts and leads. It begins anew from
    /// its records; what it had not made durable is lost.</summary>
    Replica,

    /// <summary>The state machine of a group with all its state, which is made anew from the log
    /// while the replica votes and replicates on.</summary>
    Machine,
}
