namespace Synod.Simulation;

/// <summary>A run that was made smaller.</summary>
/// <param name="Options">Its options.</param>
/// <param name="Report">What came out of it; its plan is the smaller one.</param>
public sealed record Shrunken(SimulationOptions Options, SimulationReport Report);
