namespace Synod.Simulation;

/// <summary>A line of a scenario that cannot be understood, or that cannot be done where the
/// scenario stands.</summary>
internal sealed class ScenarioFault(string message) : Exception(message);
