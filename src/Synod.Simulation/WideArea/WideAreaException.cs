namespace Synod.Simulation;

/// <summary>A wide-area run could not begin.</summary>
public sealed class WideAreaException(string message) : Exception(message);
