namespace Synod.Simulation;

/// <summary>The parts of a run that have randomness of their own.</summary>
internal enum Stream
{
    Faults = 1,
    Network,
    Node,
    Disk,
    Clock,
    Client,
    Boot,
    Workload,
    Lease,
    Near,
    Knobs,
    Watch,
    FaultsOfKind,
    Telling,
    Keys,
    Conflicts,
}
