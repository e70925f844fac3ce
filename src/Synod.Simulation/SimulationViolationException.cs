namespace Synod.Simulation;

/// <summary>A promise was not kept; ends the run.</summary>
internal sealed class SimulationViolationException(string message) : Exception(message);
