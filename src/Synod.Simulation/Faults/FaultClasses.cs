namespace Synod.Simulation;

/// <summary>What may go wrong in a run.</summary>
[Flags]
public enum FaultClasses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Processes are killed, machines lose their power, one or all, at any
    /// effect.</summary>
    Crash = 1,

    /// <summary>Replicas are restarted in place, or their machines alone.</summary>
    Restart = 2,

    /// <summary>Processes stand still or have little time, or their clients want
    /// nothing.</summary>
    Pause = 4,

    /// <summary>Clocks are too fast or too slow, and jump forward.</summary>
    Clock = 8,

    /// <summary>Frames are lost, late, doubled and overtaken; connections break; lines are
    /// slow.</summary>
    Network = 16,

    /// <summary>Nodes cannot reach each other, both ways or one.</summary>
    Partition = 32,

    /// <summary>Disks are slow, and fail.</summary>
    Disk = 64,

    /// <summary>Disks are full.</summary>
    Full = 128,

    /// <summary>What was durable is changed, or written to another place.</summary>
    Damage = 256,

    /// <summary>Disks are lost as a whole.</summary>
    Wipe = 512,

    /// <summary>Leadership is moved by hand, moved again and left where it is; nodes hand it over
    /// before they stop.</summary>
    Transfer = 1024,

    /// <summary>All of it.</summary>
    All = 2047,
}
