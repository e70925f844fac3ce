namespace Synod.Simulation;

/// <summary>The parts of a wide-area run that have randomness of their own.</summary>
internal enum LabStream
{
    Line = 1,
    Node,
    Client,
    Caller,
}
