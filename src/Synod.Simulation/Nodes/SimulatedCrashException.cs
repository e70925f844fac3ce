namespace Synod.Simulation;

/// <summary>Unwinds a node that has crashed.</summary>
internal sealed class SimulatedCrashException(bool isInPlace) : Exception
{
    /// <summary>Whether only the replica crashed, and its process goes on.</summary>
    public bool IsInPlace => isInPlace;
}
